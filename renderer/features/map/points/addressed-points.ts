import { idRanges, idsOfRanges } from '../../library/inspector/id-ranges.ts'
import type { MapPoints } from './map-points.ts'

type OfMap = Pick<MapPoints, 'id' | 'count'>

/** Points as in an address, with the map that they are places of; null when that would be too long. */
export function addressOfPoints(points: ReadonlySet<number>, { id }: OfMap): string | null {
  const ranges = idRanges(points)
  return ranges && `${id}~${ranges}`
}

/** The points again; null where they are none of this map. */
export function pointsInAddress(text: string | null, { id, count }: OfMap): Set<number> | null {
  const [map, ranges] = text?.split('~') ?? []
  if (map !== id || ranges === undefined) return null
  const points = [...idsOfRanges(ranges)].filter(point => point < count)
  return points.length > 0 ? new Set(points) : null
}
