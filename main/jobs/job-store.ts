import { english } from '../../native-models/english.ts'
import { isAtWork, isDone } from '../api/common/rules.ts'
import type { Job, JobFailure, JobKind, JobProgress, JobState } from '../api/jobs.ts'
import type { Database } from '../storage/database.ts'
import type { JobOutcome } from './job-handler.ts'
import type { LeaseWatch } from './lease.ts'
import { noProgress } from './progress-meter.ts'

/** A job to be enqueued. `payload` is anything that survives JSON. */
export interface JobRequest {
  readonly kind: JobKind
  readonly title: string
  readonly payload: unknown
}

/** A job this process has taken. */
export interface ClaimedJob {
  readonly id: number
  readonly kind: JobKind
  readonly payload: unknown
}

/** Whose jobs a queue takes. */
export interface ClaimRule {
  /** Only these; null for everyone's. */
  readonly only: ReadonlySet<number> | null
  /** Whether a job goes on although the process that asked for it, or ran it, has died. */
  readonly outlives: (deadOwner: string) => boolean
}

/**
 * What a look for work found: a job to run, those that were to be cancelled, and those that ended with their process.
 */
export interface Claim {
  readonly claimed: ClaimedJob | null
  readonly cancelled: readonly number[]
  readonly abandoned: readonly ClaimedJob[]
}

const abandonedReason = english`The program that did this was ended before it was done, and it is not taken up again by itself: ask for it again.`

/** Failures sent with a job; the whole list is `failures()`. */
const failuresShown = 1000

interface JobRow {
  id: number
  kind: JobKind
  title: string
  state: JobState
  progress: string
  problem: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}
interface LeaseRow {
  id: number
  state: JobState
  owner: string | null
  heartbeat: number
  cancel_requested: number
  payload: string
}

const leaseColumns = 'id, state, owner, heartbeat, cancel_requested, payload'
const columns = 'id, kind, title, state, progress, problem, created_at, started_at, ended_at'

interface Ending {
  readonly owner: string
  readonly state: JobOutcome | 'failed' | 'cancelled'
  readonly problem: string | null
}

