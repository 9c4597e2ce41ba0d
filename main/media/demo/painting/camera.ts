import type { Pose } from './poses.ts'
import type { Action, Size } from './scene.ts'

/** What the camera sees of a picture that may be wider than its view: `left` and `top` in widths and heights of the view, and how much it enlarges. */
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

/** The view of a picture, RGB bytes, as large as `size`: interpolated between the four nearest pixels. */
export function viewOf(
  picture: Uint8Array,
  world: Size,
  { view: { left, top, scale }, size: { width, height } }: { readonly view: View; readonly size: Size },
): Uint8Array {
  const pixels = new Uint8Array(width * height * 3)
  const row = world.width * 3
  let at = 0
  for (let y = 0; y < height; y += 1) {
    const down = Math.min(world.height - 1, Math.max(0, (y + 0.5) / scale + top * height - 0.5))
    const upper = Math.floor(down)
    const lower = Math.min(world.height - 1, upper + 1) * row
    const rest = down - upper
    for (let x = 0; x < width; x += 1) {
      const across = Math.min(world.width - 1, Math.max(0, (x + 0.5) / scale + left * width - 0.5))
      const first = Math.floor(across)
      const part = across - first
      const a = upper * row + first * 3
      const b = lower + first * 3
      const next = first + 1 < world.width ? 3 : 0
      for (let channel = 0; channel < 3; channel += 1) {
        const above = picture[a + channel] ?? 0
        const below = picture[b + channel] ?? 0
        const high = above + ((picture[a + next + channel] ?? 0) - above) * part
        const low = below + ((picture[b + next + channel] ?? 0) - below) * part
        pixels[at] = high + (low - high) * rest + 0.5
        at += 1
      }
    }
  }
  return pixels
}
