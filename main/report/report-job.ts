import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { largestReport } from '../api/common/rules.ts'
import { reportInput } from '../api/inspection/reports.ts'
import type { ReportInput } from '../api/inspection/reports.ts'
import type { JobHandler } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { Library } from '../library/videos/library.ts'
import { assertFree, clearUnfinished, stampOf, writeOutput } from '../storage/files/output-path.ts'
import { makeFilm } from './film.ts'
import { gatherReport } from './gather-report.ts'
import type { ReportParts } from './gather-report.ts'
import { reportPage } from './page/report-page.ts'

/** `seen`: what lay at the path when the report was asked for, which alone may be replaced. */
const reportPayload = reportInput.extend({ seen: z.string().nullable() })

/** Base64 takes four bytes for three. */
const inBase64 = 4 / 3
/** Least that a film is worth being made of. */
const leastFilm = 200_000
/** Parts of the work, in percent. */
const gathered = 45
const filmed = 98

/** Enqueues a report. @throws ExpectedError when the video cannot be watched now or the path is taken. */
export async function enqueueReport(
  library: Pick<Library, 'ready'>,
  jobs: JobQueue,
  input: ReportInput,
): Promise<{ jobId: number }> {
  library.ready(input.videoId)
  if (!/\.html?$/i.test(input.path)) {
    throw new ExpectedError('export-path', `A report is a web page: let ${input.path} end with .html.`)
  }
  await assertFree({ ...input, mark: null })
  const payload: z.input<typeof reportPayload> = { ...input, seen: await stampOf(input.path) }
  return { jobId: jobs.enqueue({ kind: 'report', title: english`Report to ${input.path}`, payload }).id }
}

/** Removes what a report has left beside its path that ended with its program. */
export async function clearAbandonedReport(payload: unknown): Promise<void> {
  await clearUnfinished(reportPayload.parse(payload).path)
}

/** The handler of 'report' jobs; one whose program ended is not done again. */
export function reportJob(parts: ReportParts): JobHandler {
  return async ({ payload, signal, job, progress }) => {
    const { seen, ...input } = reportPayload.parse(payload)
    const tell = (percent: number) => progress({ done: Math.round(percent), total: 100, unit: '%', current: null })
    const video = parts.library.ready(input.videoId)
    const content = await gatherReport(parts, input, { signal, onProgress: part => tell(gathered * part) })
    const room = largestReport - Buffer.byteLength(reportPage(content, null))
    if (room / inBase64 < leastFilm) {
      throw new ExpectedError(
        'report-too-long',
        `The clips and sentences alone fill a report of ${largestReport / 1e6} MB; take the overview, or fewer sentences.`,
      )
    }
    const folder = join(parts.folder, String(job.id))
    await mkdir(folder, { recursive: true })
    try {
      const film = await makeFilm({
        path: video.path,
        info: video.info,
        // The last few bytes are those of the tag around the film.
        bytes: Math.floor((room - 1000) / inBase64),
        folder,
        signal,
        onProgress: part => tell(gathered + (filmed - gathered) * part),
      })
      signal.throwIfAborted()
      await writeOutput({ path: input.path, mark: null, overwrite: input.overwrite, seen }, path =>
        writeFile(path, reportPage(content, film)),
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    tell(100)
    return 'succeeded'
  }
}
