/** A picture: RGB bytes `[height, width, 3]`. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

export type Rgb = readonly [number, number, number]
/** Corners in pixels, `x0, y0, x1, y1, …`. */
export type Polygon = Float64Array

/** Lines sampled per row of pixels; along a line the coverage is exact. */
const LINES = 4

/**
 * Fills a polygon with antialiased edges (even-odd rule).
 * @param opacity 0–1.
 */
export function fillPolygon(canvas: Canvas, corners: Polygon, color: Rgb, opacity = 1): void {
  const { width, height } = canvas
  const ys = corners.filter((_, index) => index % 2 === 1)
  const top = Math.max(0, Math.floor(Math.min(...ys)))
  const bottom = Math.min(height, Math.ceil(Math.max(...ys)))
  const coverage = new Float32Array(width)
  for (let y = top; y < bottom; y += 1) {
    coverage.fill(0)
    for (let line = 0; line < LINES; line += 1) {
      const crossings = crossingsAt(corners, y + (line + 0.5) / LINES)
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) addSpan(coverage, crossings[pair] ?? 0, crossings[pair + 1] ?? 0)
    }
    blend(canvas, y, coverage, color, opacity / LINES)
  }
}

/** Where a horizontal line crosses the polygon's edges, ascending. */
function crossingsAt(corners: Polygon, y: number): number[] {
  const crossings: number[] = []
  for (let index = 0; index < corners.length; index += 2) {
    const next = (index + 2) % corners.length
    const [x0, y0, x1, y1] = [corners[index] ?? 0, corners[index + 1] ?? 0, corners[next] ?? 0, corners[next + 1] ?? 0]
    if (y0 <= y !== y1 <= y) crossings.push(x0 + (y - y0) / (y1 - y0) * (x1 - x0))
  }
  return crossings.sort((a, b) => a - b)
}

/** Adds to every pixel the length of [from, to] that lies in it. */
function addSpan(coverage: Float32Array, from: number, to: number): void {
  const start = Math.max(0, from)
  const end = Math.min(coverage.length, to)
  for (let x = Math.floor(start); x < end; x += 1) {
    coverage[x] = (coverage[x] ?? 0) + Math.min(end, x + 1) - Math.max(start, x)
  }
}

function blend({ width, pixels }: Canvas, y: number, coverage: Float32Array, color: Rgb, opacity: number): void {
  for (let x = 0; x < width; x += 1) {
    const share = (coverage[x] ?? 0) * opacity
    if (share === 0) continue
    const at = (y * width + x) * 3
    for (let channel = 0; channel < 3; channel += 1) {
      const below = pixels[at + channel] ?? 0
      pixels[at + channel] = below + ((color[channel] ?? 0) - below) * share + 0.5
    }
  }
}
