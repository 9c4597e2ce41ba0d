import type { Job } from '../api/jobs.ts'

/** What the window is told of jobs. */
export type JobChange = { type: 'job'; job: Job } | { type: 'job-removed'; id: number }

/** At most one message per job in this time, in milliseconds. */
const spacing = 100

/**
 * Tells listeners of changed jobs, at most ten times a second per job; the last state of a job is always told, and at
 * once when it ended.
 */
export class JobChanges {
  readonly #listeners = new Set<(change: JobChange) => void>()
  readonly #waiting = new Map<number, NodeJS.Timeout>()
  readonly #sentAt = new Map<number, number>()
  readonly #read: (id: number) => Job | undefined

  constructor(read: (id: number) => Job | undefined) {
    this.#read = read
  }

  onChange(listener: (change: JobChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(id: number): void {
    if (this.#waiting.has(id)) return
    const wait = (this.#sentAt.get(id) ?? -Infinity) + spacing - performance.now()
    if (wait <= 0) {
      this.flush(id)
    } else {
      this.#waiting.set(
        id,
        setTimeout(() => this.flush(id), wait),
      )
    }
  }

  /** Tells the job's state now. */
  flush(id: number): void {
    this.#forget(id)
    const job = this.#read(id)
    if (!job) return
    this.#sentAt.set(id, performance.now())
    this.#send({ type: 'job', job })
  }

  removed(id: number): void {
    this.#forget(id)
    this.#sentAt.delete(id)
    this.#send({ type: 'job-removed', id })
  }

  /** Tells what is still waiting, then nothing more. */
  close(): void {
    for (const id of [...this.#waiting.keys()]) this.flush(id)
    this.#listeners.clear()
  }

  #forget(id: number): void {
    clearTimeout(this.#waiting.get(id))
    this.#waiting.delete(id)
  }

  #send(change: JobChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
