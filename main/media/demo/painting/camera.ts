import type { Pose } from './poses.ts'
import type { Action, Size } from './scene.ts'

/**
 * What the camera sees of a picture that may be wider than its view: `left` and `top` in widths and heights of the
 * view, and how much it enlarges.
 */
export interface View {
  readonly left: number
  readonly top: number
  readonly scale: number
}

/** How much wider than the view the picture is over which the camera pans, in widths of the view. */
const panned = 0.6
const [near, far] = [1.9, 1]

export const moves = ({ kind }: Action): boolean => kind === 'pan' || kind === 'zoom'

/** The size of the picture that the camera moves over. */
export function worldSize(action: Action, { width, height }: Size): Size {
  return action.kind === 'pan' ? { width: Math.round(width * (1 + panned)), height } : { width, height }
}

/** @param progress of the scene, 0–1. */
export function viewAt(action: Action, progress: number): View {
  const way = (progress + progress * progress * (3 - 2 * progress)) / 2
  if (action.kind === 'pan') {
    return { left: panned * (action.direction === 'right' ? way : 1 - way), top: 0, scale: 1 }
  }
  if (action.kind === 'zoom') {
    const scale = action.way === 'in' ? far * (near / far) ** way : near * (far / near) ** way
    return { left: 0.5 - 0.5 / scale, top: 0.5 - 0.5 / scale, scale }
  }
  return { left: 0, top: 0, scale: 1 }
}

/** Where a figure of the picture is in the view. The middle of the picture is where the figures are. */
export function seen(pose: Pose, action: Action, { left, top, scale }: View): Pose {
  const x = action.kind === 'pan' ? pose.x + panned / 2 : pose.x
  return { ...pose, x: (x - left) * scale, y: (pose.y - top) * scale, radius: pose.radius * scale }
}

/** The view of a picture, RGB bytes, as large as `size`: interpolated between the nearest pixels. */
export function viewOf(
  picture: Uint8Array,
  world: Size,
  { view, size }: { readonly view: View; readonly size: Size },
): Uint8Array {
  const across = nearest({ count: size.width, limit: world.width, shift: view.left * size.width }, view.scale)
  const down = nearest({ count: size.height, limit: world.height, shift: view.top * size.height }, view.scale)
  const pixels = new Uint8Array(size.width * size.height * 3)
  const row = world.width * 3
  let at = 0
  for (let y = 0; y < size.height; y += 1) {
    const [upper, lower, low] = [(down.first[y] ?? 0) * row, (down.second[y] ?? 0) * row, down.share[y] ?? 0]
    for (let x = 0; x < size.width; x += 1) {
      const [left, right, part] = [(across.first[x] ?? 0) * 3, (across.second[x] ?? 0) * 3, across.share[x] ?? 0]
      for (let channel = 0; channel < 3; channel += 1, at += 1) {
        const [a, b] = [picture[upper + left + channel] ?? 0, picture[upper + right + channel] ?? 0]
        const high = a + (((b - a) * part) >> 8)
        if (low === 0) {
          pixels[at] = high
          continue
        }
        const [c, d] = [picture[lower + left + channel] ?? 0, picture[lower + right + channel] ?? 0]
        pixels[at] = high + (((c + (((d - c) * part) >> 8) - high) * low) >> 8)
      }
    }
  }
  return pixels
}

/**
 * For each of `count` pixels of the view the two of the picture that it lies between, and how near it is to the second,
 * 0–256.
 */
function nearest({ count, limit, shift }: Readonly<Record<'count' | 'limit' | 'shift', number>>, scale: number) {
  const [first, second, share] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  for (let index = 0; index < count; index += 1) {
    const place = Math.min(limit - 1, Math.max(0, (index + 0.5) / scale + shift - 0.5))
    first[index] = Math.floor(place)
    second[index] = Math.min(limit - 1, Math.floor(place) + 1)
    share[index] = Math.round((place - Math.floor(place)) * 256)
  }
  return { first, second, share }
}
