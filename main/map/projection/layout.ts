import { uniformStream } from '../../../native-models/starter/random.ts'
import type { Graph } from './neighbour-graph.ts'

/**
 * The curve that a distance on the map is judged by is 1 / (1 + a d^2b). Fitted to a least distance of 0.197, b is 1,
 * which spares the inner loop its power: a quarter of the time.
 */
const curve = 1.27
/** Rows that each moved row is pushed away from. */
const pushes = 5
const mostStep = 4
const seed = 3

/** Points that had a place begin with this share of the whole step, and go back this share of their way each round. */
const kept = { rate: 0.1, tie: 0.3 }

/** As many rounds as umap-learn takes: small maps settle later. */
const epochsFor = (rows: number): number => (rows <= 10_000 ? 500 : 200)

/**
 * Moves points so that those joined by an edge come near one another and others stay apart: the stochastic gradient
 * descent of UMAP (arXiv 1802.03426, §3.2). Seeded and in one thread, so that the same graph and start give the same
 * map.
 * @param start [rows × 2]; is changed
 * @param places [rows × 2] of those that had a place and keep near it, NaN for others; null where none had
 * @param report told of each finished round
 */
export function layOut(
  graph: Graph,
  { start, places }: { readonly start: Float32Array; readonly places: Float32Array | null },
  report: (done: number, total: number) => void,
): Float32Array {
  const total = epochsFor(start.length / 2)
  const { heads, tails, weights } = directed(graph, total)
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  // An edge comes up as often as it is strong.
  const every = weights.map(weight => strongest / weight)
  const due = Float32Array.from(every)
  const next = uniformStream(seed)
  const moved = new MovedPoints(start)
  const rows = start.length / 2
  for (let epoch = 1; epoch <= total; epoch++) {
    const left = 1 - (epoch - 1) / total
    moved.rate = places ? kept.rate * left : left
    for (let edge = 0; edge < heads.length; edge++) {
      if (due[edge]! > epoch) continue
      due[edge]! += every[edge]!
      const head = heads[edge]!
      moved.pull(head, tails[edge]!)
      for (let i = 0; i < pushes; i++) moved.push(head, Math.floor(next() * rows))
    }
    if (places) moved.tieTo(places, kept.tie * left)
    report(epoch, total)
  }
  return start
}

/** Both directions of the edges that come up at all. */
function directed({ heads, tails, weights }: Graph, epochs: number): Graph {
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const kept = Int32Array.from(weights.keys()).filter(edge => weights[edge]! >= strongest / epochs)
  const both = kept.length * 2
  return {
    heads: Int32Array.from({ length: both }, (_, i) => (i % 2 === 0 ? heads : tails)[kept[i >> 1]!]!),
    tails: Int32Array.from({ length: both }, (_, i) => (i % 2 === 0 ? tails : heads)[kept[i >> 1]!]!),
    weights: Float32Array.from({ length: both }, (_, i) => weights[kept[i >> 1]!]!),
  }
}

const within = (step: number): number => (step > mostStep ? mostStep : step < -mostStep ? -mostStep : step)

/** The inner loop: a hundred million calls for a large map, so nothing is allocated in it. */
class MovedPoints {
  /** Share of its whole step that a point goes. */
  rate = 1
  readonly #points: Float32Array

  constructor(points: Float32Array) {
    this.#points = points
  }

  /** Moves both rows towards one another. */
  pull(a: number, b: number): void {
    const points = this.#points
    const dx = points[2 * a]! - points[2 * b]!
    const dy = points[2 * a + 1]! - points[2 * b + 1]!
    const squared = dx * dx + dy * dy
    const strength = (-2 * curve) / (1 + curve * squared)
    const x = this.rate * within(strength * dx)
    const y = this.rate * within(strength * dy)
    points[2 * a]! += x
    points[2 * a + 1]! += y
    points[2 * b]! -= x
    points[2 * b + 1]! -= y
  }

  /** Moves every row that has a place a share of its way back there. */
  tieTo(places: Float32Array, share: number): void {
    for (let at = 0; at < places.length; at++) {
      const way = places[at]! - this.#points[at]!
      if (!Number.isNaN(way)) this.#points[at]! += share * way
    }
  }

  /** Moves row `a` away from `b`. */
  push(a: number, b: number): void {
    if (a === b) return
    const points = this.#points
    const dx = points[2 * a]! - points[2 * b]!
    const dy = points[2 * a + 1]! - points[2 * b + 1]!
    const squared = dx * dx + dy * dy
    if (squared === 0) {
      points[2 * a]! += this.rate * mostStep
      points[2 * a + 1]! += this.rate * mostStep
      return
    }
    const strength = 2 / ((0.001 + squared) * (1 + curve * squared))
    points[2 * a]! += this.rate * within(strength * dx)
    points[2 * a + 1]! += this.rate * within(strength * dy)
  }
}
