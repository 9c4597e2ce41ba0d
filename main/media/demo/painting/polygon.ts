import { mix } from './palette.ts'
import type { Rgb } from './palette.ts'

/** A picture: RGB bytes `[height, width, 3]`. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** Corners in pixels, `x0, y0, x1, y1, …`. */
export type Polygon = Float64Array

/** Lines sampled per row of pixels; along a line the coverage is exact. */
const lines = 4

/** A colour, or two that a polygon fades between from its top to its bottom. */
export type Fill = Rgb | { readonly top: Rgb; readonly bottom: Rgb }

interface Paint {
  readonly fill: Fill
  /** 0–1. */
  readonly opacity?: number
}

/** Fills a polygon with antialiased edges (even-odd rule). */
export function fillPolygon(canvas: Canvas, corners: Polygon, { fill, opacity = 1 }: Paint): void {
  const { width, height } = canvas
  const [left, right] = reach(corners, 0, width)
  const [top, bottom] = reach(corners, 1, height)
  const coverage = new Float32Array(width)
  const crossings = new Float64Array(corners.length / 2)
  for (let y = top; y < bottom; y += 1) {
    coverage.fill(0, left, right)
    for (let line = 0; line < lines; line += 1) {
      const count = cross(corners, y + (line + 0.5) / lines, crossings)
      for (let pair = 0; pair + 1 < count; pair += 2) addSpan(coverage, crossings[pair] ?? 0, crossings[pair + 1] ?? 0)
    }
    const color = 'top' in fill ? mix(fill.top, fill.bottom, (y - top) / (bottom - top)) : fill
    blend(canvas, { y, left, right, coverage, color, opacity: opacity / lines })
  }
}

/** The rows or columns of pixels that a polygon touches, within [0, limit). @param axis 0 across, 1 down. */
function reach(corners: Polygon, axis: 0 | 1, limit: number): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let index: number = axis; index < corners.length; index += 2) {
    const value = corners[index] ?? 0
    if (value < low) low = value
    if (value > high) high = value
  }
  return [Math.max(0, Math.floor(low)), Math.min(limit, Math.ceil(high))]
}

/** Where a horizontal line crosses the polygon's edges, ascending, at the beginning of `crossings`. @returns how often. */
function cross(corners: Polygon, y: number, crossings: Float64Array): number {
  let count = 0
  let x0 = corners[corners.length - 2] ?? 0
  let y0 = corners[corners.length - 1] ?? 0
  for (let index = 0; index < corners.length; index += 2) {
    const x1 = corners[index] ?? 0
    const y1 = corners[index + 1] ?? 0
    if (y0 <= y !== y1 <= y) {
      const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)
      let place = count
      for (; place > 0 && (crossings[place - 1] ?? 0) > x; place -= 1) crossings[place] = crossings[place - 1] ?? 0
      crossings[place] = x
      count += 1
    }
    x0 = x1
    y0 = y1
  }
  return count
}

/** Adds to every pixel the length of [from, to] that lies in it. */
function addSpan(coverage: Float32Array, from: number, to: number): void {
  const start = Math.max(0, from)
  const end = Math.min(coverage.length, to)
  const [first, last] = [Math.floor(start), Math.ceil(end) - 1]
  if (first >= last) {
    if (end > start) coverage[first] = (coverage[first] ?? 0) + end - start
    return
  }
  coverage[first] = (coverage[first] ?? 0) + first + 1 - start
  for (let x = first + 1; x < last; x += 1) coverage[x] = (coverage[x] ?? 0) + 1
  coverage[last] = (coverage[last] ?? 0) + end - last
}

interface Row {
  readonly y: number
  readonly left: number
  readonly right: number
  readonly coverage: Float32Array
  readonly color: Rgb
  readonly opacity: number
}

function blend({ width, pixels }: Canvas, { y, left, right, coverage, color: [red, green, blue], opacity }: Row): void {
  for (let x = left; x < right; x += 1) {
    const share = (coverage[x] ?? 0) * opacity
    if (share === 0) continue
    const at = (y * width + x) * 3
    pixels[at] = mixed(pixels[at] ?? 0, red, share)
    pixels[at + 1] = mixed(pixels[at + 1] ?? 0, green, share)
    pixels[at + 2] = mixed(pixels[at + 2] ?? 0, blue, share)
  }
}

const mixed = (below: number, above: number, share: number): number => below + (above - below) * share + 0.5
