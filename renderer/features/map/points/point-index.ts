import type { Box, Place } from './camera.ts'
import { boundsOf } from './camera.ts'

/** Points of a cell, on average. */
const perCell = 4

/** Points by where they lie, so that the one under the pointer is found without looking at all of them. */
export class PointIndex {
  readonly #points: Float32Array
  readonly #bounds: Box
  readonly #cell: number
  readonly #columns: number
  readonly #rows: number
  /** Where the points of each cell begin in `#order`. */
  readonly #starts: Int32Array
  readonly #order: Int32Array

  /** @param points [count × 2] */
  constructor(points: Float32Array) {
    this.#points = points
    this.#bounds = boundsOf(points)
    const count = points.length / 2
    const { left, top, right, bottom } = this.#bounds
    const [wide, high] = [Math.max(right - left, 1e-6), Math.max(bottom - top, 1e-6)]
    this.#cell = Math.max(Math.sqrt((wide * high * perCell) / Math.max(1, count)), Math.max(wide, high) / 2048)
    this.#columns = Math.floor(wide / this.#cell) + 1
    this.#rows = Math.floor(high / this.#cell) + 1
    this.#starts = new Int32Array(this.#columns * this.#rows + 1)
    const cells = Int32Array.from({ length: count }, (_, point) => this.#cellOf(point))
    for (const cell of cells) this.#starts[cell + 1]! += 1
    for (let cell = 0; cell + 1 < this.#starts.length; cell++) this.#starts[cell + 1]! += this.#starts[cell]!
    const next = this.#starts.slice()
    this.#order = new Int32Array(count)
    cells.forEach((cell, point) => (this.#order[next[cell]!++] = point))
  }

  /** The nearest point within a distance, null where there is none. */
  nearest({ x, y }: Place, reach: number): number | null {
    let [best, found] = [reach * reach, null as number | null]
    const near = { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
    this.#each(near, point => {
      const dx = this.#points[2 * point]! - x
      const dy = this.#points[2 * point + 1]! - y
      const squared = dx * dx + dy * dy
      if (squared > best || (squared === best && found !== null)) return
      best = squared
      found = point
    })
    return found
  }

  within(box: Box): number[] {
    const found: number[] = []
    this.#each(box, point => {
      const [x, y] = [this.#points[2 * point]!, this.#points[2 * point + 1]!]
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) found.push(point)
    })
    return found.sort((a, b) => a - b)
  }

  /** The points inside a closed line, by the even-odd rule. */
  inside(line: readonly Place[]): number[] {
    const flat = Float32Array.from(line.flatMap(({ x, y }) => [x, y]))
    if (line.length < 3) return []
    return this.within(boundsOf(flat)).filter(point =>
      isInside(line, { x: this.#points[2 * point]!, y: this.#points[2 * point + 1]! }),
    )
  }

  #cellOf(point: number): number {
    return this.#row(this.#points[2 * point + 1]!) * this.#columns + this.#column(this.#points[2 * point]!)
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#bounds.left) / this.#cell)))
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#bounds.top) / this.#cell)))
  }

  #each({ left, top, right, bottom }: Box, use: (point: number) => void): void {
    const [first, last] = [this.#column(left), this.#column(right)]
    for (let row = this.#row(top); row <= this.#row(bottom); row++) {
      const from = this.#starts[row * this.#columns + first]!
      const to = this.#starts[row * this.#columns + last + 1]!
      for (let at = from; at < to; at++) use(this.#order[at]!)
    }
  }
}

function isInside(line: readonly Place[], { x, y }: Place): boolean {
  let inside = false
  line.forEach((a, place) => {
    const b = line[(place + 1) % line.length]!
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  })
  return inside
}
