import { landscapeColors, paintLandscape } from './landscapes.ts'
import { colors } from './palette.ts'
import type { Rgb } from './palette.ts'
import type { Background, Size } from './scene.ts'

type Pattern = Exclude<Background['pattern'], 'landscape'>

/** The colours that a background consists of. */
export function backgroundColors(background: Background): Rgb[] {
  if (background.pattern === 'landscape') return landscapeColors(background.landscape)
  return [colors[background.color], ...('second' in background ? [colors[background.second]] : [])]
}

/** RGB bytes `[height, width, 3]`. @param side the shorter side of the whole picture, which a landscape may exceed. */
export function paintBackground(background: Background, size: Size, side: number): Uint8Array {
  if (background.pattern === 'landscape') return paintLandscape(background.landscape, size)
  const { width, height } = size
  const pixels = new Uint8Array(width * height * 3)
  const near = colors[background.color]
  const far = background.pattern === 'plain' ? near : colors[background.second]
  const cell = side / 8
  const share = patterns[background.pattern](1 / cell)
  let at = 0
  for (let y = 0; y < height; y += 1) {
    // Light falls from above: it gives even a plain background some depth.
    const light = 1.05 - (0.12 * y) / height
    for (let x = 0; x < width; x += 1) {
      const second = share(x / cell, y / cell, y / height)
      pixels[at] = Math.min(255, (near[0] + (far[0] - near[0]) * second) * light)
      pixels[at + 1] = Math.min(255, (near[1] + (far[1] - near[1]) * second) * light)
      pixels[at + 2] = Math.min(255, (near[2] + (far[2] - near[2]) * second) * light)
      at += 3
    }
  }
  return pixels
}

/**
 * For pixels of a size in cells: how much of the second colour a place has, its position in cells and its height as a
 * fraction.
 */
const patterns: Readonly<Record<Pattern, (pixel: number) => (x: number, y: number, down: number) => number>> = {
  plain: () => () => 0,
  fade: () => (_x, _y, down) => down,
  stripes: pixel => (x, y) => edge(Math.sin(((x + y) * Math.PI) / 1.4) / (Math.PI / 1.4), pixel),
  checks: pixel => (x, y) =>
    edge((Math.sin((x * Math.PI) / 1.5) * Math.sin((y * Math.PI) / 1.5)) / (Math.PI / 1.5), pixel),
  dots: pixel => (x, y) =>
    edge(0.3 - Math.sqrt((x - Math.floor(x) - 0.5) ** 2 + (y - Math.floor(y) - 0.5) ** 2), pixel),
}

/** 0 outside, 1 inside, with one pixel of transition; `inside` is a distance in cells. */
function edge(inside: number, pixel: number): number {
  return Math.min(1, Math.max(0, inside / pixel + 0.5))
}
