import { uniformStream } from '../../../native-models/starter/random.ts'
import type { Graph } from './neighbour-graph.ts'

/** The curve that a distance on the map is judged by, 1 / (1 + a d^2b), fitted to a least distance of 0.1 of 1. */
const curve = { a: 1.5769434603, b: 0.8950608781 }
/** Rows that each moved row is pushed away from. */
const pushes = 5
const mostStep = 4
const seed = 3

/** As many rounds as umap-learn takes: small maps settle later. */
export const epochsFor = (rows: number): number => (rows <= 10_000 ? 500 : 200)

/**
 * Moves points so that those joined by an edge come near one another and others stay apart: the stochastic gradient
 * descent of UMAP (arXiv 1802.03426, §3.2). Seeded and in one thread, so that the same graph and start give the same
 * map.
 * @param start [rows × 2]; is changed
 * @param report told of each finished round
 */
export function layOut(graph: Graph, start: Float32Array, report: (done: number, total: number) => void): Float32Array {
  const total = epochsFor(start.length / 2)
  const { heads, tails, weights } = directed(graph, total)
  const strongest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  // An edge comes up as often as it is strong.
  const every = weights.map(weight => strongest / weight)
  const due = Float32Array.from(every)
  const next = uniformStream(seed)
  for (let epoch = 1; epoch <= total; epoch++) {
    const rate = 1 - (epoch - 1) / total
    for (let edge = 0; edge < heads.length; edge++) {
      if (due[edge]! > epoch) continue
      due[edge]! += every[edge]!
      pull(start, [heads[edge]!, tails[edge]!], rate)
      for (let i = 0; i < pushes; i++) push(start, [heads[edge]!, Math.floor(next() * (start.length / 2))], rate)
    }
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

function pull(points: Float32Array, [a, b]: readonly [number, number], rate: number): void {
  const dx = points[2 * a]! - points[2 * b]!
  const dy = points[2 * a + 1]! - points[2 * b + 1]!
  const squared = dx * dx + dy * dy
  if (squared === 0) return
  const power = Math.pow(squared, curve.b)
  const strength = (-2 * curve.a * curve.b * power) / squared / (1 + curve.a * power)
  const [x, y] = [rate * within(strength * dx), rate * within(strength * dy)]
  points[2 * a]! += x
  points[2 * a + 1]! += y
  points[2 * b]! -= x
  points[2 * b + 1]! -= y
}

function push(points: Float32Array, [a, b]: readonly [number, number], rate: number): void {
  if (a === b) return
  const dx = points[2 * a]! - points[2 * b]!
  const dy = points[2 * a + 1]! - points[2 * b + 1]!
  const squared = dx * dx + dy * dy
  if (squared === 0) {
    points[2 * a]! += rate * mostStep
    points[2 * a + 1]! += rate * mostStep
    return
  }
  const strength = (2 * curve.b) / ((0.001 + squared) * (1 + curve.a * Math.pow(squared, curve.b)))
  points[2 * a]! += rate * within(strength * dx)
  points[2 * a + 1]! += rate * within(strength * dy)
}
