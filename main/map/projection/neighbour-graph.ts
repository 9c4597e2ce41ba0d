import type { Neighbours } from './nearest-neighbours.ts'

/** Undirected edges between rows, each once; `weights` from 0 to 1. */
export interface Graph {
  readonly heads: Int32Array
  readonly tails: Int32Array
  readonly weights: Float32Array
}

const searchSteps = 64
/** A row that lies where its neighbours lie still reaches this share of their mean distance. */
const leastReach = 1e-3

/**
 * How surely rows belong together, as UMAP says it (McInnes, Healy, Melville: arXiv 1802.03426, §3.1): each row
 * measures distances by its own neighbourhood, in which its neighbours together count log2 of their number, and what
 * two rows say of one another is united.
 */
export function neighbourGraph(rows: number, neighbours: Neighbours): Graph {
  const { count, indices } = neighbours
  const strengths = membershipStrengths(rows, neighbours)
  const heads: number[] = []
  const tails: number[] = []
  const weights: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let at = row * count; at < (row + 1) * count; at++) {
      const other = indices[at]!
      if (other < 0) continue
      const back = indices.subarray(other * count, (other + 1) * count).indexOf(row)
      if (back >= 0 && other < row) continue
      const [a, b] = [strengths[at]!, back < 0 ? 0 : strengths[other * count + back]!]
      heads.push(row)
      tails.push(other)
      weights.push(a + b - a * b)
    }
  }
  return { heads: Int32Array.from(heads), tails: Int32Array.from(tails), weights: Float32Array.from(weights) }
}

function membershipStrengths(rows: number, { count, distances }: Neighbours): Float32Array {
  const strengths = new Float32Array(distances.length)
  const target = Math.log2(count + 1)
  const overall = meanOf(distances)
  for (let row = 0; row < rows; row++) {
    const own = distances.subarray(row * count, (row + 1) * count)
    const nearest = own.find(distance => distance > 0) ?? 0
    const reach = Math.max(reachOf(own, nearest, target), leastReach * (nearest > 0 ? meanOf(own) : overall))
    own.forEach((distance, place) => {
      const beyond = distance - nearest
      strengths[row * count + place] = beyond <= 0 || reach === 0 ? 1 : Math.exp(-beyond / reach)
    })
  }
  return strengths
}

/** The width at which the strengths add up to the target, by halving. */
function reachOf(distances: Float32Array, nearest: number, target: number): number {
  let [low, high, reach] = [0, Infinity, 1]
  for (let step = 0; step < searchSteps; step++) {
    let sum = 0
    for (const distance of distances) sum += distance > nearest ? Math.exp(-(distance - nearest) / reach) : 1
    if (Math.abs(sum - target) < 1e-5) break
    if (sum > target) {
      high = reach
      reach = (low + high) / 2
    } else {
      low = reach
      reach = high === Infinity ? reach * 2 : (low + high) / 2
    }
  }
  return reach
}

function meanOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) if (Number.isFinite(value)) sum += value
  return sum / Math.max(1, values.length)
}
