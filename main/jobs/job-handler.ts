import type { Job, JobKind } from '../api/jobs.ts'
import type { ProgressReport } from './progress-meter.ts'

/** What a handler is given. */
export interface JobRun {
  /** As it was enqueued, through JSON: the handler checks it. */
  readonly payload: unknown
  /** Aborted when the job is cancelled, the program closes or the lease is lost. */
  readonly signal: AbortSignal
  /** The job as it was when this run began. */
  readonly job: Job
  /** May be called as often as one likes. */
  progress(report: ProgressReport): void
  /** Records one thing that could not be done; the job goes on. One reason is kept per path. */
  fail(path: string, reason: string): void
}

/**
 * Does a job's work. It must be idempotent: after a crash it runs again from the start and skips what is finished.
 * A thrown ExpectedError fails the job with its sentence.
 */
export type JobHandler = (run: JobRun) => Promise<JobOutcome>

/** `skipped`: there was nothing left to do; what was to follow follows. A handler that fails throws. */
export type JobOutcome = 'succeeded' | 'skipped'

/** What becomes of jobs of one kind. */
export interface JobDefinition {
  readonly run: JobHandler
  /**
   * Whether it goes on in the next program that runs jobs: always; when a window had asked for it, but not when a
   * command had, whose options died with it (the default); never.
   */
  readonly outlives?: 'always' | 'windows' | 'never'
  /** Clears away what a job has left that ended with its program. */
  readonly onAbandoned?: (payload: unknown) => Promise<void>
}

/** Every kind of job with what is done for it. */
export type JobTable = Readonly<Record<JobKind, JobDefinition>>
