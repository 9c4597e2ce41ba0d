import { describe, expect, it } from 'vitest'
import { squaredDistance } from '../../../main/map/projection/matrix.ts'
import type { Matrix } from '../../../main/map/projection/matrix.ts'
import { nearestNeighbours } from '../../../main/map/projection/nearest-neighbours.ts'
import { neighbourGraph } from '../../../main/map/projection/neighbour-graph.ts'
import { principalComponents } from '../../../main/map/projection/principal-components.ts'
import { fewestForNeighbours, project } from '../../../main/map/projection/project.ts'
import { normalStream, uniformStream } from '../../../native-models/starter/random.ts'

/** Rows of unit length around as many centres as `clusters`; row i belongs to cluster i mod clusters. */
function clustered(rows: number, { clusters = 5, columns = 24, seed = 7, spread = 0.25 } = {}): Matrix {
  const normal = normalStream(seed)
  const centres = Array.from({ length: clusters }, () => unit(Array.from({ length: columns }, normal)))
  const values = Array.from({ length: rows }, (_, row) =>
    unit(centres[row % clusters]!.map(value => value + (spread * normal()) / Math.sqrt(columns))),
  )
  return { rows, columns, values: Float32Array.from(values.flat()) }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return vector.map(value => value / length)
}

const listen = () => {
  const told = { principal: [] as Float32Array[], shares: [] as number[] }
  return {
    told,
    principal: (points: Float32Array) => void told.principal.push(points),
    progress: (share: number) => void told.shares.push(share),
  }
}

/** Share of points whose nearest other point on the map is of their own cluster. */
function together(points: Float32Array, clusters: number): number {
  const map: Matrix = { rows: points.length / 2, columns: 2, values: points }
  let own = 0
  for (let a = 0; a < map.rows; a++) {
    let [best, nearest] = [Infinity, -1]
    for (let b = 0; b < map.rows; b++) {
      const distance = a === b ? Infinity : squaredDistance(map, a, b)
      if (distance < best) [best, nearest] = [distance, b]
    }
    own += Number(nearest % clusters === a % clusters)
  }
  return own / map.rows
}

describe('a projection', () => {
  it('is the same for the same rows, begins with principal components and says how far it is', () => {
    const data = clustered(200)
    const [first, second] = [listen(), listen()]
    const map = project(data, null, first)
    expect(project(data, null, second)).toEqual(map)
    expect(first.told.principal).toHaveLength(1)
    expect(second.told.principal).toEqual(first.told.principal)
    expect(first.told.shares).toEqual(first.told.shares.toSorted((a, b) => a - b))
    expect(first.told.shares.at(-1)).toBe(1)
  })

  it('brings together what is near, and fills the square from −1 to 1', () => {
    const map = project(clustered(300), null, listen())!.points
    expect(map).toHaveLength(600)
    expect(together(map, 5)).toBeGreaterThan(0.99)
    expect(Math.max(...map)).toBeCloseTo(1, 5)
    expect(Math.min(...map)).toBeCloseTo(-1, 5)
  })

  it('moves what it had before as little as it may when rows come, and still brings together what is near', () => {
    const rows = 150
    const [data, known] = [clustered(rows), clustered(rows - 15)]
    const first = listen()
    const before = project(known, null, first)!
    const padded = (points: Float32Array) => Float32Array.from({ length: 2 * rows }, (_, at) => points[at] ?? NaN)
    const places = {
      principal: padded(first.told.principal[0]!).map(value => -value),
      neighbours: { ...before, points: padded(before.points) },
    }
    const moved = (map: Float32Array) =>
      Array.from({ length: known.rows }, (_, row) =>
        Math.hypot(map[2 * row]! - before.points[2 * row]!, map[2 * row + 1]! - before.points[2 * row + 1]!),
      ).sort((a, b) => a - b)
    const second = listen()
    const map = project(data, places, second)!
    expect(project(data, places, listen())).toEqual(map)
    // The map is two wide and its clusters lie some 0.5 apart; one that is begun anew is another.
    expect(moved(map.points).at(-1)).toBeLessThan(0.1)
    expect(moved(project(data, null, listen())!.points)[known.rows >> 1]).toBeGreaterThan(0.1)
    expect(together(map.points, 5)).toBeGreaterThan(0.99)
    expect(Math.max(...map.points.map(Math.abs))).toBeLessThanOrEqual(1)
    // Principal components point the way that they pointed.
    const [principal] = second.told.principal
    expect(principal!.reduce((sum, value, at) => sum + value * (places.principal[at] || 0), 0)).toBeGreaterThan(0)
    // Where hardly any had a place they do not bind the others.
    const few = { ...places, neighbours: { ...before, points: padded(before.points.subarray(0, rows - 2)) } }
    expect(project(data, few, listen())).toEqual(project(data, null, listen()))
  })

  it('has nothing to say of no rows, and lays few of them out by principal components alone', () => {
    const nothing = listen()
    expect(project({ rows: 0, columns: 0, values: new Float32Array(0) }, null, nothing)).toBeNull()
    expect(nothing.told.principal).toEqual([])
    for (const rows of [1, 2, 3, fewestForNeighbours - 1]) {
      const listener = listen()
      expect(project(clustered(rows, { clusters: 2 }), null, listener)).toBeNull()
      const [points] = listener.told.principal
      expect(points).toHaveLength(2 * rows)
      expect(points!.every(Number.isFinite)).toBe(true)
    }
  })

  it('puts one row in the middle and two at its ends', () => {
    const [one, two] = [listen(), listen()]
    project(clustered(1), null, one)
    project(clustered(2), null, two)
    expect([...one.told.principal[0]!]).toEqual([0, 0])
    const [x1, y1, x2, y2] = two.told.principal[0]!
    expect(Math.abs(x1! - x2!)).toBeCloseTo(2, 5)
    expect([y1, y2]).toEqual([0, 0])
  })

  it.each([
    ['rows that are all the same', () => ({ rows: 40, columns: 8, values: new Float32Array(320).fill(0.5) })],
    ['rows of zeros', () => ({ rows: 40, columns: 8, values: new Float32Array(320) })],
    [
      'more than half of them copies',
      () => {
        const data = clustered(60)
        for (let row = 0; row < 40; row++) data.values.copyWithin(row * 24, 0, 24)
        return data
      },
    ],
    ['one column', () => ({ rows: 20, columns: 1, values: Float32Array.from({ length: 20 }, (_, row) => row % 2) })],
  ])('has no number that is none: %s', (_, make) => {
    const listener = listen()
    const map = project(make(), null, listener)!.points
    expect(map.every(Number.isFinite)).toBe(true)
    expect(listener.told.principal[0]!.every(Number.isFinite)).toBe(true)
  })
})

