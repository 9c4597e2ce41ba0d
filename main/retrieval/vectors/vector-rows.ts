import {
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  makeData,
  vectorFromArray,
} from 'apache-arrow'

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

/** The Arrow schema of a table of embeddings of `dimension` numbers. */
export function embeddingSchema(dimension: number): Schema {
  return new Schema([
    new Field('vector', new FixedSizeList(dimension, new Field('item', new Float32(), true)), false),
    new Field('content_id', new Utf8(), false),
    new Field('key', new Utf8(), false),
    new Field('segment', new Int32(), false),
    new Field('clip', new Int32(), false),
    new Field('start', new Float64(), false),
    new Field('end', new Float64(), false),
  ])
}

/**
 * Rows as one Arrow table, the vectors in one buffer.
 * @throws when a vector has another length than `dimension`: a bug of the caller.
 */
export function toArrow(
  rows: readonly EmbeddingRow[],
  { contentId, key, dimension }: { readonly contentId: string; readonly key: string; readonly dimension: number },
): Table {
  const schema = embeddingSchema(dimension)
  const vectors = new Float32Array(rows.length * dimension)
  rows.forEach((row, index) => {
    if (row.vector.length !== dimension) {
      throw new Error(`a vector of ${row.vector.length} numbers in a table of ${dimension}`)
    }
    vectors.set(row.vector, index * dimension)
  })
  const numbers = makeData({ type: new Float32(), length: vectors.length, nullCount: 0, data: vectors })
  const constant = (text: string) =>
    vectorFromArray(
      rows.map(() => text),
      new Utf8(),
    ).data[0]
  const integers = (pick: (row: EmbeddingRow) => number) => vectorFromArray(Int32Array.from(rows, pick)).data[0]
  const seconds = (pick: (row: EmbeddingRow) => number) => vectorFromArray(Float64Array.from(rows, pick)).data[0]
  const children = [
    makeData({
      type: new FixedSizeList(dimension, new Field('item', new Float32(), true)),
      length: rows.length,
      nullCount: 0,
      child: numbers,
    }),
    constant(contentId),
    constant(key),
    integers(row => row.segment),
    integers(row => row.clip),
    seconds(row => row.start),
    seconds(row => row.end),
  ].filter(child => child !== undefined)
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }),
  )
  return new Table(schema, batch)
}

/** Tables of one schema as one. */
export function joined(tables: readonly Table[]): Table {
  const [first] = tables
  if (!first) throw new Error('no tables to join')
  return new Table(
    first.schema,
    tables.flatMap(({ batches }) => batches),
  )
}

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

/** The rows of an Arrow batch with the columns of {@link embeddingSchema}. */
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
