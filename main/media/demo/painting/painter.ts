import { paintBackground } from './backgrounds.ts'
import { moves, seen, viewAt, viewOf, worldSize } from './camera.ts'
import { paintFigure } from './figures.ts'
import { poses } from './poses.ts'
import type { Scene, Size } from './scene.ts'

/**
 * Paints the scenes one after the other, frame by frame: RGB bytes `[height, width, 3]`.
 * Depends on nothing but its arguments. Every frame is a new array.
 */
export function* paintScenes(scenes: readonly Scene[], size: Size, framesPerSecond: number): Generator<Uint8Array> {
  const side = Math.min(size.width, size.height)
  const breadth = { across: size.width / side, down: size.height / side }
  for (const { action, background, seconds } of scenes) {
    const world = worldSize(action, size)
    const picture = paintBackground(background, world, side)
    const frames = Math.round(seconds * framesPerSecond)
    for (let frame = 0; frame < frames; frame += 1) {
      const progress = frame / frames
      const view = viewAt(action, progress)
      const pixels = moves(action) ? viewOf(picture, world, { view, size }) : picture.slice()
      const canvas = { ...size, pixels }
      for (const pose of poses(action, progress, breadth)) paintFigure(canvas, seen(pose, action, view))
      yield pixels
    }
  }
}
