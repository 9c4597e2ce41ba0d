import type { Job } from '../api/jobs.ts'
import type { JobChange } from './job-changes.ts'
import { hasEnded } from './job-in-progress.ts'

/** What a wait asks of the queue. */
export interface WaitedJob {
  readonly id: number
  /** The job as it is now. @throws when it is there no more. */
  readonly look: () => Job
  /** Done at every look at a job that has not ended. */
  readonly whileWaiting: (job: Job) => void
  readonly onChange: (listener: (change: JobChange) => void) => () => void
  /** Milliseconds between two looks; for jobs of other processes, and it keeps this one alive while someone waits. */
  readonly every: number
  readonly signal?: AbortSignal | undefined
}

/** Resolves when a job has ended, in whatever process. Aborting `signal` ends the waiting, not the job. */
export async function waitForEnd({ id, look, whileWaiting, onChange, every, signal }: WaitedJob): Promise<Job> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const lookAgain = (): void => {
      try {
        const job = look()
        if (hasEnded(job)) return settle(() => resolve(job))
        whileWaiting(job)
      } catch (error) {
        settle(() => reject(error))
      }
    }
    const abort = (): void => settle(() => reject(signal?.reason))
    const settle = (how: () => void): void => {
      clearInterval(timer)
      stopListening()
      signal?.removeEventListener('abort', abort)
      how()
    }
    const stopListening = onChange(change => {
      if (change.type === 'job' ? change.job.id === id && hasEnded(change.job) : change.id === id) lookAgain()
    })
    const timer = setInterval(lookAgain, every)
    signal?.addEventListener('abort', abort)
    lookAgain()
  })
}
