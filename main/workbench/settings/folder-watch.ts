import { english } from '../../../native-models/english.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { enqueueScan } from '../../library/scanning/scan-job.ts'
import { LibraryWatcher } from '../../library/scanning/watch.ts'
import type { Library } from '../../library/videos/library.ts'
import type { Notices } from '../notices/notices.ts'

/** Watching the opened folders, switched by a setting. What changed is scanned, and then indexed. */
export class FolderWatch {
  readonly #start: () => LibraryWatcher
  #watcher: LibraryWatcher | null = null

  constructor(library: Library, jobs: JobQueue, notices: Notices) {
    const index = {
      kind: 'index' as const,
      title: english`Index what changed`,
      payload: { videoIds: null, dense: true },
    }
    this.#start = () =>
      new LibraryWatcher(library, {
        onChange: within => {
          enqueueScan(jobs, { folderIds: null, within }, { title: english`Scan what changed`, next: index })
        },
        onProblem: sentence => notices.set('watch', 'warning', sentence),
      })
  }

  set(on: boolean): void {
    if (on) this.#watcher ??= this.#start()
    else void this.close()
  }

  async close(): Promise<void> {
    const watcher = this.#watcher
    this.#watcher = null
    await watcher?.close()
  }
}
