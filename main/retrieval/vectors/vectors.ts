import type { Connection, Table } from '@lancedb/lancedb'
import { DurableFiles } from './durable-files.ts'
import type { Pass } from './embedding-key.ts'
import { mendTables } from './mend-tables.ts'
import { RowsInMemory } from './rows-in-memory.ts'
import type { SharedLedger } from './shared-ledger.ts'
import { isAddress, openStore, storeProblem } from './store-address.ts'
import {
  contentsOf,
  distinctHits,
  rowSource,
  searchTable,
  whereContents,
  whereKey,
  wherePlace,
  whereQuery,
} from './table-search.ts'
import type { EmbeddingLocation, VectorHit, VectorQueryOptions } from './table-search.ts'
import {
  buildVectorIndex,
  hasVectorIndex,
  mergeFiles,
  retryContended,
  unlessAborted,
  unlessContended,
} from './vector-maintenance.ts'
import { fromArrow, placeColumns, rowBatch } from './vector-rows.ts'
import type { EmbeddingRow, RowBatch } from './vector-rows.ts'

/** What was found for each query vector, best first. `exact`: every row was compared, not those an index proposed. */
export interface Nearest {
  readonly hits: VectorHit[][]
  readonly exact: boolean
}

export interface VectorStoreOptions {
  /** Several workspaces use it: the store itself says what is complete. */
  readonly shared?: boolean
  /** Rows from which on a table gets a vector index. */
  readonly indexFrom?: number
  /** Bytes of vectors that may be kept in memory to be searched there; none by default. */
  readonly memory?: number
  /** A search through fewer rows than this is left to the store. */
  readonly memoryFrom?: number
}

/** The rows of an embedding, and which it is. */
export interface PlacedRows {
  readonly place: EmbeddingLocation
  readonly rows: readonly EmbeddingRow[]
}

/** From this many rows on a table gets a vector index: below it an exact search on disk takes a quarter of a second. */
const rowsWorthAnIndex = 50_000

const passes = ['overview', 'dense'] as const

/**
 * Embeddings on disk, searched by cosine similarity: one LanceDB table per dimension and pass. A change is one
 * or two commits of the table, on the disk when it has resolved; what counts as indexed is decided by the ledger, never
 * by the rows found here.
 */
export class VectorStore {
  /** What is complete in a store that several workspaces use; null for the folder of one. */
  readonly shared: SharedLedger | null
  readonly #address: string
  #connection: Promise<Connection> | null
  readonly #indexFrom: number
  readonly #memory: RowsInMemory
  /** Null where the store is at an address, whose server keeps what it was given. */
  readonly #durable: DurableFiles | null
  readonly #tables = new Map<string, Promise<Table>>()
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(
    address: string,
    opened: { readonly connection: Connection; readonly ledger: SharedLedger | null } | null,
    { indexFrom = rowsWorthAnIndex, memory = 0, memoryFrom }: VectorStoreOptions,
  ) {
    this.#address = address
    this.#connection = opened && Promise.resolve(opened.connection)
    this.#indexFrom = indexFrom
    this.#memory = new RowsInMemory({ most: memory, ...(memoryFrom !== undefined && { fewest: memoryFrom }) })
    this.shared = opened?.ledger ?? null
    this.#durable = isAddress(address) ? null : new DurableFiles(address)
  }

  /**
   * Opens or creates the store in a folder, or at another address of LanceDB. Rows written by other processes are seen
   * by the next read. What nobody else uses is opened when it is first asked for, because the library takes half a
   * second of a core to load and many commands need no vectors.
   * @throws ExpectedError `store-unusable`, of a folder that nobody else uses by what is first asked of it.
   */
  static async open(address: string, options: VectorStoreOptions = {}): Promise<VectorStore> {
    if (!isAddress(address) && !options.shared) return new VectorStore(address, null, options)
    // In a store that others write to at the same time nothing is half written by a failure of this system alone.
    const connection = await openStore(address)
    const ledger = options.shared ? new (await import('./shared-ledger.ts')).SharedLedger(connection) : null
    return new VectorStore(address, { connection, ledger }, options)
  }

