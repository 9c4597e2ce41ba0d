import type { Table, VectorQuery } from '@lancedb/lancedb'
import type { Pass } from './embedding-key.ts'
import type { RowSource } from './rows-in-memory.ts'
import { partitions } from './vector-maintenance.ts'
import { distinct, placeColumns, rowBatch, wholeSegment } from './vector-rows.ts'

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

/** Videos whose rows are asked for at once. */
const contentsAtOnce = 500

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** What a search goes through, as it is copied into memory. */
export function rowSource(table: Table, { key, level }: Pick<VectorQueryOptions, 'key' | 'level'>): RowSource {
  const where = whereQuery({ key, level })
  return {
    name: `${table.name} ${key} ${level}`,
    dimension: Number(table.name.slice(table.name.lastIndexOf('_') + 1)),
    version: () => table.version(),
    count: () => table.countRows(where),
    contents: () => contentsOf(table, where),
    async *rows(contentIds) {
      const columns = [...placeColumns, 'vector']
      const parts = contentIds === null ? [where] : inParts(contentIds).map(ids => `${where} AND ${whereContents(ids)}`)
      for (const part of parts) {
        for await (const batch of table.query().where(part).select(columns)) {
          if (batch.numRows > 0) yield rowBatch(batch)
        }
      }
    },
  }
}

/** Number of rows of each content. */
export async function contentsOf(table: Table, where: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const batch of table.query().where(where).select(['content_id'])) {
    for (const id of (batch.getChild('content_id') ?? []) as Iterable<string>) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

const inParts = (contentIds: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(contentIds.length / contentsAtOnce) }, (_, part) =>
    contentIds.slice(part * contentsAtOnce, (part + 1) * contentsAtOnce),
  )

/** Lets the store itself find the nearest rows: by its index where it has one, else through all of them. */
export async function searchTable(
  table: Table,
  vectors: Float32Array[],
  options: VectorQueryOptions,
): Promise<VectorHit[][]> {
  const [first, ...others] = vectors as [Float32Array, ...Float32Array[]]
  let query: VectorQuery = table.query().nearestTo(first).distanceType('cosine')
  for (const vector of others) query = query.addQueryVector(vector)
  const found = (await query
    .where(whereQuery(options))
    .select([...placeColumns, '_distance', ...(others.length > 0 ? ['query_index'] : [])])
    .limit(options.top)
    .refineFactor(refineFactor(options.top))
    .nprobes(partitions)
    .toArray()) as FoundRow[]
  const hits: VectorHit[][] = vectors.map(() => [])
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
  return hits.map(list => distinctHits(list.sort((a, b) => b.score - a.score)))
}

export const distinctHits = (hits: readonly VectorHit[]): VectorHit[] =>
  distinct(hits, hit => `${hit.segment} ${hit.clip} ${hit.contentId}`)

/**
 * Candidates per result whose exact distance replaces the quantised one; long lists have enough candidates by
 * themselves. On 100,000 × 1,024 without clusters fewer are no faster: 3 have a recall of 0.99, 2 of 0.96.
 */
const refineFactor = (top: number) => (top <= 100 ? 4 : 2)

interface FoundRow {
  content_id: string
  segment: number
  clip: number
  start: number
  end: number
  _distance: number
  query_index?: number
}

export const whereKey = (key: string) => `key = ${literal(key)}`
export const wherePlace = ({ key, contentId }: EmbeddingLocation) =>
  `content_id = ${literal(contentId)} AND ${whereKey(key)}`

export const whereContents = (ids: readonly string[]) => `content_id IN (${ids.map(literal).join(', ')})`

export function whereQuery({
  key,
  level,
  contentIds,
}: Pick<VectorQueryOptions, 'key' | 'level' | 'contentIds'>): string {
  const rows = level === 'segment' ? `clip = ${wholeSegment}` : `clip <> ${wholeSegment}`
  return `${whereKey(key)} AND ${rows}${contentIds ? ` AND ${whereContents(contentIds)}` : ''}`
}
