import { dirname } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import type { Job } from '../../api/jobs.ts'
import type { Folder } from '../../api/library/library.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { JobRequest } from '../../jobs/job-store.ts'
import type { Library } from '../videos/library.ts'
import { Scan } from './scan.ts'

/** What a scan job stores of itself. `folderIds` null: all folders. `within`: only these directories of them. */
export const scanPayload = z.object({
  folderIds: z.array(z.number().int()).nullable(),
  within: z
    .array(z.object({ directory: z.string(), recursive: z.boolean() }))
    .nullable()
    .default(null),
})
export type ScanPayload = z.input<typeof scanPayload>

/** The handler of 'scan' jobs. */
export function scanJob(library: Library): JobHandler {
  return async ({ payload, signal, progress, fail }) => {
    const { folderIds, within } = scanPayload.parse(payload)
    await new Scan(library, { signal, progress, fail }).run(folderIds, within)
    return 'succeeded'
  }
}

/** Opens a folder and has it scanned and, where asked for, indexed. @throws ExpectedError `folder-unreadable`. */
export async function openFolder(
  library: Library,
  jobs: JobQueue,
  { path, index, dense }: { path: string; index: boolean; dense: boolean },
): Promise<{ folder: Folder; jobId: number }> {
  const folder = await library.addFolder(path)
  const next: JobRequest | null = index
    ? { kind: 'index', title: english`Index ${folder.path}`, payload: { videoIds: null, dense } }
    : null
  return {
    folder,
    jobId: enqueueScan(jobs, { folderIds: [folder.id] }, { title: english`Scan ${folder.path}`, next }).id,
  }
}

/** Enqueues a scan of every opened folder. */
export function rescan(jobs: JobQueue): { jobId: number } {
  return { jobId: enqueueScan(jobs, { folderIds: null }, { title: english`Scan all folders` }).id }
}

/** Has the files of these videos read again, as if they were new; their tags and embeddings stay. */
export function rereadVideos(library: Library, jobs: JobQueue, ids: readonly number[]): { jobId: number } {
  const files = library.records.forgetReading(ids)
  library.changed()
  return scanAround(
    jobs,
    files,
    files.length === 1 ? english`Read ${files[0]?.path} again` : english`Read ${files.length} videos again`,
  )
}

/** Lets videos that were taken off the list be found again, all when null. */
export function putBackVideos(library: Library, jobs: JobQueue, paths: readonly string[] | null): { jobId: number } {
  const files = library.removed.forget(paths)
  return scanAround(jobs, files, english`Put videos back into the list`)
}

/** A file that was opened by itself is in no folder: then everything is looked through. */
function scanAround(
  jobs: JobQueue,
  files: readonly { readonly path: string; readonly folderId: number | null }[],
  title: string,
): { jobId: number } {
  if (files.some(({ folderId }) => folderId === null)) {
    return { jobId: enqueueScan(jobs, { folderIds: null }, { title }).id }
  }
  const within = [...new Set(files.map(({ path }) => dirname(path)))].map(directory => ({
    directory,
    recursive: false,
  }))
  return { jobId: enqueueScan(jobs, { folderIds: null, within }, { title }).id }
}

/** Enqueues a scan, or finds the same one waiting. `next`, usually an index job, is enqueued when it succeeds. */
export function enqueueScan(
  queue: JobQueue,
  payload: ScanPayload,
  { title, next = null }: { readonly title: string; readonly next?: JobRequest | null },
): Job {
  return queue.enqueueOnce({ kind: 'scan', title, payload: scanPayload.parse(payload) }, next)
}
