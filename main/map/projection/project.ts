import { normalStream } from '../../../native-models/starter/random.ts'
import { layOut } from './layout.ts'
import type { Matrix } from './matrix.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'
import { neighbourGraph } from './neighbour-graph.ts'
import { principalComponents } from './principal-components.ts'

/** With fewer points neighbourhoods say nothing that the principal components do not. */
export const fewestForNeighbours = 12
/** Dimensions that neighbours are looked for in: what is behind them is noise, and costs time. */
const dimensions = 48
const neighbours = 15
/** Half the width of the map that the layout begins with, as in umap-learn. */
const startSize = 10
/** Share of the time that finding neighbours takes, for the progress. */
const searching = 0.35

/** Told while a projection is computed. */
export interface ProjectionListener {
  /** [rows × 2]: the map by principal components, which comes first. */
  principal(points: Float32Array): void
  /** From 0 to 1. */
  progress(share: number): void
}

/**
 * Lays rows out in two dimensions: by their first two principal components, and by UMAP, which begins there and keeps
 * what is near together. The same rows in the same order give the same map.
 * @param data unit vectors; every number finite
 * @returns [rows × 2] by UMAP, from −1 to 1; null for rows that are too few.
 */
export function project(data: Matrix, listener: ProjectionListener): Float32Array | null {
  if (data.rows === 0) return null
  const components = principalComponents(data, dimensions)
  listener.principal(fitted(firstTwo(components)))
  if (data.rows < fewestForNeighbours) return null
  const count = Math.min(neighbours, data.rows - 1)
  const found = nearestNeighbours(components, count, share => listener.progress(searching * share))
  const graph = neighbourGraph(data.rows, found)
  const laidOut = layOut(graph, spreadStart(components), (done, total) =>
    listener.progress(searching + ((1 - searching) * done) / total),
  )
  return fitted(alongScreen(laidOut))
}

function firstTwo({ rows, columns, values }: Matrix): Float32Array {
  const points = new Float32Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    points[2 * row] = values[row * columns]!
    points[2 * row + 1] = columns > 1 ? values[row * columns + 1]! : 0
  }
  return points
}

/** The principal components at the size that the layout wants, hardly moved, so that equal rows can part. */
function spreadStart(components: Matrix): Float32Array {
  const points = fitted(firstTwo(components))
  const normal = normalStream(components.rows)
  return points.map(value => value * startSize + 1e-4 * normal())
}

/** Turns points so that they reach farthest from left to right, as windows do. */
function alongScreen(points: Float32Array): Float32Array {
  return firstTwo(principalComponents({ rows: points.length / 2, columns: 2, values: points }, 2))
}

/** Moves points into the square from −1 to 1, keeping their proportions. */
function fitted(points: Float32Array): Float32Array {
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ]
  points.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2]!, value)
    high[at % 2] = Math.max(high[at % 2]!, value)
  })
  const half = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) / 2
  return points.map((value, at) => (half > 0 ? (value - (low[at % 2]! + high[at % 2]!) / 2) / half : 0))
}
