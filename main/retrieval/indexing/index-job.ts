import { z } from 'zod'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import type { IndexableVideo, IndexingParts } from '../embedding/embedding-parts.ts'
import { indexVideos } from './indexing.ts'

/**
 * What an index job stores of itself. `videoIds` null: every video that is ready when the job runs. `model` null: the
 * one that is in use then.
 */
const indexPayload = z.object({
  videoIds: z.array(z.number().int()).nullable(),
  dense: z.boolean(),
  model: z.string().nullable().default(null),
})
export type IndexPayload = z.infer<typeof indexPayload>

export interface IndexJobParts extends Omit<IndexingParts, 'encoder'> {
  /** The model of a name, or the one in use for null. */
  encoder(id: string | null): Promise<VideoTextEncoder>
  /** The model of a name is used until the answer is called. */
  hold(id: string): () => void
  library: {
    /** Videos that can be decoded; of these only, when named. */
    readyVideos(ids: number[] | null): readonly IndexableVideo[]
    /** The file holds no decodable frame: shown with the video until the file changes. */
    markFailed(id: number, problem: string): void
  }
}

/**
 * Enqueues the indexing of the library or of some videos. @throws ExpectedError when the one video named is not ready.
 */
export function enqueueIndex(
  jobs: JobQueue,
  library: { ready(id: number): { readonly path: string } },
  payload: IndexPayload,
): { jobId: number } {
  const { videoIds } = payload
  const title =
    videoIds === null
      ? 'Index the library'
      : videoIds.length === 1
        ? `Index ${library.ready(videoIds[0] ?? 0).path}`
        : `Index ${videoIds.length} videos`
  return { jobId: jobs.enqueueOnce({ kind: 'index', title, payload }).id }
}

/** The handler of 'index' jobs: idempotent, so that a job which a crash has cut off goes on where it was. */
export function indexJob(parts: IndexJobParts): JobHandler {
  return async ({ payload, signal, progress, fail }) => {
    const { videoIds, dense, model } = indexPayload.parse(payload)
    const letGo = model === null ? null : parts.hold(model)
    try {
      await indexVideos(
        { ...parts, encoder: () => parts.encoder(model) },
        {
          videos: () => parts.library.readyVideos(videoIds),
          passes: dense ? ['overview', 'dense'] : ['overview'],
          signal,
          progress,
          fail: (video, reason, undecodable) => {
            fail(video.path, reason)
            if (undecodable) parts.library.markFailed(video.id, reason)
          },
        },
      )
      return 'succeeded'
    } finally {
      letGo?.()
    }
  }
}
