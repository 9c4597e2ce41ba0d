import { untoldDiskFull } from '../../native-models/disk-full.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { isAtWork } from '../api/common/rules.ts'
import type { Job } from '../api/jobs.ts'
import type { JobHandler, JobOutcome, JobRun } from './job-handler.ts'
import type { ClaimedJob } from './job-store.ts'
import type { ProgressMeter } from './progress-meter.ts'

/** A job that this process runs. */
export interface JobInProgress {
  readonly claimed: ClaimedJob
  readonly controller: AbortController
  readonly meter: ProgressMeter
  /** Why it was told to stop, if it was. */
  stop: 'cancel' | 'close' | 'lost' | null
  savedAt: number
  /** How the handler ended, until that is recorded; a full disk may take it only later. */
  outcome: Outcome | null
  ended: Promise<void>
}

export interface Outcome {
  readonly state: JobOutcome | 'failed'
  readonly problem: string | null
  readonly endedAt: number
}

interface Performing extends Pick<JobRun, 'job' | 'progress' | 'fail'> {
  readonly onBug: (error: unknown, job: Job) => void
}

/**
 * Has a handler do its job. Never throws: a failure is an outcome, and what no user can act on goes to `onBug` as well.
 */
export async function perform(
  run: JobInProgress,
  handler: JobHandler,
  { job, progress, fail, onBug }: Performing,
): Promise<Outcome> {
  try {
    const state = await handler({ payload: run.claimed.payload, job, signal: run.controller.signal, progress, fail })
    return { state, problem: null, endedAt: Date.now() }
  } catch (error) {
    const expected = error instanceof ExpectedError ? error : untoldDiskFull(error)
    if (expected) return { state: 'failed', problem: expected.message, endedAt: Date.now() }
    if (run.stop === null) onBug(error, job)
    return {
      state: 'failed',
      problem: english`The job stopped because of an error in the program: ${error instanceof Error ? error.message : String(error)}`,
      endedAt: Date.now(),
    }
  }
}

export function hasEnded(job: Job): boolean {
  return !isAtWork(job.state)
}
