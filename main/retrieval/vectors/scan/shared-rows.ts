import { BestRows } from './best-rows.ts'
import { lanes, mostPages, pageBytes } from './dot-products.ts'

/** Rows to keep, column by column; `vectors` has `dimension` numbers for each. */
export interface RowColumns {
  readonly contentIds: readonly string[]
  readonly segments: readonly number[]
  readonly clips: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly vectors: Float32Array
}

/** A row and its cosine similarity; `start` and `end` in seconds. */
export interface ScoredRow {
  readonly contentId: string
  readonly segment: number
  readonly clip: number
  readonly start: number
  readonly end: number
  readonly score: number
}

/** Where things lie in the memory, bytes. */
export interface Layout {
  /** Of one row, a multiple of 64. */
  readonly rowBytes: number
  readonly rowsPerBlock: number
  readonly queries: number
  readonly blocks: number
  /** From the beginning of one block to that of the next: its rows, then the scores of its rows for each query. */
  readonly blockBytes: number
}

/** Queries of one scan: the sentences of a search for moments. */
export const mostQueries = 16
/** Rows of a block stay in a core's cache while one query after the other is compared with them. */
const bytesInCache = 256 * 1024
/** The counter by which the threads share out the blocks. */
const headerBytes = 64

/** @param dimension numbers of a row. */
export function layoutOf(dimension: number): Layout {
  const rowBytes = 4 * lanes * Math.ceil(dimension / lanes)
  const rowsPerBlock = Math.max(1, Math.floor(bytesInCache / rowBytes))
  return {
    rowBytes,
    rowsPerBlock,
    queries: headerBytes,
    blocks: headerBytes + mostQueries * rowBytes,
    blockBytes: rowsPerBlock * (rowBytes + 4 * mostQueries),
  }
}

/** Rows of one table, key and level in memory that scanning threads share. Rows that were dropped keep their room. */
export class SharedRows {
  readonly dimension: number
  readonly layout: Layout
  readonly memory: WebAssembly.Memory
  /** Rows of each content that are here. */
  readonly contents = new Map<string, number>()
  readonly #contentIds: string[] = []
  readonly #segments: number[] = []
  readonly #clips: number[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  /** Of 1 over the length of each row; 0 for a row that was dropped, or that has no direction. */
  readonly #scales: number[] = []
  #dropped = 0

  constructor(dimension: number) {
    this.dimension = dimension
    this.layout = layoutOf(dimension)
    const initial = Math.ceil(this.layout.blocks / pageBytes)
    this.memory = new WebAssembly.Memory({ initial, maximum: mostPages, shared: true })
  }

  /** With those that were dropped. */
  get count(): number {
    return this.#contentIds.length
  }

  /** Of those that were dropped, from 0 to 1. */
  get waste(): number {
    return this.count === 0 ? 0 : this.#dropped / this.count
  }

  get bytes(): number {
    return this.memory.buffer.byteLength
  }

  append({ contentIds, segments, clips, starts, ends, vectors }: RowColumns): void {
    const { dimension, layout } = this
    const last = this.count + contentIds.length
    this.#grow(layout.blocks + Math.ceil(last / layout.rowsPerBlock) * layout.blockBytes)
    contentIds.forEach((contentId, index) => {
      const vector = vectors.subarray(index * dimension, (index + 1) * dimension)
      new Float32Array(this.memory.buffer, this.#addressOf(this.count), dimension).set(vector)
      this.#contentIds.push(contentId)
      this.#segments.push(segments[index]!)
      this.#clips.push(clips[index]!)
      this.#starts.push(starts[index]!)
      this.#ends.push(ends[index]!)
      this.#scales.push(oneOver(lengthOf(vector)))
      this.contents.set(contentId, (this.contents.get(contentId) ?? 0) + 1)
    })
  }

  drop(contentIds: ReadonlySet<string>): void {
    const held = [...contentIds].filter(id => this.contents.delete(id))
    if (held.length === 0) return
    this.#contentIds.forEach((contentId, row) => {
      if (contentId === '' || !contentIds.has(contentId)) return
      this.#contentIds[row] = ''
      this.#scales[row] = 0
      this.#dropped += 1
    })
  }

  /** Puts down what the threads compare the rows with. */
  ask(vectors: readonly Float32Array[]): void {
    const { queries, rowBytes } = this.layout
    vectors.forEach((vector, index) => {
      const room = new Float32Array(this.memory.buffer, queries + index * rowBytes, rowBytes / 4)
      room.fill(0)
      room.set(vector)
    })
  }

  /**
   * The best rows for the query of this number by the dot products that the threads left.
   * @param count rows that they have looked at
   * @param only these contents; all when null
   */
  best(
    query: { readonly number: number; readonly vector: Float32Array },
    { count, top, only }: { readonly count: number; readonly top: number; readonly only: ReadonlySet<string> | null },
  ): ScoredRow[] {
    const { rowsPerBlock, rowBytes } = this.layout
    const scale = oneOver(lengthOf(query.vector))
    const best = new BestRows(top)
    for (let first = 0; first < count; first += rowsPerBlock) {
      const scores = this.#addressOf(first) + rowsPerBlock * (rowBytes + 4 * query.number)
      const dots = new Float32Array(this.memory.buffer, scores, Math.min(rowsPerBlock, count - first))
      for (let place = 0; place < dots.length; place += 1) {
        const row = first + place
        const id = this.#contentIds[row]!
        if (id === '' || (only && !only.has(id))) continue
        best.offer(row, dots[place]! * scale * this.#scales[row]!)
      }
    }
    return best.ranked().map(({ row, score }) => ({
      contentId: this.#contentIds[row]!,
      segment: this.#segments[row]!,
      clip: this.#clips[row]!,
      start: this.#starts[row]!,
      end: this.#ends[row]!,
      score,
    }))
  }

  #addressOf(row: number): number {
    const { blocks, blockBytes, rowBytes, rowsPerBlock } = this.layout
    return blocks + Math.floor(row / rowsPerBlock) * blockBytes + (row % rowsPerBlock) * rowBytes
  }

  #grow(bytes: number): void {
    const missing = Math.ceil((bytes - this.bytes) / pageBytes)
    if (missing > 0) this.memory.grow(missing)
  }
}

function lengthOf(vector: Float32Array): number {
  let squared = 0
  for (const value of vector) squared += value * value
  return Math.sqrt(squared)
}

const oneOver = (length: number): number => (length > 0 ? 1 / length : 0)
