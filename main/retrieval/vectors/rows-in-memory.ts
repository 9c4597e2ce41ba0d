import { totalmem } from 'node:os'
import { ScanThreads } from './scan/scan-threads.ts'
import type { Scan } from './scan/scan-threads.ts'
import { SharedRows, layoutOf } from './scan/shared-rows.ts'
import type { RowColumns, ScoredRow } from './scan/shared-rows.ts'

/** Rows of one table, key and level, as the store has them. */
export interface RowSource {
  /** The same for the same rows in every search. */
  readonly name: string
  readonly dimension: number
  /** Another number after every change of the table, by whatever process. */
  version(): Promise<number>
  count(): Promise<number>
  /** Number of rows of each content. */
  contents(): Promise<Map<string, number>>
  /** Of these contents only, when named. */
  rows(contentIds: readonly string[] | null): AsyncIterable<RowColumns>
}

/** Bytes of vectors kept in memory: a gibibyte, or an eighth of a small machine. 258,000 rows of 1,024 numbers. */
export const memoryForRows = Math.min(2 ** 30, Math.floor(totalmem() / 8))

/** The store itself looks through fewer rows than this in some ten milliseconds. */
const fewestRows = 5_000
/** A copy of which more than this was dropped is read anew. */
const mostWaste = 0.5

/** A copy of the rows of a source, and the version of the table that it is as of. */
interface Copy {
  rows: SharedRows | null
  version: number
  /** A version of which a copy is of no use: too few rows, or too many. */
  refused: number
  /** Contents that this process has written since. */
  written: Set<string>
  reading: Promise<boolean> | null
  following: Promise<void>
}

export interface MemoryLimits {
  /** Bytes of all copies together. */
  readonly most: number
  readonly fewest?: number
}

/**
 * Copies of what is searched, in memory, where every row is compared with a query in tens of milliseconds. A copy is
 * read in the background after the first search that could use it, follows what this and other processes write, and
 * goes when others need its room.
 */
export class RowsInMemory {
  readonly #most: number
  readonly #fewest: number
  readonly #threads = new ScanThreads()
  /** The last used at the end. */
  readonly #copies = new Map<string, Copy>()

  constructor({ most, fewest = fewestRows }: MemoryLimits) {
    this.#most = most
    this.#fewest = fewest
  }

  /** The best rows by cosine similarity, or null when there is no copy of them (yet). */
  async search(source: RowSource, scan: Scan): Promise<ScoredRow[][] | null> {
    if (this.#most === 0) return null
    const copy = this.#copyOf(source)
    if (!copy.rows) {
      // Who searches is answered by the store meanwhile, and hears there what is wrong with it.
      this.read(source).catch(() => undefined)
      return null
    }
    copy.following = copy.following.catch(() => undefined).then(() => this.#follow(copy, source))
    await copy.following
    return copy.rows && this.#threads.scan(copy.rows, scan)
  }

  /** Reads what a search of this source needs; false when it is not to be kept in memory. */
  read(source: RowSource): Promise<boolean> {
    const copy = this.#copyOf(source)
    copy.reading ??= this.#read(copy, source).finally(() => {
      copy.reading = null
    })
    return copy.reading
  }

  /** To be called after this process has changed rows of these contents. */
  written(contentIds: readonly string[]): void {
    for (const copy of this.#copies.values()) for (const id of contentIds) copy.written.add(id)
  }

  async close(): Promise<void> {
    this.#copies.clear()
    await this.#threads.close()
  }

  #copyOf({ name }: RowSource): Copy {
    const copy = this.#copies.get(name) ?? {
      rows: null,
      version: -1,
      refused: -1,
      written: new Set(),
      reading: null,
      following: Promise.resolve(),
    }
    this.#copies.delete(name)
    this.#copies.set(name, copy)
    return copy
  }

  async #read(copy: Copy, source: RowSource): Promise<boolean> {
    if (copy.rows) return true
    const version = await source.version()
    if (copy.refused === version) return false
    const count = await source.count()
    const { blockBytes, rowsPerBlock } = layoutOf(source.dimension)
    const bytes = Math.ceil(count / rowsPerBlock) * blockBytes
    if (count < this.#fewest || bytes > this.#most) {
      copy.refused = version
      return false
    }
    this.#makeRoom(copy, bytes)
    copy.written.clear()
    const rows = new SharedRows(source.dimension)
    for await (const batch of source.rows(null)) rows.append(batch)
    copy.version = version
    copy.rows = rows
    return true
  }

  /** Brings a copy up to the present version of the table. */
  async #follow(copy: Copy, source: RowSource): Promise<void> {
    const { rows } = copy
    if (!rows) return
    const version = await source.version()
    if (version === copy.version && copy.written.size === 0) return
    const written = copy.written
    copy.written = new Set()
    rows.drop(written)
    const contents = await source.contents()
    rows.drop(new Set([...rows.contents].filter(([id, count]) => contents.get(id) !== count).map(([id]) => id)))
    const missing = [...contents.keys()].filter(id => !rows.contents.has(id))
    for await (const batch of source.rows(missing)) rows.append(batch)
    copy.version = version
    if (rows.bytes > this.#most || rows.waste > mostWaste) copy.rows = null
    else this.#makeRoom(copy, 0)
  }

  /** Drops the copies that were not used for longest, until there is room for so many bytes more. */
  #makeRoom(wanted: Copy, bytes: number): void {
    const others = [...this.#copies.values()].filter(copy => copy !== wanted)
    let used = bytes + (wanted.rows?.bytes ?? 0) + others.reduce((sum, { rows }) => sum + (rows?.bytes ?? 0), 0)
    for (const copy of others) {
      if (used <= this.#most) return
      used -= copy.rows?.bytes ?? 0
      copy.rows = null
    }
  }
}
