import { colors, mix } from './palette.ts'
import type { Rgb } from './palette.ts'
import { fillPolygons } from './polygon.ts'
import type { Canvas, Filled, Polygon } from './polygon.ts'
import type { Pose } from './poses.ts'
import { outline } from './shapes.ts'

const [black, white] = [
  [0, 0, 0],
  [255, 255, 255],
] as const
const threadColor: Rgb = [96, 92, 92]
/** A soft shadow: the sizes of its layers. */
const shadows = [1.09, 1.045, 1, 0.955] as const

/**
 * A figure like cut from paper, with a soft shadow below it, a darker rim and a face that is a little lighter above.
 */
export function paintFigure(canvas: Canvas, { figure, x, y, radius, turn, opacity, pivot }: Pose): void {
  if (opacity <= 0) return
  const side = Math.min(canvas.width, canvas.height)
  const [across, down, size] = [x * canvas.width, y * canvas.height, radius * side]
  const color = colors[figure.color]
  const drop = side * 0.022
  const flat = (corners: Polygon, fill: Rgb, share: number): Filled => ({
    corners,
    top: fill,
    bottom: fill,
    opacity: share,
  })
  if (pivot) {
    const thread = line([pivot.x * canvas.width, pivot.y * canvas.height], [across, down], side * 0.006)
    fillPolygons(canvas, [flat(thread, threadColor, opacity)])
  }
  const shape = (place: { x: number; y: number; radius: number }) => outline(figure.shape, { ...place, turn })
  fillPolygons(canvas, [
    ...shadows.map(larger => {
      const shadow = shape({ x: across + drop * 0.6, y: down + drop, radius: size * larger })
      return flat(shadow, black, 0.08 * opacity)
    }),
    flat(shape({ x: across, y: down, radius: size }), mix(color, black, 0.26), opacity),
    {
      corners: shape({ x: across, y: down, radius: size * 0.94 }),
      top: mix(color, white, 0.1),
      bottom: mix(color, black, 0.04),
      opacity,
    },
  ])
}

/** @param half of its breadth. */
function line([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number], half: number): Polygon {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1
  const [across, down] = [((y1 - y0) / length) * half, ((x0 - x1) / length) * half]
  return Float64Array.of(x0 + across, y0 + down, x1 + across, y1 + down, x1 - across, y1 - down, x0 - across, y0 - down)
}