describe('principal components', () => {
  it('are those of known variances, the largest first, however many rows there are', () => {
    const normal = normalStream(3)
    const deviations = [1, 9, 3, 0.5]
    const rows = 6000
    const values = Float32Array.from({ length: rows * 4 }, (_, at) => deviations[at % 4]! * normal())
    const { columns, values: found } = principalComponents({ rows, columns: 4, values }, 3)
    expect(columns).toBe(3)
    const deviation = (column: number) => {
      const own = Array.from({ length: rows }, (_, row) => found[row * 3 + column]!)
      const mean = own.reduce((sum, value) => sum + value, 0) / rows
      return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows)
    }
    // A deviation estimated from 6,000 numbers is within 3 % of the true one.
    for (const [place, expected] of [9, 3, 1].entries()) {
      expect(deviation(place) / expected).toBeGreaterThan(0.97)
      expect(deviation(place) / expected).toBeLessThan(1.03)
    }
  })
})

describe('nearest neighbours', () => {
  it('of many rows are nearly all found without comparing all pairs', () => {
    const data = clustered(6000, { clusters: 30, columns: 16, spread: 0.6 })
    const found = nearestNeighbours(data, 10, () => {})
    let right = 0
    const asked = Array.from({ length: 60 }, (_, i) => i * 100)
    for (const row of asked) {
      const distances = Array.from({ length: data.rows }, (_, other) =>
        other === row ? Infinity : squaredDistance(data, row, other),
      )
      const farthest = distances.toSorted((a, b) => a - b)[9]!
      for (const other of found.indices.subarray(row * 10, row * 10 + 10)) {
        right += Number(distances[other]! <= farthest)
      }
    }
    expect(right / (asked.length * 10)).toBeGreaterThan(0.95)
  })

  it('stand with the nearest first, and never a row itself', () => {
    const found = nearestNeighbours(clustered(50), 7, () => {})
    for (let row = 0; row < 50; row++) {
      const own = [...found.distances.subarray(row * 7, row * 7 + 7)]
      expect(own).toEqual(own.toSorted((a, b) => a - b))
      expect([...found.indices.subarray(row * 7, row * 7 + 7)]).not.toContain(row)
    }
  })
})

describe('the graph of neighbours', () => {
  it('has each pair once, weighted as both rows see it: by the strengths that add up to log2 of their number', () => {
    const next = uniformStream(5)
    const rows = 30
    const data: Matrix = { rows, columns: 3, values: Float32Array.from({ length: 90 }, next) }
    const found = nearestNeighbours(data, 7, () => {})
    const { heads, tails, weights } = neighbourGraph(rows, found)
    const pairs = Array.from(heads, (head, edge) => [head, tails[edge]!].toSorted((a, b) => a - b).join(' '))
    expect(new Set(pairs).size).toBe(pairs.length)
    expect(weights.every(weight => weight > 0 && weight <= 1)).toBe(true)
    // Seen from each row alone its strengths add up to log2 8 = 3; united, pairs only become stronger.
    const sums = new Float32Array(rows)
    for (const [edge, weight] of weights.entries()) {
      sums[heads[edge]!]! += weight
      sums[tails[edge]!]! += weight
    }
    expect(Math.min(...sums)).toBeGreaterThan(2.99)
  })
})
