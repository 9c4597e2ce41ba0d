import { closeSync, openSync } from 'node:fs'
import Libsql from 'libsql'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { migrations } from './migrations.ts'

/** What can be bound. Booleans are left out with reason: the driver aborts the process on one. */
export type SqlValue = string | number | bigint | null | Uint8Array

/**
 * A prepared statement. Values are always bound as one list: a lone buffer or null would be taken for the list itself.
 */
export interface Statement {
  /** The first row, or undefined. The row's type is the caller's claim about their own SQL. */
  get<Row>(values?: readonly SqlValue[]): Row | undefined
  all<Row>(values?: readonly SqlValue[]): Row[]
  run(values?: readonly SqlValue[]): { changes: number; lastInsertRowid: number }
}

/** How long a write waits for another process's transaction, in milliseconds. */
const busyTimeout = 5000
/** How long closing waits for others that read or write, in milliseconds. */
const closePatience = 500
/** How often other processes' commits are looked for, in milliseconds. */
const foreignChangeInterval = 500

/** One connection to the workspace's database. Statements are prepared once and kept. */
export class Database {
  readonly #connection: Libsql.Database
  readonly #file: string
  readonly #statements = new Map<string, Statement>()
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #dataVersion = 0

  constructor(connection: Libsql.Database, file: string) {
    this.#connection = connection
    this.#file = file
  }

  prepare(sql: string): Statement {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const prepared = this.#guard(() => this.#connection.prepare<unknown[]>(sql))
    const statement: Statement = {
      get: <Row>(values: readonly SqlValue[] = []) =>
        this.#guard(() => {
          const row = prepared.get(values)
          if (typeof row === 'object' && row !== null && '_metadata' in row) delete row._metadata
          return row as Row | undefined
        }),
      all: <Row>(values: readonly SqlValue[] = []) => this.#guard(() => prepared.all(values) as Row[]),
      run: (values = []) =>
        this.#guard(() => {
          const { changes, lastInsertRowid } = prepared.run(values)
          return { changes, lastInsertRowid: Number(lastInsertRowid) }
        }),
    }
    this.#statements.set(sql, statement)
    return statement
  }

  /** Runs several statements without values. */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql))
  }

  /**
   * Runs `work` in a transaction that holds the write lock from its start; inside another transaction it joins that
   * one.
   */
  transaction<T>(work: () => T): T {
    if (this.#connection.inTransaction) return work()
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      // Some failures (a full disk) have rolled back already.
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      throw error
    }
  }

  /**
   * Does writes that come again by themselves, as what a scan reads or how far a job is: the last of them may go with
   * the power, never consistency, and they do not wait for the disk. Inside a transaction they are as lasting as that.
   */
  repeatable<T>(work: () => T): T {
    if (this.#connection.inTransaction) return work()
    this.exec('PRAGMA synchronous = NORMAL')
    try {
      return work()
    } finally {
      this.exec('PRAGMA synchronous = FULL')
    }
  }

  /** Calls the listener, within half a second, after another process or connection has written. Returns how to stop. */
  onForeignChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (!this.#timer) {
      this.#dataVersion = this.#readDataVersion()
      this.#timer = setInterval(() => this.#lookForForeignChange(), foreignChangeInterval).unref()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stopLooking()
    }
  }

  close(): void {
    this.#stopLooking()
    if (!this.#connection.open) return
    this.#gather()
    this.#connection.close()
  }

  /**
   * Moves everything into the one file, so that who copies that has all. Another process that reads just now, or a full
   * disk, leaves it for later.
   */
  #gather(): void {
    try {
      this.exec(`PRAGMA busy_timeout = ${closePatience}`)
      this.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error
    }
  }

  #lookForForeignChange(): void {
    let version: number
    try {
      version = this.#readDataVersion()
    } catch (error) {
      // A disk that is away for a moment must not end the program from a timer: the next look tells.
      if (error instanceof ExpectedError) return
      throw error
    }
    if (version === this.#dataVersion) return
    this.#dataVersion = version
    for (const listener of this.#listeners) listener()
  }

  /** SQLite's counter of commits by others; our own do not raise it. */
  #readDataVersion(): number {
    return this.prepare('PRAGMA data_version').get<{ data_version: number }>()?.data_version ?? 0
  }

  #stopLooking(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw explain(error, this.#file)
    }
  }
}

/**
 * Opens the database and brings its schema up to date. Several processes may have it open at once.
 * @throws ExpectedError `database-corrupt`, `database-newer`, `database-busy`, `database-unusable` or `disk-full`.
 */
export function openDatabase(file: string): Database {
  let connection: Libsql.Database
  try {
    // Made here, so that only the owner may read it, and with it what SQLite puts beside it.
    closeSync(openSync(file, 'a', 0o600))
    connection = new Libsql(file, { timeout: busyTimeout })
  } catch (error) {
    throw new ExpectedError(
      'database-unusable',
      `The library database ${file} cannot be opened: check that its folder exists and may be written.`,
      { cause: error },
    )
  }
  const database = new Database(connection, file)
  try {
    // In WAL mode readers and the writer do not wait for each other. FULL: what is committed is on the disk. A
    // library of 100,000 videos takes some 100 MB; the default cache of 2 MB would read most of it anew for each list.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY',
    )
    migrate(database, file)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: Database, file: string): void {
  const newest = migrations.at(-1)?.version ?? 0
  const version = (): number =>
    database.prepare('PRAGMA user_version').get<{ user_version: number }>()?.user_version ?? 0
  if (version() > newest) {
    throw new ExpectedError(
      'database-newer',
      `The library database ${file} was written by a newer version of LF-VILA Workbench (schema ${version()}, this one knows ${newest}): install that version, or choose another workspace.`,
    )
  }
  for (const migration of migrations) {
    database.transaction(() => {
      // Read under the write lock: another process may just have done it.
      if (version() >= migration.version) return
      database.exec(migration.sql)
      database.exec(`PRAGMA user_version = ${migration.version}`)
    })
  }
}

/** Failures of the machine, as sentences; an error in our SQL stays an ordinary error. */
function explain(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new ExpectedError(
      'database-corrupt',
      `The library database ${file} is damaged: move it aside together with its -wal and -shm files (or put back a copy), start again and open your folders; the videos themselves are untouched.`,
      { cause: error },
    )
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new ExpectedError(
      'database-busy',
      `The library database ${file} is held by another program: wait for it to finish or close it, then try again.`,
      { cause: error },
    )
  }
  if (code.startsWith('SQLITE_FULL')) {
    return new ExpectedError(
      'disk-full',
      `The library database ${file} could not be written because the disk is full: free some space and try again.`,
      { cause: error },
    )
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) {
    return new ExpectedError(
      'database-unusable',
      `The library database ${file} cannot be read or written (${code}): check the disk and the permissions of its folder.`,
      { cause: error },
    )
  }
  return error
}
