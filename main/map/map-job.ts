import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { mapSubject } from '../api/map.ts'
import type { JobHandler } from '../jobs/job-handler.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { MapFiles, StoredMap } from './map-files.ts'
import { indexRevision, passOf, pointName, readPoints } from './map-points.ts'
import type { MapPoint, PointSource } from './map-points.ts'
import { projectApart } from './project-apart.ts'
import type { MapBefore } from './projection/project.ts'

/** What a map job stores of itself. */
const mapPayload = z.object({ subject: mapSubject, anew: z.boolean().default(false) })

export interface MapJobParts extends PointSource {
  readonly files: MapFiles
  /** Keys of the embeddings that count as up to date. */
  keys(): Record<Pass, string>
  /** The path of a video that holds a content, to tell what is wrong with it. */
  pathOf(contentId: string): string
  /** Told when a map has been written. */
  onMap(): void
}

/**
 * The handler of 'map' jobs. Of a first map the principal components are kept as soon as they are there, UMAP when it
 * is done; one that is computed again replaces the one before when it is whole. Killed or cancelled in between, the
 * next run begins anew and ends at the same map.
 */
export function mapJob(parts: MapJobParts): JobHandler {
  return async ({ payload, signal, progress, fail }) => {
    const { subject, anew } = mapPayload.parse(payload)
    const key = parts.keys()[passOf[subject]]
    const revision = indexRevision(parts.ledger, key)
    const before = anew ? null : await parts.files.read(key)
    if (before?.revision === revision && before.isFinished) return 'skipped'
    const say = (share: number) => progress({ done: Math.floor(100 * share), total: 100, unit: '%', current: null })
    say(0)
    const { points, vectors, broken } = await readPoints(parts, { subject, key }, signal)
    for (const contentId of broken) {
      fail(
        parts.pathOf(contentId),
        english`Its embedding holds something that is no number: read the file again and index it.`,
      )
    }
    const written = { revision, points, computedAt: Date.now() }
    let principal = new Float32Array(0)
    let writing: Promise<void> = Promise.resolve()
    const found = await projectApart(
      { data: vectors, before: before && placesIn(before, points) },
      {
        progress: say,
        principal: components => {
          principal = Float32Array.from(components)
          if (before?.neighbours) return
          writing = keep({ ...written, principal, neighbours: null, scale: null, isFinished: false })
          // Its failure is met below, after the projection.
          writing.catch(() => undefined)
        },
      },
      signal,
    )
    await writing
    const { points: neighbours = null, scale = null } = found ?? {}
    await keep({ ...written, principal, neighbours, scale, isFinished: true })
    await parts.files.tidy([...parts.ledger.keys(), key])
    return 'succeeded'

    async function keep(map: Parameters<MapFiles['write']>[1]): Promise<void> {
      await parts.files.write(key, map)
      parts.onMap()
    }
  }
}

/** Where a map has these points. */
function placesIn(map: StoredMap, points: readonly MapPoint[]): MapBefore {
  const rowOf = new Map(map.points.map((point, row) => [pointName(point), row]))
  const rows = points.map(point => rowOf.get(pointName(point)) ?? -1)
  const places = (from: Float32Array) =>
    Float32Array.from({ length: 2 * rows.length }, (_, at) => from[2 * rows[at >> 1]! + (at & 1)] ?? NaN)
  const { principal, neighbours, scale } = map
  return {
    principal: places(principal),
    neighbours: neighbours && scale ? { points: places(neighbours), scale } : null,
  }
}
