import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Database } from '../../storage/database.ts'

/** At most one message in this time, in milliseconds. */
const spacing = 250

/** Tells that the library changed, here or in another process on the workspace. */
export class LibraryChanges {
  readonly #database: Database
  readonly #listeners = new Set<() => void>()
  readonly #stopWatching: () => void
  #revision: number
  #timer: NodeJS.Timeout | undefined
  #toldAt = -Infinity

  constructor(database: Database) {
    this.#database = database
    this.#revision = this.#readRevision()
    this.#stopWatching = database.onForeignChange(() => {
      // Other processes write other things too, above all the heartbeats of jobs.
      const revision = this.#readRevision()
      if (revision === this.#revision) return
      this.#revision = revision
      this.#tell()
    })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    if (this.#timer) return
    const wait = this.#toldAt + spacing - performance.now()
    if (wait <= 0) this.#announce()
    else this.#timer = setTimeout(() => this.#announce(), wait)
  }

  /** Tells what is still waiting, then nothing more. */
  close(): void {
    if (this.#timer) this.#announce()
    this.#stopWatching()
    this.#listeners.clear()
  }

  #announce(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#toldAt = performance.now()
    try {
      const raise = this.#database.prepare('UPDATE library_revision SET number = number + 1')
      this.#database.repeatable(() => raise.run())
      this.#revision = this.#readRevision()
    } catch (error) {
      // A full disk: our own listeners hear it all the same.
      if (!(error instanceof ExpectedError)) throw error
    }
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #readRevision(): number {
    return this.#database.prepare('SELECT number FROM library_revision').get<{ number: number }>()?.number ?? 0
  }
}
