import { createHash } from 'node:crypto'
import type { MapSubject } from '../api/map.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { EmbeddingLedger } from '../retrieval/vectors/embedding-ledger.ts'
import type { VectorQueryOptions } from '../retrieval/vectors/table-search.ts'
import type { RowBatch } from '../retrieval/vectors/vector-rows.ts'
import type { VectorStore } from '../retrieval/vectors/vectors.ts'
import type { Matrix } from './projection/matrix.ts'

/** What a point of the map stands for: a row of the vector store. `start` and `end` in seconds. */
export interface MapPoint {
  readonly contentId: string
  readonly segment: number
  readonly clip: number
  readonly start: number
  readonly end: number
}

export interface PointSource {
  readonly store: Pick<VectorStore, 'rows'>
  readonly ledger: Pick<EmbeddingLedger, 'complete' | 'keys'>
}

/** Whole videos come from the overview, clips from the dense pass. */
export const passOf: Readonly<Record<MapSubject, Pass>> = { videos: 'overview', clips: 'dense' }
const levelOf: Readonly<Record<MapSubject, VectorQueryOptions['level']>> = { videos: 'segment', clips: 'clip' }

/** Raised whenever the same embeddings give another map. */
const projectionVersion = 2

/** Tells one state of an index from another: which contents are complete under a key, and with how many rows. */
export function indexRevision(ledger: PointSource['ledger'], key: string): string {
  const hash = createHash('sha256').update(`${projectionVersion}\n`)
  for (const [contentId, rows] of [...ledger.complete(key)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${contentId} ${rows}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

/** The name of a row, by which what is computed apart from a map is brought together with it. */
export const pointName = ({ contentId, segment, clip }: Pick<MapPoint, 'contentId' | 'segment' | 'clip'>): string =>
  `${contentId} ${segment} ${clip}`

/**
 * Every row of complete contents, in an order that depends on nothing but them; `vectors` of unit length, in shared
 * memory. `broken` has the contents with a row whose numbers are none, which is left out.
 */
export async function readPoints(
  { store, ledger }: PointSource,
  { subject, key }: { readonly subject: MapSubject; readonly key: string },
  signal: AbortSignal,
): Promise<{ points: MapPoint[]; vectors: Matrix; broken: string[] }> {
  const complete = ledger.complete(key)
  const found: { readonly point: MapPoint; readonly vector: Float32Array }[] = []
  for await (const batch of store.rows({ pass: passOf[subject], key, level: levelOf[subject] })) {
    signal.throwIfAborted()
    eachRow(batch, (point, vector) => {
      if (complete.has(point.contentId)) found.push({ point, vector })
    })
  }
  found.sort((a, b) => inOrder(a.point, b.point))
  // Two processes that embed the same video at the same moment leave its rows twice.
  const distinct = found.filter(({ point }, place) => place === 0 || inOrder(found[place - 1]!.point, point) !== 0)
  const usable = distinct.filter(({ vector }) => vector.every(Number.isFinite))
  const broken = distinct.filter(({ vector }) => !vector.every(Number.isFinite)).map(({ point }) => point.contentId)
  const columns = usable[0]?.vector.length ?? 0
  const values = new Float32Array(new SharedArrayBuffer(4 * usable.length * columns))
  usable.forEach(({ vector }, row) => values.set(unit(vector), row * columns))
  return {
    points: usable.map(({ point }) => point),
    vectors: { rows: usable.length, columns, values },
    broken: [...new Set(broken)],
  }
}

/** Calls `use` for each row; the vector is a view into the batch. */
export function eachRow(batch: RowBatch, use: (point: MapPoint, vector: Float32Array) => void): void {
  const { contentIds, segments, clips, starts, ends, dimension, vectors } = batch
  contentIds.forEach((contentId, row) => {
    const point = { contentId, segment: segments[row]!, clip: clips[row]!, start: starts[row]!, end: ends[row]! }
    use(point, vectors.subarray(row * dimension, (row + 1) * dimension))
  })
}

function inOrder(a: MapPoint, b: MapPoint): number {
  if (a.contentId !== b.contentId) return a.contentId < b.contentId ? -1 : 1
  return a.segment - b.segment || a.clip - b.clip
}

function unit(vector: Float32Array): Float32Array {
  let squared = 0
  for (const value of vector) squared += value * value
  const length = Math.sqrt(squared) || 1
  return vector.map(value => value / length)
}
