import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { isAtWork } from '../api/common/rules.ts'
import type { Job } from '../api/jobs.ts'
import type { JobQueue } from '../jobs/job-queue.ts'

const payloadOf = z.object({ id: z.string() })
const jobTitle = (title: string): string => english`Download ${title}`
const begins = jobTitle('')

/** The download that a job's payload names. */
export const downloadOf = (payload: unknown): string => payloadOf.parse(payload).id

/** The newest job that fetches or has fetched what is called so, or null. */
export function newestJob(jobs: JobQueue, title: string): Job | null {
  return jobs.list().find(job => job.kind === 'download' && job.title === jobTitle(title)) ?? null
}

/** There is one at most, and it is the newest. */
export function activeJob(jobs: JobQueue, title: string): Job | null {
  const job = newestJob(jobs, title)
  return job && isAtWork(job.state) ? job : null
}

/** Enqueues the job of a download; the one that is at it already, if there is one. */
export function startJob(jobs: JobQueue, id: string, title: string): Job {
  return (
    activeJob(jobs, title) ??
    jobs.enqueue({ kind: 'download', title: jobTitle(title), payload: payloadOf.parse({ id }) })
  )
}

/** What all jobs of downloads that are listed fetch or have fetched, as they call it. */
export const titlesOfJobs = (jobs: JobQueue): string[] =>
  jobs
    .list()
    .filter(({ kind, title }) => kind === 'download' && title.startsWith(begins))
    .map(({ title }) => title.slice(begins.length))
