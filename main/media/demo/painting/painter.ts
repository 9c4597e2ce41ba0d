import { fillPolygon } from './polygon.ts'
import type { Canvas, Polygon, Rgb } from './polygon.ts'
import { poses } from './scene.ts'
import type { Background, ColorName, Pose, Scene, ShapeName } from './scene.ts'

const colors: Readonly<Record<ColorName, Rgb>> = {
  red: [217, 48, 54],
  orange: [240, 130, 36],
  yellow: [247, 207, 63],
  green: [58, 158, 84],
  teal: [33, 158, 160],
  blue: [45, 98, 196],
  purple: [123, 66, 168],
  pink: [238, 130, 174],
  brown: [128, 84, 52],
  white: [245, 243, 238],
  gray: [140, 144, 150],
  black: [28, 29, 34],
}

/** Corners on the unit circle, the first one above. A ratio below 1 puts every second corner nearer to the centre. */
const outlines: Readonly<
  Record<
    ShapeName,
    { readonly corners: number; readonly ratio?: number; readonly start?: number; readonly narrow?: number }
  >
> = {
  circle: { corners: 96 },
  square: { corners: 4, start: Math.PI / 4 },
  triangle: { corners: 3 },
  star: { corners: 10, ratio: 0.42 },
  diamond: { corners: 4, narrow: 0.68 },
  hexagon: { corners: 6, start: Math.PI / 6 },
}

/**
 * Paints the scenes one after the other, frame by frame: RGB bytes `[height, width, 3]`.
 * Depends on nothing but its arguments. Every frame is a new array.
 */
export function* paintScenes(
  scenes: readonly Scene[],
  size: { readonly width: number; readonly height: number },
  framesPerSecond: number,
): Generator<Uint8Array> {
  const breadth = size.width / Math.min(size.width, size.height)
  for (const scene of scenes) {
    const background = paintBackground(scene.background, size)
    const frames = Math.round(scene.seconds * framesPerSecond)
    for (let frame = 0; frame < frames; frame += 1) {
      const canvas = { ...size, pixels: background.slice() }
      for (const pose of poses(scene.action, frame / framesPerSecond, scene.seconds, breadth)) paintFigure(canvas, pose)
      yield canvas.pixels
    }
  }
}

/** A figure like cut from paper: flat, with a shadow below it and a lighter face. */
function paintFigure(canvas: Canvas, pose: Pose): void {
  const side = Math.min(canvas.width, canvas.height)
  const [x, y, radius] = [pose.x * canvas.width, pose.y * canvas.height, pose.radius * side]
  const color = colors[pose.figure.color]
  const drop = side * 0.02
  fillPolygon(canvas, outline(pose.figure.shape, x + drop * 0.6, y + drop, radius * 1.02, pose.turn), [0, 0, 0], 0.28)
  fillPolygon(canvas, outline(pose.figure.shape, x, y, radius, pose.turn), mix(color, [0, 0, 0], 0.16))
  fillPolygon(canvas, outline(pose.figure.shape, x, y, radius * 0.92, pose.turn), color)
}

function outline(shape: ShapeName, x: number, y: number, radius: number, turn: number): Polygon {
  const { corners, ratio = 1, start = 0, narrow = 1 } = outlines[shape]
  const points = new Float64Array(corners * 2)
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = start + (corner / corners) * 2 * Math.PI
    const distance = radius * (corner % 2 === 1 ? ratio : 1)
    const [across, down] = [Math.sin(angle) * distance * narrow, -Math.cos(angle) * distance]
    points[2 * corner] = x + across * Math.cos(turn) - down * Math.sin(turn)
    points[2 * corner + 1] = y + across * Math.sin(turn) + down * Math.cos(turn)
  }
  return points
}

function paintBackground(
  background: Background,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const pixels = new Uint8Array(width * height * 3)
  const near = colors[background.color]
  const far = background.pattern === 'plain' ? near : colors[background.second]
  const share = patterns[background.pattern]
  const cell = Math.min(width, height) / 8
  let at = 0
  for (let y = 0; y < height; y += 1) {
    // Light falls from above: it gives even a plain background some depth.
    const light = 1.06 - (0.16 * y) / height
    for (let x = 0; x < width; x += 1) {
      const second = share(x / cell, y / cell, y / height, 1 / cell)
      pixels[at] = Math.min(255, (near[0] + (far[0] - near[0]) * second) * light)
      pixels[at + 1] = Math.min(255, (near[1] + (far[1] - near[1]) * second) * light)
      pixels[at + 2] = Math.min(255, (near[2] + (far[2] - near[2]) * second) * light)
      at += 3
    }
  }
  return pixels
}

/** How much of the second colour a place has: position in cells, height as a fraction, size of a pixel in cells. */
const patterns: Readonly<Record<Background['pattern'], (x: number, y: number, down: number, pixel: number) => number>> =
  {
    plain: () => 0,
    fade: (_x, _y, down) => down,
    stripes: (x, y, _down, pixel) => edge(Math.sin(((x + y) * Math.PI) / 1.4) / (Math.PI / 1.4), pixel),
    checks: (x, y, _down, pixel) =>
      edge((Math.sin((x * Math.PI) / 1.5) * Math.sin((y * Math.PI) / 1.5)) / (Math.PI / 1.5), pixel),
    dots: (x, y, _down, pixel) =>
      edge(0.3 - Math.sqrt((x - Math.floor(x) - 0.5) ** 2 + (y - Math.floor(y) - 0.5) ** 2), pixel),
  }

/** 0 outside, 1 inside, with one pixel of transition; `inside` is a distance in cells. */
function edge(inside: number, pixel: number): number {
  return Math.min(1, Math.max(0, inside / pixel + 0.5))
}

function mix(first: Rgb, second: Rgb, share: number): Rgb {
  return [
    first[0] + (second[0] - first[0]) * share,
    first[1] + (second[1] - first[1]) * share,
    first[2] + (second[2] - first[2]) * share,
  ]
}
