import type { AttentionOverview } from '../../../../main/api/index.ts'
import { formatRange } from '../../../locale/format.ts'

type Segments = AttentionOverview['segments']

/** Seconds: a moment that this segment shows and none before it; null for the overview. */
export function momentOf(segments: Segments, number: number | null): number | null {
  if (number === null) return null
  const [own, before] = [segments[number], segments[number - 1]]
  return own ? Math.max(0, own.start, before?.end ?? 0) : null
}

/** The video's name, with the part of it that is looked at. */
export function nameOfPart(video: string, { segments, segment }: Pick<AttentionOverview, 'segments' | 'segment'>) {
  const own = segment === null ? undefined : segments[segment]
  return own ? `${video}, ${formatRange(own.start, own.end)}` : video
}

/** The part that is looked at, for files that leave the page: seconds. */
export function factsOfPart({
  segments,
  segment,
}: Pick<AttentionOverview, 'segments' | 'segment'>): Record<string, number> {
  const own = segment === null ? undefined : segments[segment]
  return own ? { from: own.start, to: own.end } : {}
}
