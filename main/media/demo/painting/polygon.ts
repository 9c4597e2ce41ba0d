import type { Rgb } from './palette.ts'

/** A picture: RGB bytes `[height, width, 3]`. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** Corners in pixels, `x0, y0, x1, y1, …`. */
export type Polygon = Float64Array

/** A polygon and what fills it: a colour that fades from its top to its bottom. */
export interface Filled {
  readonly corners: Polygon
  readonly top: Rgb
  readonly bottom: Rgb
  /** 0–1. */
  readonly opacity: number
}

/** Lines sampled per row of pixels; along a line the coverage is exact. */
const lines = 4
/** Edges of any figure that one line crosses. */
const mostCrossings = 16

/** Fills polygons with antialiased edges (even-odd rule), each over those before it. */
export function fillPolygons(canvas: Canvas, polygons: readonly Filled[]): void {
  const layers = polygons.map(polygon => new Layer(polygon, canvas))
  const top = Math.min(...layers.map(layer => layer.top))
  const bottom = Math.max(...layers.map(layer => layer.bottom))
  for (let y = top; y < bottom; y += 1) {
    const there = layers.filter(layer => layer.cover(y))
    for (const [index, layer] of there.entries()) {
      const hiding = there.find(({ opacity }, other) => other > index && opacity === 1)
      blend({ ...canvas, y }, layer, hiding?.coverage)
    }
  }
}

/** A polygon, and how much of each pixel of one row it covers. */
class Layer {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
  readonly opacity: number
  /** 0–1 for each pixel of the row. */
  readonly coverage: Float32Array
  color: Rgb = [0, 0, 0]
  readonly #filled: Filled
  readonly #crossings: Crossings

  constructor(filled: Filled, { width, height }: Canvas) {
    this.#filled = filled
    this.opacity = filled.opacity
    ;[this.left, this.right] = reach(filled.corners, 0, width)
    ;[this.top, this.bottom] = reach(filled.corners, 1, height)
    this.coverage = new Float32Array(width)
    this.#crossings = new Crossings(filled.corners, this.top, this.bottom)
  }

  /** Turns to a row; false where the polygon has no part in it. */
  cover(y: number): boolean {
    if (y < this.top || y >= this.bottom) return false
    const { top, bottom } = this.#filled
    this.coverage.fill(0, this.left, this.right)
    for (let line = 0; line < lines; line += 1) this.#crossings.cover((y - this.top) * lines + line, this.coverage)
    const down = (y - this.top) / (this.bottom - this.top)
    this.color = [
      top[0] + (bottom[0] - top[0]) * down,
      top[1] + (bottom[1] - top[1]) * down,
      top[2] + (bottom[2] - top[2]) * down,
    ]
    return true
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

/** Where lines across a picture cross the edges of a polygon: at most `most` places of each line, ascending. */
class Crossings {
  readonly #places: Float64Array
  readonly #counts: Uint8Array
  readonly #most: number

  /** @param top row of the first line. */
  constructor(corners: Polygon, top: number, bottom: number) {
    const count = Math.max(0, bottom - top) * lines
    this.#most = Math.min(corners.length / 2, mostCrossings)
    this.#places = new Float64Array(count * this.#most)
    this.#counts = new Uint8Array(count)
    let x0 = corners[corners.length - 2] ?? 0
    let y0 = corners[corners.length - 1] ?? 0
    for (let index = 0; index < corners.length; index += 2) {
      const x1 = corners[index] ?? 0
      const y1 = corners[index + 1] ?? 0
      // The lines between the ends of the edge, whose middle lies half a line below their number.
      const [from, to] = [Math.min(y0, y1), Math.max(y0, y1)].map(y => Math.ceil((y - top) * lines - 0.5))
      const slope = (x1 - x0) / (y1 - y0)
      for (let line = Math.max(0, from ?? 0); line < Math.min(count, to ?? 0); line += 1) {
        this.#add(line, x0 + ((line + 0.5) / lines + top - y0) * slope)
      }
      x0 = x1
      y0 = y1
    }
  }

  /** Adds to the coverage of a row what lies between the crossings of one of its lines. */
  cover(line: number, coverage: Float32Array): void {
    const at = line * this.#most
    for (let pair = 0; pair + 1 < (this.#counts[line] ?? 0); pair += 2) {
      addSpan(coverage, this.#places[at + pair] ?? 0, this.#places[at + pair + 1] ?? 0)
    }
  }

  #add(line: number, x: number): void {
    const at = line * this.#most
    let place = this.#counts[line] ?? 0
    if (place === this.#most) return
    this.#counts[line] = place + 1
    for (; place > 0 && (this.#places[at + place - 1] ?? 0) > x; place -= 1) {
      this.#places[at + place] = this.#places[at + place - 1] ?? 0
    }
    this.#places[at + place] = x
  }
}

/** Adds to every pixel the share of one line that lies in [from, to]. */
function addSpan(coverage: Float32Array, from: number, to: number): void {
  const start = Math.max(0, from)
  const end = Math.min(coverage.length, to)
  const [first, last] = [Math.floor(start), Math.ceil(end) - 1]
  if (first >= last) {
    if (end > start) coverage[first] = (coverage[first] ?? 0) + (end - start) / lines
    return
  }
  coverage[first] = (coverage[first] ?? 0) + (first + 1 - start) / lines
  for (let x = first + 1; x < last; x += 1) coverage[x] = (coverage[x] ?? 0) + 1 / lines
  coverage[last] = (coverage[last] ?? 0) + (end - last) / lines
}

/** Mixes a row of a layer into the picture, but for what another one hides anyway. */
function blend(
  { width, pixels, y }: Canvas & { readonly y: number },
  layer: Layer,
  hides: Float32Array | undefined,
): void {
  const { left, right, opacity, coverage } = layer
  const [red, green, blue] = layer.color
  for (let x = left; x < right; x += 1) {
    const share = (coverage[x] ?? 0) * opacity
    if (share === 0 || hides?.[x] === 1) continue
    const at = (y * width + x) * 3
    pixels[at] = mixed(pixels[at] ?? 0, red, share)
    pixels[at + 1] = mixed(pixels[at + 1] ?? 0, green, share)
    pixels[at + 2] = mixed(pixels[at + 2] ?? 0, blue, share)
  }
}

const mixed = (below: number, above: number, share: number): number => below + (above - below) * share + 0.5