  /** Puts `rows` in the place of whatever was stored there; the same call twice leaves the same rows. */
  async replace(place: EmbeddingLocation, rows: readonly EmbeddingRow[]): Promise<void> {
    await this.replaceAll([{ place, rows }])
  }

  /** As `replace` for many places, which need not more commits than one. */
  async replaceAll(placed: readonly PlacedRows[]): Promise<void> {
    await this.#write(async () => {
      for (const pass of passes) {
        const ofPass = placed.filter(({ place }) => place.pass === pass)
        if (ofPass.length === 0) continue
        const where = ofPass.map(({ place }) => `(${wherePlace(place)})`).join(' OR ')
        for (const table of await this.#tablesOf(pass)) await deleteRows(table, where)
        const dimensions = new Set(ofPass.flatMap(({ rows }) => rows[0]?.vector.length ?? []))
        for (const dimension of dimensions) {
          const table = await this.#table(`${pass}_${dimension}`, dimension)
          const ofDimension = ofPass.filter(({ rows }) => rows[0]?.vector.length === dimension)
          const { joined, toArrow } = await import('./arrow-rows.ts')
          await table.add(joined(ofDimension.map(({ place, rows }) => toArrow(rows, { ...place, dimension }))))
        }
      }
    })
    this.#memory.written(placed.map(({ place }) => place.contentId))
  }

  /** The stored rows in the order of the video, empty when there are none. */
  async get(place: EmbeddingLocation): Promise<EmbeddingRow[]> {
    for (const table of await this.#tablesOf(place.pass)) {
      const rows = fromArrow(await table.query().where(wherePlace(place)).toArrow())
      if (rows.length > 0) return rows
    }
    return []
  }

  /** The nearest rows for each query vector, best first. Rows of other keys are never looked at. */
  async search(vectors: Float32Array[], options: VectorQueryOptions): Promise<VectorHit[][]> {
    return (await this.nearest(vectors, options)).hits
  }

  /** As `search`, and whether every row was compared: in memory where they fit, else in the store. */
  async nearest(vectors: Float32Array[], options: VectorQueryOptions): Promise<Nearest> {
    const [first] = vectors
    const nothing = { hits: vectors.map(() => []), exact: true }
    if (!first) return nothing
    const table = await this.#existing(`${options.pass}_${first.length}`, first.length)
    if (!table) return nothing
    const only = options.contentIds ? new Set(options.contentIds) : null
    const kept = await this.#memory.search(rowSource(table, options), { vectors, top: options.top, only })
    if (kept) return { hits: kept.map(distinctHits), exact: true }
    const [indexed, hits] = await Promise.all([hasVectorIndex(table), searchTable(table, vectors, options)])
    return { hits, exact: !indexed }
  }

  /** Reads the rows that a search of this kind goes through into memory; false when they do not belong there. */
  async keepInMemory(options: Omit<VectorQueryOptions, 'top' | 'contentIds'>, dimension: number): Promise<boolean> {
    const table = await this.#existing(`${options.pass}_${dimension}`, dimension)
    return table !== null && this.#memory.read(rowSource(table, options))
  }

  /** All rows of a level under a key, a batch at a time, in no order. */
  async *rows({ pass, key, level }: Omit<VectorQueryOptions, 'top' | 'contentIds'>): AsyncGenerator<RowBatch> {
    for (const table of await this.#tablesOf(pass)) {
      const query = table
        .query()
        .where(whereQuery({ key, level }))
        .select([...placeColumns, 'vector'])
      for await (const batch of query) if (batch.numRows > 0) yield rowBatch(batch)
    }
  }

  /** Number of stored rows of each video under a key. */
  async contents(pass: Pass, key: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    for (const table of await this.#tablesOf(pass)) {
      for (const [id, count] of await contentsOf(table, whereKey(key))) counts.set(id, (counts.get(id) ?? 0) + count)
    }
    return counts
  }

  /** Number of stored rows under a key. */
  async count(pass: Pass, key: string): Promise<number> {
    let count = 0
    for (const table of await this.#tablesOf(pass)) count += await table.countRows(whereKey(key))
    return count
  }

  /** Removes all embeddings of a video, of every pass and key. */
  async remove(contentIds: string[]): Promise<void> {
    if (contentIds.length === 0) return
    await this.#write(async () => {
      for (const pass of passes) {
        for (const table of await this.#tablesOf(pass)) {
          await deleteRows(table, whereContents(contentIds))
        }
      }
    })
    this.#memory.written(contentIds)
  }

  /**
   * Merges the small files that single writes leave and brings the indexes up to date: a second or two after a hundred
   * videos.
   */
  async merge(signal?: AbortSignal): Promise<void> {
    for (const pass of passes) {
      for (const table of await this.#tablesOf(pass)) {
        signal?.throwIfAborted()
        await this.#write(() => unlessContended(() => mergeFiles(table)))
      }
    }
  }

  /**
   * As `merge`, and builds the vector index of tables that have grown large, while searches and writes go on. Aborting
   * ends the waiting; the index may then still appear.
   */
  async optimise(signal?: AbortSignal): Promise<void> {
    await this.merge(signal)
    const building = (async () => {
      for (const pass of passes) {
        for (const table of await this.#tablesOf(pass)) {
          await unlessContended(() => buildVectorIndex(table, this.#indexFrom))
        }
      }
      await this.#durable?.sync()
    })()
    await unlessAborted(building, signal)
  }

  /** Ends all use of the store, after the write in progress; the building of an index is given up. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined)
    await this.#memory.close()
    this.shared?.close()
    for (const table of this.#tables.values()) (await table).close()
    const connection = await this.#connection?.catch(() => null)
    connection?.close()
  }

  /** One writer at a time: two commits of one process would only make each other retry. */
  #write<Result>(action: () => Promise<Result>): Promise<Result> {
    const attempt = async () => {
      const result = await retryContended(action)
      await this.#durable?.sync()
      return result
    }
    const result = this.#writing.then(attempt, attempt).catch((error: unknown) => {
      throw storeProblem(this.#address, error)
    })
    this.#writing = result.catch(() => undefined)
    return result
  }

  async #tablesOf(pass: Pass): Promise<Table[]> {
    const names = await (await this.#connected()).tableNames({ limit: 10_000 })
    return Promise.all(
      names
        .filter(name => name.startsWith(`${pass}_`))
        .map(name => this.#table(name, Number(name.slice(pass.length + 1)))),
    )
  }

  /** A table that is there already; one that was opened stays, since none is ever dropped. */
  async #existing(name: string, dimension: number): Promise<Table | null> {
    const opened = this.#tables.get(name)
    if (opened) return opened
    const names = await (await this.#connected()).tableNames({ limit: 10_000 })
    return names.includes(name) ? this.#table(name, dimension) : null
  }

  #connected(): Promise<Connection> {
    this.#connection ??= mendTables(this.#address).then(() => openStore(this.#address))
    // What is wrong with a folder may be mended while the workbench runs.
    this.#connection.catch(() => (this.#connection = null))
    return this.#connection
  }

  async #created(name: string, dimension: number): Promise<Table> {
    const [connection, { embeddingSchema }] = await Promise.all([this.#connected(), import('./arrow-rows.ts')])
    return connection.createEmptyTable(name, embeddingSchema(dimension), { mode: 'create', existOk: true })
  }

  #table(name: string, dimension: number): Promise<Table> {
    let table = this.#tables.get(name)
    if (!table) {
      table = this.#created(name, dimension)
      this.#tables.set(name, table)
      table.catch(() => this.#tables.delete(name))
    }
    return table
  }
}

/** A delete is a commit even when it matches nothing, so look first. */
async function deleteRows(table: Table, where: string): Promise<void> {
  if ((await table.countRows(where)) > 0) await table.delete(where)
}
