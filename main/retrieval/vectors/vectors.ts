import { mkdir } from 'node:fs/promises'
import { connect } from '@lancedb/lancedb'
import type { Connection, Table, VectorQuery } from '@lancedb/lancedb'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Pass } from './embedding-key.ts'
import { buildVectorIndex, mergeFiles, retryContended, unlessAborted, unlessContended } from './vector-maintenance.ts'
import { placeColumns, wholeSegment, distinct, embeddingSchema, fromArrow, rowBatch, toArrow } from './vector-rows.ts'
import type { EmbeddingRow, RowBatch } from './vector-rows.ts'

/** Which embeddings of which video. */
export interface EmbeddingLocation {
  pass: Pass
  key: string
  contentId: string
}

export interface VectorQueryOptions {
  pass: Pass
  key: string
  /** Number of nearest rows. */
  top: number
  /** Whole segments, or the clips within them. */
  level: 'segment' | 'clip'
  /** Only these videos; all when left out. */
  contentIds?: string[]
}

/** A row found by a search. `score` is the cosine similarity; `start` and `end` in seconds. */
export interface VectorHit {
  contentId: string
  segment: number
  clip: number
  start: number
  end: number
  score: number
}

/**
 * From this many rows on a table gets an HNSW index: below it an exact search takes less than half a second
 * (100,000 vectors of 1,024 dimensions: 0.6 s exact, 13 ms indexed) and needs no minutes of building.
 */
const rowsWorthAnIndex = 50_000
/**
 * Candidates per result whose exact distance replaces the quantised one; long lists have enough candidates by
 * themselves.
 */
const refineFactor = (top: number) => (top <= 100 ? 4 : 1)

const passes = ['overview', 'dense'] as const

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Embeddings on disk, searched by cosine similarity: one LanceDB table per dimension and pass. A change is one
 * or two commits of the table; what counts as indexed is decided by the ledger, never by the rows found here.
 */
