import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { sweepLeftOvers } from '../../storage/files/left-overs.ts'
import type { ShownVideo } from './frame-cache.ts'
import { isPartialCopy, makeProxy, proxyFormat } from './proxy.ts'

const proxyPayload = z.object({ videoId: z.number().int() })

/** Playable copies, kept by content below the cache folder. */
export class ProxyFiles {
  readonly #directory: string

  constructor(cacheDirectory: string) {
    this.#directory = join(cacheDirectory, 'proxies')
  }

  /** Deletes what a crash has left of a copy. */
  tidy(): Promise<void> {
    return sweepLeftOvers(this.#directory, isPartialCopy)
  }

  /** The copy of a content, or null when none was made. */
  find(contentId: string): string | null {
    return ['mp4', 'webm'].map(format => this.#file(contentId, format)).find(existsSync) ?? null
  }

  /** Enqueues the making of a copy. */
  enqueue(jobs: JobQueue, { id, path }: { readonly id: number; readonly path: string }): { jobId: number } {
    return {
      jobId: jobs.enqueueOnce({
        kind: 'proxy',
        title: english`Make a playable copy of ${path}`,
        payload: { videoId: id },
      }).id,
    }
  }

  /** The handler of 'proxy' jobs; a copy that is there already is kept. */
  job(resolve: (videoId: number) => ShownVideo | null): JobHandler {
    return async ({ payload, signal, progress }) => {
      const video = resolve(proxyPayload.parse(payload).videoId)
      // The folder may have been removed since the job was asked for: then there is nothing left to do.
      if (!video || this.find(video.contentId)) return 'skipped'
      const report = (fraction: number) =>
        progress({ done: Math.round(fraction * 100), total: 100, unit: '%', current: video.path })
      report(0)
      await makeProxy(video.path, video.info, {
        outFile: this.#file(video.contentId, await proxyFormat()),
        signal,
        onProgress: report,
      })
      return 'succeeded'
    }
  }

  #file(contentId: string, format: string): string {
    return join(this.#directory, `${contentId}.${format}`)
  }
}
