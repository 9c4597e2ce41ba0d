import { colors, mix } from './palette.ts'
import { fillPolygon } from './polygon.ts'
import type { Canvas, Polygon } from './polygon.ts'
import type { Pose } from './poses.ts'
import { outline } from './shapes.ts'

const [black, white] = [
  [0, 0, 0],
  [255, 255, 255],
] as const
const thread = [96, 92, 92] as const
/** Soft shadows: size, and how far they fall, of each of the layers. */
const shadows = [
  [1.08, 1.15],
  [1.04, 1],
  [1, 0.85],
] as const

/** A figure like cut from paper, with a soft shadow below it, a darker rim and a face that is a little lighter above. */
export function paintFigure(canvas: Canvas, { figure, x, y, radius, turn, opacity, pivot }: Pose): void {
  if (opacity <= 0) return
  const side = Math.min(canvas.width, canvas.height)
  const [across, down, size] = [x * canvas.width, y * canvas.height, radius * side]
  const color = colors[figure.color]
  const drop = side * 0.022
  if (pivot) {
    fillPolygon(
      canvas,
      line({ x0: pivot.x * canvas.width, y0: pivot.y * canvas.height, x1: across, y1: down, half: side * 0.006 }),
      { fill: thread, opacity },
    )
  }
  for (const [larger, far] of shadows) {
    const shadow = outline(figure.shape, {
      x: across + drop * 0.6 * far,
      y: down + drop * far,
      radius: size * larger,
      turn,
    })
    fillPolygon(canvas, shadow, { fill: black, opacity: 0.1 * opacity })
  }
  const rim = mix(color, black, 0.26)
  fillPolygon(canvas, outline(figure.shape, { x: across, y: down, radius: size, turn }), { fill: rim, opacity })
  const face = { top: mix(color, white, 0.1), bottom: mix(color, black, 0.04) }
  fillPolygon(canvas, outline(figure.shape, { x: across, y: down, radius: size * 0.94, turn }), { fill: face, opacity })
}

function line({ x0, y0, x1, y1, half }: Readonly<Record<'x0' | 'y0' | 'x1' | 'y1' | 'half', number>>): Polygon {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1
  const [across, down] = [((y1 - y0) / length) * half, ((x0 - x1) / length) * half]
  return Float64Array.of(x0 + across, y0 + down, x1 + across, y1 + down, x1 - across, y1 - down, x0 - across, y0 - down)
}
