import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Job, JobFailure, JobKind } from '../api/jobs.ts'
import type { Database } from '../storage/database.ts'
import { JobChanges } from './job-changes.ts'
import type { JobChange } from './job-changes.ts'
import type { JobDefinition, JobHandler, JobTable } from './job-handler.ts'
import { hasEnded, perform } from './job-in-progress.ts'
import type { JobInProgress, Outcome } from './job-in-progress.ts'
import { JobStore } from './job-store.ts'
import type { ClaimedJob, JobRequest } from './job-store.ts'
import { waitForEnd } from './job-wait.ts'
import { closeLease, isOfCommand, LeaseWatch, openLease } from './lease.ts'
import { ProgressMeter } from './progress-meter.ts'
import type { ProgressReport } from './progress-meter.ts'

/** What a queue is told and tells. */
export interface JobQueueOptions {
  /** Told of errors that no user can act on, for the log. */
  readonly onBug?: (error: unknown, job: Job) => void
  /** Told what keeps the state of jobs from being stored, and null when that has passed. */
  readonly onStorage?: (problem: string | null) => void
  /** For a command: runs the jobs that were enqueued here or are waited for here, and no others. */
  readonly ownJobsOnly?: boolean
}

/** Heartbeats, cancel requests of other processes and waiting work are looked at this often, in milliseconds. */
const tick = 500
/** How long `close` waits for a handler that does not react, in milliseconds. */
const closePatience = 10_000

/**
 * The durable queue of a workspace. Each kind is a lane: one job of a kind runs at a time, over all processes on the
 * workspace, held by a lease. A job is run by the process that asked for it; when that has died, by the next process
 * that looks, or not at all, as its kind says.
 */
export class JobQueue {
  readonly #store: JobStore
  readonly #changes: JobChanges
  readonly #owner: string
  /** The jobs to run, when only some are. */
  readonly #own: Set<number> | null
  readonly #leases = new LeaseWatch()
  readonly #definitions = new Map<JobKind, JobDefinition>()
  readonly #runs = new Map<number, JobInProgress>()
  readonly #onBug: (error: unknown, job: Job) => void
  readonly #onStorage: (problem: string | null) => void
  readonly #stopWatching: () => void
  #known: Map<number, string>
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(database: Database, options: JobQueueOptions = {}) {
    this.#owner = openLease(options.ownJobsOnly)
    this.#own = options.ownJobsOnly ? new Set() : null
    this.#store = new JobStore(database)
    this.#changes = new JobChanges(id => this.#read(id))
    this.#onBug = options.onBug ?? (() => {})
    this.#onStorage = options.onStorage ?? (() => {})
    this.#known = this.#store.fingerprints()
    this.#stopWatching = database.onForeignChange(() => this.#tellForeignChanges())
  }