export class VectorStore {
  readonly #folder: string
  readonly #connection: Connection
  readonly #indexFrom: number
  readonly #tables = new Map<string, Promise<Table>>()
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, connection: Connection, indexFrom: number) {
    this.#folder = folder
    this.#connection = connection
    this.#indexFrom = indexFrom
  }

  /** Opens or creates the store in a folder. Rows written by other processes are seen by the next read. */
  static async open(folder: string, indexFrom = rowsWorthAnIndex): Promise<VectorStore> {
    await mkdir(folder, { recursive: true })
    // Chosen before the library asks for a choice on stderr: nothing here reads the centroids.
    process.env['LANCE_INCLUDE_VECTOR_CENTROIDS'] ??= 'false'
    return new VectorStore(folder, await connect(folder, { readConsistencyInterval: 0 }), indexFrom)
  }

  /** Puts `rows` in the place of whatever was stored there; the same call twice leaves the same rows. */
  async replace(place: EmbeddingLocation, rows: EmbeddingRow[]): Promise<void> {
    const dimension = rows[0]?.vector.length
    await this.#write(async () => {
      for (const table of await this.#tablesOf(place.pass)) await deleteRows(table, wherePlace(place))
      if (dimension === undefined) return
      const table = await this.#table(`${place.pass}_${dimension}`, dimension)
      await table.add(toArrow(rows, { contentId: place.contentId, key: place.key, dimension }))
    })
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
    const [first, ...others] = vectors
    const hits: VectorHit[][] = vectors.map(() => [])
    if (!first) return hits
    const name = `${options.pass}_${first.length}`
    if (!(await this.#connection.tableNames({ limit: 10_000 })).includes(name)) return hits
    const table = await this.#table(name, first.length)
    let query: VectorQuery = table.query().nearestTo(first).distanceType('cosine')
    for (const vector of others) query = query.addQueryVector(vector)
    const found = (await query
      .where(whereQuery(options))
      .select([...placeColumns, '_distance', ...(others.length > 0 ? ['query_index'] : [])])
      .limit(options.top)
      .refineFactor(refineFactor(options.top))
      .ef(Math.max(64, options.top * refineFactor(options.top)))
      .toArray()) as FoundRow[]
    for (const row of found) {
      hits[row.query_index ?? 0]?.push({
        contentId: row.content_id,
        segment: row.segment,
        clip: row.clip,
        start: row.start,
        end: row.end,
        score: 1 - row._distance,
      })
    }
    return hits.map(list =>
      distinct(
        list.sort((a, b) => b.score - a.score),
        hit => `${hit.segment} ${hit.clip} ${hit.contentId}`,
      ),
    )
  }

  /** All rows of a level under a key, a batch at a time, in no order. */
  async *rows({ pass, key, level }: Omit<VectorQueryOptions, 'top' | 'contentIds'>): AsyncGenerator<RowBatch> {
    for (const table of await this.#tablesOf(pass)) {
      const query = table
        .query()
        .where(whereQuery({ pass, key, level, top: 0 }))
        .select([...placeColumns, 'vector'])
      for await (const batch of query) if (batch.numRows > 0) yield rowBatch(batch)
    }
  }

  /** Number of stored rows of each video under a key. */
  async contents(pass: Pass, key: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    for (const table of await this.#tablesOf(pass)) {
      const rows = (await table.query().where(whereKey(key)).select(['content_id']).toArray()) as {
        content_id: string
      }[]
      for (const { content_id: id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1)
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
          await deleteRows(table, `content_id IN (${contentIds.map(literal).join(', ')})`)
        }
      }
    })
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
   * As `merge`, and builds the vector index of tables that have grown large: minutes (two for 100,000 rows on two
   * cores) in which searches and writes go on. Aborting ends the waiting; the index may then still appear.
   */
  async optimise(signal?: AbortSignal): Promise<void> {
    await this.merge(signal)
    const building = (async () => {
      for (const pass of passes) {
        for (const table of await this.#tablesOf(pass)) {
          await unlessContended(() => buildVectorIndex(table, this.#indexFrom))
        }
      }
    })()
    await unlessAborted(building, signal)
  }

  /** Ends all use of the store, after the write in progress; the building of an index is given up. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined)
    for (const table of this.#tables.values()) (await table).close()
    this.#connection.close()
  }

  /** One writer at a time: two commits of one process would only make each other retry. */
  #write<Result>(action: () => Promise<Result>): Promise<Result> {
    const attempt = () => retryContended(action)
    const result = this.#writing.then(attempt, attempt).catch((error: unknown) => {
      throw this.#explain(error)
    })
    this.#writing = result.catch(() => undefined)
    return result
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof Error) || !/No space left|StorageFull|os error (28|112|122)\b/.test(error.message)) {
      return error
    }
    return new ExpectedError(
      'disk-full',
      `The embeddings in ${this.#folder} could not be written because the disk is full: free some space and try again.`,
      { cause: error },
    )
  }

  async #tablesOf(pass: Pass): Promise<Table[]> {
    const names = await this.#connection.tableNames({ limit: 10_000 })
    return Promise.all(
      names
        .filter(name => name.startsWith(`${pass}_`))
        .map(name => this.#table(name, Number(name.slice(pass.length + 1)))),
    )
  }

  #table(name: string, dimension: number): Promise<Table> {
    let table = this.#tables.get(name)
    if (!table) {
      table = this.#connection.createEmptyTable(name, embeddingSchema(dimension), { mode: 'create', existOk: true })
      this.#tables.set(name, table)
      table.catch(() => this.#tables.delete(name))
    }
    return table
  }
}

interface FoundRow {
  content_id: string
  segment: number
  clip: number
  start: number
  end: number
  _distance: number
  query_index?: number
}

const whereKey = (key: string) => `key = ${literal(key)}`
const wherePlace = ({ key, contentId }: EmbeddingLocation) => `content_id = ${literal(contentId)} AND ${whereKey(key)}`

function whereQuery({ key, level, contentIds }: VectorQueryOptions): string {
  const rows = level === 'segment' ? `clip = ${wholeSegment}` : `clip <> ${wholeSegment}`
  const videos = contentIds ? ` AND content_id IN (${contentIds.map(literal).join(', ')})` : ''
  return `${whereKey(key)} AND ${rows}${videos}`
}

/** A delete is a commit even when it matches nothing, so look first. */
async function deleteRows(table: Table, where: string): Promise<void> {
  if ((await table.countRows(where)) > 0) await table.delete(where)
}
