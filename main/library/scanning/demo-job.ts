import { z } from 'zod'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { generateDemo } from '../../media/demo/demo.ts'
import type { Library } from '../videos/library.ts'
import { enqueueScan } from './scan-job.ts'

const demoPayload = z.object({ directory: z.string() })

/**
 * The handler of 'demo' jobs: makes the demo videos, opens their folder, and has it scanned and indexed. Videos that
 * are there are kept.
 */
export function demoJob(library: Library, jobs: JobQueue): JobHandler {
  return async ({ payload, signal, progress }) => {
    const { directory } = demoPayload.parse(payload)
    await generateDemo(directory, {
      signal,
      onProgress: fraction => progress({ done: Math.round(fraction * 100), total: 100, unit: '%', current: null }),
    })
    const folder = await library.addFolder(directory)
    enqueueScan(
      jobs,
      { folderIds: [folder.id] },
      {
        title: 'Scan the demo library',
        next: {
          kind: 'index',
          title: 'Index the demo library',
          payload: { videoIds: null, dense: true },
        },
      },
    )
    return 'succeeded'
  }
}
