import { createRequire } from 'node:module'
import type { Schema, Table } from 'apache-arrow'
import type { EmbeddingRow } from './vector-rows.ts'

/** The copy of Apache Arrow that LanceDB loads: an import would load a second one, which takes a core as long. */
export const arrow = createRequire(import.meta.url)('apache-arrow') as typeof import('apache-arrow')
const { Field, FixedSizeList, Float32, Float64, Int32, RecordBatch, Struct, Utf8, makeData, vectorFromArray } = arrow

/** The Arrow schema of a table of embeddings of `dimension` numbers. */
export function embeddingSchema(dimension: number): Schema {
  return new arrow.Schema([
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
  return new arrow.Table(schema, batch)
}

/** Tables of one schema as one. */
export function joined(tables: readonly Table[]): Table {
  const [first] = tables
  if (!first) throw new Error('no tables to join')
  return new arrow.Table(
    first.schema,
    tables.flatMap(({ batches }) => batches),
  )
}
