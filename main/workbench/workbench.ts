import { createRouterClient } from '@orpc/server'
import type { Logger } from 'pino'
import type { WorkbenchClient } from '../api/index.ts'
import type { Job } from '../api/jobs.ts'
import { generateDemo } from '../media/demo/demo.ts'
import type { DemoLibrary } from '../media/demo/demo.ts'
import { generateStories } from '../media/demo/generate-stories.ts'
import type { StoryLibrary, StoryRequest } from '../media/demo/generate-stories.ts'
import type { DemoOptions } from '../media/demo/writing/write-videos.ts'
import { serveMedia } from '../media/playback/media-requests.ts'
import type { MediaResponse } from '../media/playback/media-requests.ts'
import type { WorkerParts } from '../workers/embed-work.ts'
import { Lifecycle, openAll } from './lifecycle.ts'
import type { WorkbenchOptions } from './options.ts'
import { openParts } from './parts.ts'
import { createRouter } from './router.ts'

/** The product behind every host: one router, one way to media. */
export interface Workbench {
  readonly router: ReturnType<typeof createRouter>
  /** The router called in this process. */
  readonly client: WorkbenchClient
  readonly log: Logger
  /** Answers a path of `api/media.ts`, with HTTP's meaning. */
  media(path: string, range: string | null, signal?: AbortSignal): Promise<MediaResponse>
  /** For those who index together with others, outside of the jobs of this workspace. */
  readonly workers: WorkerParts
  /** Where videos of the library are, and what they hold. */
  contentsOf(ids: readonly number[]): { path: string; contentId: string }[]
  generateDemo(directory: string, options?: DemoOptions): Promise<DemoLibrary>
  generateStories(directory: string, request: StoryRequest, options?: DemoOptions): Promise<StoryLibrary>
  /**
   * Resolves when the job has ended. Aborting ends the waiting, not the job. `onOther` is told of the job of another
   * process that has to end before, or that is this very one.
   */
  waitForJob(
    id: number,
    hooks?: { onProgress?: (job: Job) => void; onOther?: (job: Job) => void; signal?: AbortSignal },
  ): Promise<Job>
  /** Gives running jobs back to the queue, so that they go on at the next start, and ends the engine. */
  close(): Promise<void>
}

/**
 * Opens the parts and puts the router over them. @throws ExpectedError when the workspace cannot be used; nothing is
 * open then.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const lifecycle = new Lifecycle(options.onPart)
  const parts = await openAll(lifecycle, () => openParts(options, lifecycle))
  const { log, library, frames, proxies, jobs, retrieval } = parts
  const router = createRouter(parts)
  const media = {
    frames,
    video: (id: number) => library.readyVideos([id])[0] ?? null,
    proxy: (video: { readonly contentId: string }) => proxies.find(video.contentId),
  }
  return {
    router,
    client: createRouterClient(router),
    log,
    media: (path, range) => serveMedia(media, path, range),
    workers: retrieval,
    contentsOf: ids => library.readyVideos(ids).map(({ path, contentId }) => ({ path, contentId })),
    generateDemo,
    generateStories,
    waitForJob: async (id, { onProgress, onOther, signal } = {}) => {
      const stop = jobs.onChange(change => {
        if (change.type === 'job' && change.job.id === id) onProgress?.(change.job)
      })
      try {
        return await jobs.wait(id, signal, onOther)
      } finally {
        stop()
      }
    },
    close: () => lifecycle.close(),
  }
}