  /** Says what is done for jobs: the whole table in the program, single kinds in its parts' tests. */
  define(table: Partial<JobTable>): void {
    for (const [kind, definition] of Object.entries(table) as [JobKind, JobDefinition][]) {
      if (this.#definitions.has(kind)) throw new Error(`There is a handler for jobs of kind ${kind} already.`)
      this.#definitions.set(kind, definition)
    }
  }

  /** Begins to run jobs, first those a crash has left. @throws Error when a stored unfinished job has no handler. */
  start(): void {
    const orphan = this.#store.unfinishedKinds().find(kind => !this.#definitions.has(kind))
    if (orphan) throw new Error(`A stored job of kind ${orphan} has no handler.`)
    this.#timer = setInterval(() => this.#tick(), tick).unref()
    this.#tick()
  }

  /** `next` is enqueued when the job succeeds, in the same transaction: never lost, never twice. */
  enqueue(request: JobRequest, next: JobRequest | null = null): Job {
    // A queue that runs no jobs leaves them to others.
    const id = this.#store.insert(request, next, this.#timer && !this.#stopped ? this.#owner : null)
    this.#own?.add(id)
    this.#changes.flush(id)
    queueMicrotask(() => this.#tick())
    return this.get(id)
  }

  /**
   * As `enqueue`, for work that is asked for again and again: when the same is waiting already, that job is returned
   * instead, and earlier jobs of this title that succeeded without a failure are dismissed.
   */
  enqueueOnce(request: JobRequest, next: JobRequest | null = null): Job {
    const waiting = this.#store.findQueued(request, { next, owner: this.#owner, leases: this.#leases })
    if (waiting !== undefined) {
      this.#adopt(waiting)
      return this.get(waiting)
    }
    for (const { kind, title } of next ? [request, next] : [request]) {
      for (const id of this.#store.removeRoutine(kind, title)) this.#forget(id)
    }
    return this.enqueue(request, next)
  }

  /** A job of this kind with this payload that has not ended, the oldest of them. */
  unfinished(request: Pick<JobRequest, 'kind' | 'payload'>): Job | undefined {
    const id = this.#store.findUnfinished(request)
    return id === undefined ? undefined : this.get(id)
  }

  /** Newest first. */
  list(): Job[] {
    return this.#store.jobs().map(job => this.#withLiveProgress(job))
  }

  /** @throws ExpectedError `job-unknown`. */
  get(id: number): Job {
    const job = this.#read(id)
    if (!job) throw new ExpectedError('job-unknown', `There is no job ${id} any more: it was dismissed.`)
    return job
  }

  /** Every failure of a job; `Job.failures` is shortened past a thousand. */
  failures(id: number): JobFailure[] {
    return this.#store.failures(id)
  }

  /** The job that was enqueued because this one succeeded, or null. */
  next(id: number): Job | null {
    const next = this.#store.nextId(id)
    return next === null ? null : (this.#read(next) ?? null)
  }

  /** Cancels wherever the job runs; a job that has ended stays as it is. @throws ExpectedError `job-unknown`. */
  cancel(id: number): Job {
    this.get(id)
    this.#store.requestCancel(id, this.#leases)
    const run = this.#runs.get(id)
    if (run) this.#stop(run, 'cancel')
    this.#changes.flush(id)
    return this.get(id)
  }

  /** Forgets an ended job. @throws ExpectedError `job-unknown` or `job-active`. */
  dismiss(id: number): void {
    const job = this.get(id)
    if (!hasEnded(job)) throw new ExpectedError('job-active', `“${job.title}” has not ended yet: cancel it first.`)
    this.#store.remove(id)
    this.#forget(id)
  }

  /**
   * Resolves when the job has ended, in whatever process; one that a dead process has left is run here. Aborting
   * `signal` ends the waiting, not the job. `onOther` is told, once, of the job of another process that has to end
   * first, or that is this very one.
   */
  async wait(id: number, signal?: AbortSignal, onOther?: (other: Job) => void): Promise<Job> {
    let told = false
    return waitForEnd({
      id,
      look: () => this.get(id),
      whileWaiting: job => {
        if (this.#own?.has(id) === false) this.#adopt(id)
        const other =
          told || !onOther || this.#runs.has(id)
            ? null
            : this.#store.runningElsewhere(job.kind, this.#owner, this.#leases)
        if (other === null) return
        told = true
        onOther?.(this.get(other))
      },
      onChange: listener => this.#changes.onChange(listener),
      every: tick,
      signal,
    })
  }

  /** Listeners hear of a job at most every 100 ms, and always of its last state. Returns how to stop. */
  onChange(listener: (change: JobChange) => void): () => void {
    return this.#changes.onChange(listener)
  }

  /**
   * The reverse of `start`: ends running jobs and gives them back to the queue, so that they run again at the next
   * start.
   */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    clearInterval(this.#timer)
    const runs = [...this.#runs.values()]
    for (const run of runs) this.#stop(run, 'close')
    let patience: NodeJS.Timeout | undefined
    await Promise.race([
      Promise.all(runs.map(run => run.ended)),
      new Promise(resolve => {
        patience = setTimeout(resolve, closePatience)
      }),
    ])
    clearTimeout(patience)
    this.#ifStored(() => {
      for (const run of this.#runs.values()) this.#giveBack(run)
      for (const id of this.#own ?? []) this.#dropWaiting(id)
      this.#store.releaseWaiting(this.#owner)
    })
  }

  /** Stops, where that has not been done, and gives the lease up. */
  async close(): Promise<void> {
    await this.stop()
    this.#stopWatching()
    closeLease(this.#owner)
    this.#changes.close()
  }

  #forget(id: number): void {
    this.#known.delete(id)
    this.#changes.removed(id)
  }

  #read(id: number): Job | undefined {
    const job = this.#store.job(id)
    return job && this.#withLiveProgress(job)
  }

  /** What this process knows of a job that it runs, which may be more than what could be stored. */
  #withLiveProgress(job: Job): Job {
    const run = this.#runs.get(job.id)
    if (!run || job.state !== 'running') return job
    const progress = run.meter.read(performance.now()) ?? job.progress
    if (!run.outcome || run.stop === 'close') return { ...job, progress }
    const { state, problem, endedAt } = run.outcome
    return state === 'failed' && run.stop === 'cancel'
      ? { ...job, progress, state: 'cancelled', endedAt }
      : { ...job, progress, state, problem, endedAt }
  }

  #tick(): void {
    if (!this.#timer || this.#stopped) return
    const works = [
      ...[...this.#runs.values()].map(
        run => () => (run.outcome ? this.#record(run, run.outcome) : this.#renewLease(run)),
      ),
      () => this.#claim(),
      () => this.#store.beatWaiting(this.#owner),
    ]
    const problems = works.flatMap(work => this.#ifStored(work) ?? [])
    // A busy database is free again at the next tick.
    this.#onStorage(problems.find(({ code }) => code !== 'database-busy')?.message ?? null)
    if (this.#runs.size > 0) this.#timer.ref()
    else this.#timer.unref()
  }

  /** Does what a full or busy disk may refuse: the next tick tries again. @returns the refusal, if there is one. */
  #ifStored(work: () => void): ExpectedError | null {
    try {
      work()
      return null
    } catch (error) {
      if (error instanceof ExpectedError) return error
      throw error
    }
  }

  /** Takes over a job that a dead process has left, or that nobody runs. */
  #adopt(id: number): void {
    if (!this.#timer || !this.#store.adopt(id, this.#owner, this.#leases)) return
    this.#own?.add(id)
    queueMicrotask(() => this.#tick())
  }

  #renewLease(run: JobInProgress): void {
    const lease = this.#store.beat(run.claimed.id, this.#owner)
    if (!lease) this.#stop(run, 'lost')
    else if (lease.cancelRequested) this.#stop(run, 'cancel')
  }

  #claim(): void {
    const busy = new Set([...this.#runs.values()].map(run => run.claimed.kind))
    for (const [kind, { run, outlives = 'windows', onAbandoned }] of this.#definitions) {
      if (busy.has(kind)) continue
      const { claimed, cancelled, abandoned } = this.#store.claim(kind, {
        owner: this.#owner,
        leases: this.#leases,
        only: this.#own,
        outlives: dead => outlives === 'always' || (outlives === 'windows' && !isOfCommand(dead)),
      })
      for (const id of [...cancelled, ...abandoned.map(job => job.id)]) this.#changes.flush(id)
      for (const { id, payload } of abandoned) {
        onAbandoned?.(payload).catch((error: unknown) => {
          const job = this.#read(id)
          if (job) this.#onBug(error, job)
        })
      }
      if (claimed) this.#begin(claimed, run)
    }
  }

  #begin(claimed: ClaimedJob, handler: JobHandler): void {
    const job = this.get(claimed.id)
    const run: JobInProgress = {
      claimed,
      controller: new AbortController(),
      meter: new ProgressMeter(),
      stop: null,
      savedAt: 0,
      outcome: null,
      ended: Promise.resolve(),
    }
    this.#runs.set(claimed.id, run)
    this.#changes.flush(claimed.id)
    run.ended = perform(run, handler, {
      job,
      progress: report => this.#progress(run, report),
      fail: (path, reason) => {
        this.#store.addFailure(job.id, this.#owner, { path, reason })
        this.#changes.changed(job.id)
      },
      onBug: this.#onBug,
    }).then(outcome => {
      run.outcome = outcome
      this.#tick()
      if (this.#stopped) this.#ifStored(() => this.#record(run, outcome))
      // Where the disk did not take it, it is told all the same.
      if (this.#runs.has(claimed.id) && !this.#stopped) this.#changes.flush(claimed.id)
    })
  }

  /** Writes down how a run ended. A handler that finished although it was told to stop has succeeded. */
  #record(run: JobInProgress, { state, problem }: Outcome): void {
    const { id } = run.claimed
    this.#ifStored(() => this.#saveProgress(run))
    let nextId: number | null = null
    if (state === 'failed' && run.stop === 'close') {
      this.#giveBack(run)
    } else if (state === 'failed' && run.stop === 'cancel') {
      this.#store.finish(id, { owner: this.#owner, state: 'cancelled', problem: null })
    } else {
      nextId = this.#store.finish(id, { owner: this.#owner, state, problem })
    }
    this.#runs.delete(id)
    this.#changes.flush(id)
    if (nextId === null) return
    this.#own?.add(nextId)
    this.#changes.flush(nextId)
  }

  /** What a command has not come to is not done later by others, where its kind does not outlive it. */
  #dropWaiting(id: number): void {
    const job = this.#store.job(id)
    if (job?.state === 'queued' && this.#definitions.get(job.kind)?.outlives !== 'always') {
      this.#store.requestCancel(id, this.#leases)
    }
  }

  /** A run that the end of this program stops waits for the next one, where its kind outlives programs such as this. */
  #giveBack({ claimed: { id, kind } }: JobInProgress): void {
    const outlives = this.#definitions.get(kind)?.outlives ?? 'windows'
    if (outlives === 'always' || (outlives === 'windows' && this.#own === null)) this.#store.release(id, this.#owner)
    else this.#store.finish(id, { owner: this.#owner, state: 'cancelled', problem: null })
  }

  #progress(run: JobInProgress, report: ProgressReport): void {
    const now = performance.now()
    run.meter.report(report, now)
    if (now - run.savedAt >= tick) this.#saveProgress(run)
    this.#changes.changed(run.claimed.id)
  }

  #saveProgress(run: JobInProgress): void {
    const now = performance.now()
    run.savedAt = now
    const progress = run.meter.read(now)
    if (progress) this.#store.saveProgress(run.claimed.id, this.#owner, progress)
  }

  #stop(run: JobInProgress, why: 'cancel' | 'close' | 'lost'): void {
    if (run.stop !== null) return
    run.stop = why
    run.controller.abort()
  }

  /** Other processes enqueue, work on and dismiss jobs too. */
  #tellForeignChanges(): void {
    const now = this.#store.fingerprints()
    for (const [id, fingerprint] of now) {
      if (this.#known.get(id) !== fingerprint && !this.#runs.has(id)) this.#changes.changed(id)
    }
    for (const id of this.#known.keys()) {
      if (!now.has(id)) this.#changes.removed(id)
    }
    this.#known = now
  }
}
