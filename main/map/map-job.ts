import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { mapSubject } from '../api/map.ts'
import type { JobHandler } from '../jobs/job-handler.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { MapFiles } from './map-files.ts'
import { indexRevision, passOf, readPoints } from './map-points.ts'
import type { PointSource } from './map-points.ts'
import { projectApart } from './project-apart.ts'

/** What a map job stores of itself. */
const mapPayload = z.object({ subject: mapSubject })

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
 * The handler of 'map' jobs. The map by principal components is kept as soon as it is there, the one by UMAP when it is
 * done; killed or cancelled in between, the next run begins anew and ends at the same map.
 */
export function mapJob(parts: MapJobParts): JobHandler {
  return async ({ payload, signal, progress, fail }) => {
    const { subject } = mapPayload.parse(payload)
    const key = parts.keys()[passOf[subject]]
    const revision = indexRevision(parts.ledger, key)
    const before = await parts.files.read(key)
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
    const neighbours = await projectApart(
      vectors,
      {
        progress: say,
        principal: found => {
          principal = Float32Array.from(found)
          writing = keep({ ...written, principal, neighbours: null, isFinished: false })
          // Its failure is met below, after the projection.
          writing.catch(() => undefined)
        },
      },
      signal,
    )
    await writing
    await keep({ ...written, principal, neighbours, isFinished: true })
    await parts.files.tidy([...parts.ledger.keys(), key])
    return 'succeeded'

    async function keep(map: Parameters<MapFiles['write']>[1]): Promise<void> {
      await parts.files.write(key, map)
      parts.onMap()
    }
  }
}
