import { z } from 'zod'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { LedgerEntry } from '../retrieval/vectors/embedding-ledger.ts'
import type { EmbeddingRow } from '../retrieval/vectors/vector-rows.ts'

const passes = ['overview', 'dense'] as const satisfies readonly Pass[]
const identity = z.string().regex(/^[0-9a-f]{32}$/)

/** A video to embed, as it is handed to another machine. `keys` of the passes that are wanted. */
export const workItem = z.object({
  path: z.string().min(1),
  contentId: identity,
  keys: z.partialRecord(z.enum(passes), identity),
})
export type WorkItem = z.infer<typeof workItem>

/** Names what comes of an item: content, model and sampling. The same work has the same name, whoever asks for it. */
export const workName = ({ contentId, keys }: Pick<WorkItem, 'contentId' | 'keys'>): string =>
  [contentId, ...passes.map(pass => keys[pass] ?? 'none')].join('-')

/** One finished pass: what the ledger says of it, and its rows. */
export interface FinishedPass {
  readonly entry: LedgerEntry
  readonly rows: readonly EmbeddingRow[]
}

const count = z.number().int().nonnegative()
const packedPass = z.object({
  contentId: identity,
  key: identity,
  pass: z.enum(passes),
  modelHash: z.string(),
  warnings: z.array(z.string()),
  dimension: count,
  /** Segment, clip, start and end of each row. */
  places: z.array(z.tuple([count, z.number().int().min(-1), z.number(), z.number()])),
  /** Float32, little-endian, base64. */
  vectors: z.string(),
})
/** A finished video on its way to the one who writes. */
export const packedVideo = z.array(packedPass)
export type PackedVideo = z.infer<typeof packedVideo>

export function pack(video: readonly FinishedPass[]): PackedVideo {
  return video.map(({ entry: { rows: _, warnings = [], ...entry }, rows }) => {
    const dimension = rows[0]?.vector.length ?? 0
    const vectors = new Float32Array(rows.length * dimension)
    rows.forEach(({ vector }, index) => vectors.set(vector, index * dimension))
    return {
      ...entry,
      warnings: [...warnings],
      dimension,
      places: rows.map(({ segment, clip, start, end }) => [segment, clip, start, end]),
      vectors: Buffer.from(vectors.buffer).toString('base64'),
    }
  })
}

/** @throws when vectors and places do not fit together: a bug of whoever packed them. */
export function unpack(video: PackedVideo): FinishedPass[] {
  return video.map(({ dimension, places, vectors, ...entry }) => {
    const bytes = Buffer.from(vectors, 'base64')
    if (bytes.length !== 4 * dimension * places.length) {
      throw new Error(`${bytes.length} bytes of vectors for ${places.length} rows of ${dimension} numbers`)
    }
    const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    return {
      entry: { ...entry, rows: places.length },
      rows: places.map(([segment, clip, start, end], row) => ({
        segment,
        clip,
        start,
        end,
        vector: numbers.subarray(row * dimension, (row + 1) * dimension),
      })),
    }
  })
}
