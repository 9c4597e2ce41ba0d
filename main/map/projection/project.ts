import { normalStream } from '../../../native-models/starter/random.ts'
import { layOut } from './layout.ts'
import type { Matrix } from './matrix.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'
import { neighbourGraph } from './neighbour-graph.ts'
import type { Graph } from './neighbour-graph.ts'
import { principalComponents } from './principal-components.ts'

/** With fewer points neighbourhoods say nothing that the principal components do not. */
export const fewestForNeighbours = 12
/** Dimensions that neighbours are looked for in: what is behind them is noise, and costs time. */
const dimensions = 48
const neighbours = 15
/** Half the width of the map that the layout begins with, as in umap-learn. */
const startSize = 10
/** Points that begin at the same place differ by this, so that they can part. */
const leastApart = 1e-4
/** Share of the time that finding neighbours takes, for the progress. */
const searching = 0.35

/** Told while a projection is computed. */
export interface ProjectionListener {
  /** [rows × 2]: the map by principal components, which comes first. */
  principal(points: Float32Array): void
  /** From 0 to 1. */
  progress(share: number): void
}

/** [rows × 2] by UMAP, from −1 to 1, and how long one of its units was while it was laid out. */
export interface NeighbourMap {
  readonly points: Float32Array
  readonly scale: number
}

/** Where the map before had the rows, [rows × 2], NaN for those that it had not. */
export interface MapBefore {
  readonly principal: Float32Array
  readonly neighbours: NeighbourMap | null
}

/**
 * Lays rows out in two dimensions: by their first two principal components, and by UMAP, which begins there and keeps
 * what is near together. Where half of the rows or more had a place before, UMAP begins with these places and is tied
 * to them, since a layout that is begun anew differs as a whole, not by a turn of it. The same rows in the same order
 * give the same map, after the same one before.
 * @param data unit vectors; every number finite
 * @returns null for rows that are too few.
 */
export function project(data: Matrix, before: MapBefore | null, listener: ProjectionListener): NeighbourMap | null {
  if (data.rows === 0) return null
  const components = principalComponents(data, dimensions)
  listener.principal(facing(fitted(firstTwo(components)).points, before?.principal ?? null))
  if (data.rows < fewestForNeighbours) return null
  const count = Math.min(neighbours, data.rows - 1)
  const found = nearestNeighbours(components, count, share => listener.progress(searching * share))
  const graph = neighbourGraph(data.rows, found)
  const report = (done: number, total: number) => listener.progress(searching + ((1 - searching) * done) / total)
  const known = before?.neighbours ?? null
  if (known && 2 * rowsOf(known.points) >= data.rows) {
    const places = known.points.map(value => value * known.scale)
    const points = layOut(graph, { start: startingAt(places, graph), places }, report)
    const scale = points.reduce((most, value) => Math.max(most, Math.abs(value)), known.scale)
    return { points: points.map(value => value / scale), scale }
  }
  return fitted(alongScreen(layOut(graph, { start: spreadStart(components), places: null }, report)))
}

const rowsOf = (places: Float32Array): number => places.filter(value => !Number.isNaN(value)).length / 2

/** Turns axes round that point the other way than before. */
function facing(points: Float32Array, before: Float32Array | null): Float32Array {
  if (!before) return points
  const along = [0, 0]
  before.forEach((value, at) => {
    if (!Number.isNaN(value)) along[at % 2]! += value * points[at]!
  })
  return points.map((value, at) => (along[at % 2]! < 0 ? -value : value))
}

/** Rows without a place begin amidst their neighbours that have one, or in the middle where none of them has. */
function startingAt(places: Float32Array, { heads, tails, weights }: Graph): Float32Array {
  const sums = new Float64Array(places.length)
  const weight = new Float64Array(places.length / 2)
  const add = (row: number, neighbour: number, strength: number) => {
    if (Number.isNaN(places[2 * neighbour])) return
    weight[row]! += strength
    sums[2 * row]! += strength * places[2 * neighbour]!
    sums[2 * row + 1]! += strength * places[2 * neighbour + 1]!
  }
  weights.forEach((strength, edge) => {
    add(heads[edge]!, tails[edge]!, strength)
    add(tails[edge]!, heads[edge]!, strength)
  })
  const normal = normalStream(weight.length)
  return places.map((place, at) =>
    Number.isNaN(place) ? sums[at]! / (weight[at >> 1]! || 1) + leastApart * normal() : place,
  )
}

function firstTwo({ rows, columns, values }: Matrix): Float32Array {
  const points = new Float32Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    points[2 * row] = values[row * columns]!
    points[2 * row + 1] = columns > 1 ? values[row * columns + 1]! : 0
  }
  return points
}

/** The principal components at the size that the layout wants. */
function spreadStart(components: Matrix): Float32Array {
  const { points } = fitted(firstTwo(components))
  const normal = normalStream(components.rows)
  return points.map(value => value * startSize + leastApart * normal())
}

/** Turns points so that they reach farthest from left to right, as windows do. */
function alongScreen(points: Float32Array): Float32Array {
  return firstTwo(principalComponents({ rows: points.length / 2, columns: 2, values: points }, 2))
}

/** Moves points into the square from −1 to 1, keeping their proportions. */
function fitted(points: Float32Array): NeighbourMap {
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ]
  points.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2]!, value)
    high[at % 2] = Math.max(high[at % 2]!, value)
  })
  const half = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) / 2
  return {
    points: points.map((value, at) => (half > 0 ? (value - (low[at % 2]! + high[at % 2]!) / 2) / half : 0)),
    scale: half,
  }
}
