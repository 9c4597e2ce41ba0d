import type { Box, View } from './camera.ts'
import { toMap, toScreen } from './camera.ts'
import type { PointIndex } from './point-index.ts'

/** A picture on the map: of which point, where that is on the screen, and how many points it stands for. */
export interface CentrePicture {
  readonly point: number
  readonly x: number
  readonly y: number
  readonly points: number
}

/** Pixels. */
export const pictureSize = { width: 72, height: 42, above: 9 }
const cell = { width: 104, height: 84 }
const most = 40

/**
 * The pictures for what is in sight: where points crowd, the one that lies nearest to the middle of its neighbourhood.
 * The fullest neighbourhoods come first, and no picture covers another.
 * @param points [count × 2]
 */
export function centrePictures(points: Float32Array, index: PointIndex, view: View): CentrePicture[] {
  const [from, to] = [toMap(view, { x: 0, y: 0 }), toMap(view, { x: view.width, y: view.height })]
  const sight: Box = { left: from.x, top: from.y, right: to.x, bottom: to.y }
  const cells = new Map<number, { points: number[]; x: number; y: number }>()
  const columns = Math.ceil(view.width / cell.width) + 1
  for (const point of index.within(sight)) {
    const { x, y } = toScreen(view, { x: points[2 * point]!, y: points[2 * point + 1]! })
    const at = Math.floor(y / cell.height) * columns + Math.floor(x / cell.width)
    const held = cells.get(at) ?? { points: [], x: 0, y: 0 }
    held.points.push(point)
    held.x += x
    held.y += y
    cells.set(at, held)
  }
  const placed: CentrePicture[] = []
  const fullest = [...cells.entries()].sort(
    ([a, first], [b, second]) => second.points.length - first.points.length || a - b,
  )
  for (const [, { points: held, x, y }] of fullest) {
    if (placed.length === most) break
    const picture = nearestTo(points, view, { held, x: x / held.length, y: y / held.length })
    if (fits(picture, placed, view)) placed.push(picture)
  }
  return placed
}

function nearestTo(
  points: Float32Array,
  view: View,
  { held, x, y }: { readonly held: readonly number[]; readonly x: number; readonly y: number },
): CentrePicture {
  let [best, found] = [Infinity, { point: -1, x, y, points: held.length }]
  for (const point of held) {
    const at = toScreen(view, { x: points[2 * point]!, y: points[2 * point + 1]! })
    const away = (at.x - x) ** 2 + (at.y - y) ** 2
    if (away < best) [best, found] = [away, { point, x: at.x, y: at.y, points: held.length }]
  }
  return found
}

/** The picture stands above its point, which stays in sight with its colour. */
function fits({ x, y }: CentrePicture, placed: readonly CentrePicture[], view: View): boolean {
  const { width, height, above } = pictureSize
  if (x < width / 2 || y < height + above || x > view.width - width / 2 || y > view.height) return false
  return placed.every(other => Math.abs(other.x - x) > width + 6 || Math.abs(other.y - y) > height + above + 6)
}
