import type { FixedSizeList, RecordBatch, Table } from 'apache-arrow'

/** The clip number of a row that stands for its whole segment. */
export const wholeSegment = -1

/** One embedding of a video. `start` and `end` in seconds; `clip` counts within its segment, or is `WHOLE_SEGMENT`. */
export interface EmbeddingRow {
  segment: number
  clip: number
  start: number
  end: number
  vector: Float32Array
}

/** Names of the stored columns beside the vector. */
export const placeColumns = ['content_id', 'segment', 'clip', 'start', 'end'] as const

interface StoredRow extends Omit<EmbeddingRow, 'vector'> {
  vector: { toArray(): Float32Array }
}

/** Stored rows in the order of the video: by segment, the whole segment before its clips. The vectors are copies. */
export function fromArrow(table: Pick<Table, 'toArray'>): EmbeddingRow[] {
  const rows = (table.toArray() as StoredRow[]).map(row => ({
    segment: row.segment,
    clip: row.clip,
    start: row.start,
    end: row.end,
    vector: Float32Array.from(row.vector.toArray()),
  }))
  return distinct(rows, row => `${row.segment} ${row.clip}`).sort((a, b) => a.segment - b.segment || a.clip - b.clip)
}

/** Stored rows, column by column; `vectors` has `dimension` numbers for each. */
export interface RowBatch {
  readonly contentIds: readonly string[]
  readonly segments: readonly number[]
  readonly clips: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly dimension: number
  readonly vectors: Float32Array
}

/** The rows of an Arrow batch with the columns of an embedding. */
export function rowBatch(batch: RecordBatch): RowBatch {
  const column = <Value>(name: string) => [...(batch.getChild(name) ?? [])] as Value[]
  const list = batch.getChild('vector')?.data[0]
  const numbers = list?.children[0]
  if (!list || !numbers) throw new Error('a batch of embeddings without vectors')
  const dimension = (list.type as FixedSizeList).listSize
  return {
    contentIds: column<string>('content_id'),
    segments: column<number>('segment'),
    clips: column<number>('clip'),
    starts: column<number>('start'),
    ends: column<number>('end'),
    dimension,
    vectors: (numbers.values as Float32Array).subarray(numbers.offset, numbers.offset + batch.numRows * dimension),
  }
}

/** The first item of each name: two processes that embed the same video at the same moment leave its rows twice. */
export function distinct<Item>(items: readonly Item[], name: (item: Item) => string): Item[] {
  const names = new Set<string>()
  return items.filter(item => names.size < names.add(name(item)).size)
}
