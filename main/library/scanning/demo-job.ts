import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import type { Folder } from '../../api/library/library.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { generateStories } from '../../media/demo/generate-stories.ts'
import type { StoryRequest } from '../../media/demo/generate-stories.ts'
import { usualStories } from '../../media/demo/stories/options.ts'
import type { Library } from '../videos/library.ts'
import { enqueueScan } from './scan-job.ts'

const demoPayload = z.object({ directory: z.string() })

/** Stories that no shipped model was trained on. */
const demoStories: StoryRequest = { counts: [['test', 16]], options: usualStories }

/**
 * The handler of 'demo' jobs: draws the demo library, and has each of its videos scanned and indexed as soon as it is
 * there. Videos that are there already are kept.
 */
export function demoJob(library: Library, jobs: JobQueue): JobHandler {
  return async ({ payload, signal, progress }) => {
    const { directory } = demoPayload.parse(payload)
    let opened: Promise<Folder> | undefined
    let scans = Promise.resolve()
    const scan = () => {
      scans = scans.then(async () => {
        const folder = await (opened ??= library.addFolder(directory))
        enqueueScan(
          jobs,
          { folderIds: [folder.id] },
          {
            title: english`Scan the demo library`,
            next: { kind: 'index', title: english`Index the demo library`, payload: { videoIds: null, dense: true } },
          },
        )
      })
      // Awaited at the end, where a failure is told.
      scans.catch(() => undefined)
    }
    await generateStories(directory, demoStories, {
      signal,
      onProgress: fraction => progress({ done: Math.round(fraction * 100), total: 100, unit: '%', current: null }),
      onVideo: scan,
    })
    scan()
    await scans
    return 'succeeded'
  }
}
