import { uniformStream } from '../../../native-models/starter/random.ts'
import { squaredDistance } from './matrix.ts'
import type { Matrix } from './matrix.ts'

/** The nearest other rows of each, nearest first: `indices` and `distances` (Euclidean) have rows × count numbers. */
export interface Neighbours {
  readonly count: number
  readonly indices: Int32Array
  readonly distances: Float32Array
}

/** Up to so many rows every pair is compared: a second. */
const exactRows = 4096
/** Lines along which rows that are near one another are looked for first, and how far along each. */
const lines = 12
const reach = 8
/** Of a row's neighbours, those that are compared with one another in a round. */
const candidates = 16
const mostRounds = 12
/** A round that changes fewer than this share of all neighbours is the last. */
const settled = 0.001
const seed = 2

/**
 * Exactly for few rows; for many by NN-descent (Dong, Moses, Li: Efficient k-nearest neighbor graph construction for
 * generic similarity measures, WWW 2011): neighbours of neighbours are compared until hardly any is nearer. Seeded.
 * @param report told how much of it is done, from 0 to 1
 */
export function nearestNeighbours(data: Matrix, count: number, report: (share: number) => void): Neighbours {
  const lists = new NeighbourLists(data.rows, count)
  if (data.rows <= exactRows) {
    for (let a = 0; a < data.rows; a++) {
      for (let b = a + 1; b < data.rows; b++) lists.offerBoth(a, b, squaredDistance(data, a, b))
    }
  } else {
    alongLines(data, lists)
    for (let round = 0; round < mostRounds; round++) {
      report((round + 1) / (mostRounds + 1))
      if (descend(data, lists, seed + round) < settled * data.rows * count) break
    }
  }
  report(1)
  return lists.sorted()
}

/** The lists while they improve: of each row a heap with the farthest neighbour on top. */
class NeighbourLists {
  readonly rows: number
  readonly count: number
  readonly indices: Int32Array
  readonly distances: Float32Array
  /** Whether a neighbour was not compared with the others yet. */
  readonly fresh: Uint8Array

  constructor(rows: number, count: number) {
    this.rows = rows
    this.count = count
    this.indices = new Int32Array(rows * count).fill(-1)
    this.distances = new Float32Array(rows * count).fill(Infinity)
    this.fresh = new Uint8Array(rows * count)
  }

  /** Returns how many of the two lists took the other row. */
  offerBoth(a: number, b: number, squared: number): number {
    return this.#offer(a, b, squared) + this.#offer(b, a, squared)
  }

  #offer(row: number, other: number, squared: number): number {
    const { count, indices, distances, fresh } = this
    const top = row * count
    if (squared >= distances[top]!) return 0
    for (let at = top; at < top + count; at++) if (indices[at] === other) return 0
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= count) break
      if (child + 1 < count && distances[top + child + 1]! > distances[top + child]!) child += 1
      if (distances[top + child]! <= squared) break
      indices[top + place] = indices[top + child]!
      distances[top + place] = distances[top + child]!
      fresh[top + place] = fresh[top + child]!
      place = child
    }
    indices[top + place] = other
    distances[top + place] = squared
    fresh[top + place] = 1
    return 1
  }

  sorted(): Neighbours {
    const { rows, count } = this
    const indices = new Int32Array(rows * count)
    const distances = new Float32Array(rows * count)
    for (let row = 0; row < rows; row++) {
      const from = row * count
      const order = Array.from({ length: count }, (_, place) => from + place).sort(
        (a, b) => this.distances[a]! - this.distances[b]! || this.indices[a]! - this.indices[b]!,
      )
      order.forEach((at, place) => {
        indices[from + place] = this.indices[at]!
        distances[from + place] = Math.sqrt(this.distances[at]!)
      })
    }
    return { count, indices, distances }
  }
}

/** Rows that lie beside one another along random lines are the first neighbours. */
function alongLines(data: Matrix, lists: NeighbourLists): void {
  const next = uniformStream(seed)
  const { rows, columns, values } = data
  for (let line = 0; line < lines; line++) {
    const direction = Float32Array.from({ length: columns }, () => next() - 0.5)
    const along = new Float32Array(rows)
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let column = 0; column < columns; column++) sum += values[row * columns + column]! * direction[column]!
      along[row] = sum
    }
    const order = Int32Array.from(along, (_, row) => row).sort((a, b) => along[a]! - along[b]! || a - b)
    for (let place = 0; place < rows; place++) {
      for (let step = 1; step <= reach && place + step < rows; step++) {
        const [a, b] = [order[place]!, order[place + step]!]
        lists.offerBoth(a, b, squaredDistance(data, a, b))
      }
    }
  }
}

/** One round. Returns how many neighbours were replaced. */
function descend(data: Matrix, lists: NeighbourLists, roundSeed: number): number {
  const { fresh, known } = chooseCandidates(lists, roundSeed)
  let replaced = 0
  for (let row = 0; row < lists.rows; row++) {
    const from = row * candidates
    for (let i = from; i < from + candidates; i++) {
      const a = fresh[i]!
      if (a < 0) break
      for (let j = i + 1; j < from + candidates; j++) {
        const b = fresh[j]!
        if (b < 0) break
        if (a !== b) replaced += lists.offerBoth(a, b, squaredDistance(data, a, b))
      }
      for (let j = from; j < from + candidates; j++) {
        const b = known[j]!
        if (b < 0) break
        if (a !== b) replaced += lists.offerBoth(a, b, squaredDistance(data, a, b))
      }
    }
  }
  return replaced
}

/** For each row some of those that it is near to, either way round: new ones, and those that were compared before. */
function chooseCandidates(lists: NeighbourLists, roundSeed: number): { fresh: Int32Array; known: Int32Array } {
  const next = uniformStream(roundSeed)
  const { rows, count, indices, fresh } = lists
  const chosen = [0, 1].map(() => ({ rows: new Int32Array(rows * candidates).fill(-1), offered: new Int32Array(rows) }))
  const offer = (kind: number, row: number, other: number): void => {
    const list = chosen[kind]!
    const seen = list.offered[row]!++
    // Each of those offered is kept with the same chance.
    const place = seen < candidates ? seen : Math.floor(next() * (seen + 1))
    if (place < candidates) list.rows[row * candidates + place] = other
  }
  for (let row = 0; row < rows; row++) {
    for (let at = row * count; at < (row + 1) * count; at++) {
      const other = indices[at]!
      if (other < 0) continue
      const kind = fresh[at]!
      offer(kind, row, other)
      offer(kind, other, row)
      fresh[at] = 0
    }
  }
  return { known: chosen[0]!.rows, fresh: chosen[1]!.rows }
}