/** Jobs as they lie in the database. Whatever a running job writes, it writes only while it holds the lease. */
export class JobStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** `owner`: the process that asks for the job and will run it while it lives; null leaves it to any. */
  insert(request: JobRequest, next: JobRequest | null, owner: string | null): number {
    return this.#database
      .prepare(
        "INSERT INTO jobs (kind, title, payload, next, state, progress, created_at, owner) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)",
      )
      .run([
        request.kind,
        request.title,
        JSON.stringify(request.payload ?? null),
        next && JSON.stringify(next),
        JSON.stringify(noProgress),
        Date.now(),
        owner,
      ]).lastInsertRowid
  }

  job(id: number): Job | undefined {
    const row = this.#database.prepare(`SELECT ${columns} FROM jobs WHERE id = ?`).get<JobRow>([id])
    return row && this.#toJob(row)
  }

  /** Newest first. */
  jobs(): Job[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM jobs ORDER BY id DESC`)
      .all<JobRow>()
      .map(row => this.#toJob(row))
  }

  /** Per job a short text that changes when the job does. */
  fingerprints(): Map<number, string> {
    const rows = this.#database
      .prepare(
        `SELECT id, state || progress || (SELECT COUNT(*) FROM job_failures WHERE job_id = jobs.id) AS fingerprint FROM jobs`,
      )
      .all<{ id: number; fingerprint: string }>()
    return new Map(rows.map(row => [row.id, row.fingerprint]))
  }

  unfinishedKinds(): JobKind[] {
    return this.#database
      .prepare(`SELECT DISTINCT kind FROM jobs WHERE state IN ('queued', 'running')`)
      .all<{ kind: JobKind }>()
      .map(row => row.kind)
  }

  /**
   * The first queued job of the same kind, payload and successor that no other living process will run, if there is
   * one.
   */
  findQueued(
    request: JobRequest,
    { next, owner, leases }: { readonly next: JobRequest | null; readonly owner: string; readonly leases: LeaseWatch },
  ): number | undefined {
    const rows = this.#database
      .prepare(
        `SELECT ${leaseColumns} FROM jobs WHERE state = 'queued' AND kind = ? AND payload = ? AND next IS ? ORDER BY id`,
      )
      .all<LeaseRow>([request.kind, JSON.stringify(request.payload ?? null), next && JSON.stringify(next)])
    return rows.find(row => row.owner === owner || !isHeld(row, leases))?.id
  }

  findUnfinished({ kind, payload }: Pick<JobRequest, 'kind' | 'payload'>): number | undefined {
    return this.#database
      .prepare('SELECT id FROM jobs WHERE kind = ? AND payload = ? AND ended_at IS NULL ORDER BY id LIMIT 1')
      .get<{ id: number }>([kind, JSON.stringify(payload ?? null)])?.id
  }

  /**
   * Forgets ended jobs of a kind and title that had nothing to report, so that routine work leaves one entry. Returns
   * their ids.
   */
  removeRoutine(kind: JobKind, title: string): number[] {
    return this.#database
      .prepare(
        `
      DELETE FROM jobs WHERE kind = ? AND title = ? AND state IN ('succeeded', 'skipped') AND NOT EXISTS (SELECT 1 FROM job_failures WHERE job_id = jobs.id) RETURNING id`,
      )
      .all<{ id: number }>([kind, title])
      .map(row => row.id)
  }

  /** The job that was enqueued when this one succeeded. */
  nextId(id: number): number | null {
    return (
      this.#database.prepare('SELECT next_id FROM jobs WHERE id = ?').get<{ next_id: number | null }>([id])?.next_id ??
      null
    )
  }

  /**
   * Takes the oldest job of a kind that the rule allows, unless a living process is running one of that kind. What
   * waits for another living process is left to it. Jobs whose process died come first, being older; of these, those
   * that were to be cancelled or do not outlive their process are ended instead.
   */
  claim(
    kind: JobKind,
    { owner, leases, only, outlives }: { readonly owner: string; readonly leases: LeaseWatch } & ClaimRule,
  ): Claim {
    const open = this.#database.prepare(
      `SELECT ${leaseColumns} FROM jobs WHERE kind = ? AND state IN ('queued', 'running') ORDER BY id`,
    )
    const [cancelled, abandoned]: [number[], ClaimedJob[]] = [[], []]
    if (open.all<LeaseRow>([kind]).length === 0) return { claimed: null, cancelled, abandoned }
    return this.#database.transaction(() => {
      const rows = open.all<LeaseRow>([kind])
      if (rows.some(row => row.state === 'running' && isHeld(row, leases))) {
        return { claimed: null, cancelled, abandoned }
      }
      for (const row of rows) {
        const job = (): ClaimedJob => ({ id: row.id, kind, payload: JSON.parse(row.payload) as unknown })
        const isOwn = row.owner === owner
        if (!isOwn && isHeld(row, leases)) continue
        if (row.cancel_requested) {
          this.#end(row.id, 'cancelled', null)
          cancelled.push(row.id)
        } else if (!isOwn && row.owner !== null && !outlives(row.owner)) {
          this.#end(row.id, 'cancelled', abandonedReason)
          abandoned.push(job())
        } else if (only === null || only.has(row.id)) {
          this.#database
            .prepare(
              `UPDATE jobs SET state = 'running', owner = ?, heartbeat = heartbeat + 1, started_at = COALESCE(started_at, ?) WHERE id = ?`,
            )
            .run([owner, Date.now(), row.id])
          return { claimed: job(), cancelled, abandoned }
        }
      }
      return { claimed: null, cancelled, abandoned }
    })
  }

  /** Takes over a job that has not ended and that no living process will run; false when there is no such job. */
  adopt(id: number, owner: string, leases: LeaseWatch): boolean {
    return this.#database.transaction(() => {
      const row = this.#leaseRow(id)
      if (!row || row.cancel_requested || !isAtWork(row.state) || isHeld(row, leases)) {
        return false
      }
      this.#database.prepare(`UPDATE jobs SET state = 'queued', owner = ? WHERE id = ?`).run([owner, id])
      return true
    })
  }

  /** The job of a kind that another living process is running, if there is one. */
  runningElsewhere(kind: JobKind, owner: string, leases: LeaseWatch): number | null {
    const rows = this.#database
      .prepare(`SELECT ${leaseColumns} FROM jobs WHERE kind = ? AND state = 'running'`)
      .all<LeaseRow>([kind])
    return rows.find(row => row.owner !== owner && isHeld(row, leases))?.id ?? null
  }

  /** Shows that the process lives which the waiting jobs wait for. */
  beatWaiting(owner: string): void {
    if (!this.#database.prepare(`SELECT 1 FROM jobs WHERE state = 'queued' AND owner = ? LIMIT 1`).get([owner])) return
    const beat = this.#database.prepare(
      `UPDATE jobs SET heartbeat = heartbeat + 1 WHERE state = 'queued' AND owner = ?`,
    )
    this.#database.repeatable(() => beat.run([owner]))
  }

  /** Shows that the owner lives. Null: the lease is lost. */
  beat(id: number, owner: string): { cancelRequested: boolean } | null {
    const raise = this.#database.prepare('UPDATE jobs SET heartbeat = heartbeat + 1 WHERE id = ? AND owner = ?')
    if (this.#database.repeatable(() => raise.run([id, owner])).changes === 0) return null
    return {
      cancelRequested:
        this.#database.prepare('SELECT cancel_requested FROM jobs WHERE id = ?').get<{ cancel_requested: number }>([id])
          ?.cancel_requested === 1,
    }
  }

  /** Cancels a job nobody runs at once; otherwise asks its owner, who looks every half second. */
  requestCancel(id: number, leases: LeaseWatch): void {
    this.#database.transaction(() => {
      const row = this.#leaseRow(id)
      if (!row || !isAtWork(row.state)) return
      if (row.state === 'running' && isHeld(row, leases)) {
        this.#database.prepare('UPDATE jobs SET cancel_requested = 1 WHERE id = ?').run([id])
      } else {
        this.#end(id, 'cancelled', null)
      }
    })
  }

  saveProgress(id: number, owner: string, progress: JobProgress): void {
    const save = this.#database.prepare('UPDATE jobs SET progress = ? WHERE id = ? AND owner = ?')
    this.#database.repeatable(() => save.run([JSON.stringify(progress), id, owner]))
  }

  /** Keeps one failure per path: a resumed job meets some of them again. */
  addFailure(id: number, owner: string, failure: JobFailure): void {
    this.#database
      .prepare(
        `
      INSERT INTO job_failures (job_id, path, reason) SELECT id, ?, ? FROM jobs WHERE id = ? AND owner = ?
      ON CONFLICT (job_id, path) DO UPDATE SET reason = excluded.reason`,
      )
      .run([failure.path, failure.reason, id, owner])
  }

  /** Every failure of a job, in the order they came. */
  failures(id: number): JobFailure[] {
    return this.#database
      .prepare('SELECT path, reason FROM job_failures WHERE job_id = ? ORDER BY position')
      .all<JobFailure>([id])
  }

  /**
   * Ends a job this owner holds; when it is done its successor is enqueued in the same transaction. Returns the
   * successor's id.
   */
  finish(id: number, { owner, state, problem }: Ending): number | null {
    return this.#database.transaction(() => {
      const held = this.#database
        .prepare('SELECT next FROM jobs WHERE id = ? AND owner = ?')
        .get<{ next: string | null }>([id, owner])
      if (!held) return null
      this.#end(id, state, problem)
      if (!isDone(state) || held.next === null) return null
      const nextId = this.insert(JSON.parse(held.next) as JobRequest, null, owner)
      this.#database.prepare('UPDATE jobs SET next_id = ? WHERE id = ?').run([nextId, id])
      return nextId
    })
  }

  /** Gives a job back unfinished, to be run again. */
  release(id: number, owner: string): void {
    this.#database.prepare(`UPDATE jobs SET state = 'queued', owner = NULL WHERE id = ? AND owner = ?`).run([id, owner])
  }

  /** Gives back what still waits for this owner. */
  releaseWaiting(owner: string): void {
    this.#database.prepare(`UPDATE jobs SET owner = NULL WHERE state = 'queued' AND owner = ?`).run([owner])
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM jobs WHERE id = ?').run([id])
  }

  #leaseRow(id: number): LeaseRow | undefined {
    return this.#database.prepare(`SELECT ${leaseColumns} FROM jobs WHERE id = ?`).get<LeaseRow>([id])
  }

  #end(id: number, state: JobState, problem: string | null): void {
    this.#database
      .prepare('UPDATE jobs SET state = ?, problem = ?, ended_at = ?, owner = NULL WHERE id = ?')
      .run([state, problem, Date.now(), id])
  }

  #toJob(row: JobRow): Job {
    return {
      id: row.id,
      kind: row.kind,
      title: row.title,
      state: row.state,
      progress: JSON.parse(row.progress) as JobProgress,
      failures: this.#shownFailures(row.id),
      problem: row.problem,
      createdAt: row.created_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
    }
  }

  #shownFailures(id: number): JobFailure[] {
    const shown = this.#database
      .prepare('SELECT path, reason FROM job_failures WHERE job_id = ? ORDER BY position LIMIT ?')
      .all<JobFailure>([id, failuresShown])
    if (shown.length < failuresShown) return shown
    const count =
      this.#database.prepare('SELECT COUNT(*) AS count FROM job_failures WHERE job_id = ?').get<{ count: number }>([id])
        ?.count ?? 0
    if (count === failuresShown) return shown
    const rest = count - failuresShown + 1
    return [...shown.slice(0, -1), { path: '…', reason: english`${rest} more files failed and are not listed here.` }]
  }
}

/** Whether a living process runs the job, or will. */
function isHeld({ id, owner, heartbeat }: LeaseRow, leases: LeaseWatch): boolean {
  return owner !== null && leases.isAlive(id, owner, heartbeat)
}
