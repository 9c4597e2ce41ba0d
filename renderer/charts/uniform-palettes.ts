import { scaleOfTable } from './colour-scale.ts'
import type { ColourScale, Rgb } from './colour-scale.ts'

/** How hue (degrees) and chroma of OKLCH go from the pale end, 0, to the dark one, 1. */
interface Course {
  readonly hue: (position: number) => number
  readonly chroma: (position: number) => number
}

const pale = 0.975
const dark = 0.24
const arch = (height: number) => (position: number) => height * Math.sin(Math.PI * (0.06 + 0.88 * position))

/** Palettes whose lightness falls evenly, so that equal differences look equal, also printed in grey. */
const courses = {
  teal: { hue: position => 165 + 105 * position, chroma: arch(0.11) },
  viridian: { hue: position => 108 + 192 * position, chroma: arch(0.15) },
  ember: { hue: position => 100 - 125 * position, chroma: arch(0.19) },
  blue: { hue: () => 255, chroma: arch(0.15) },
  grey: { hue: () => 0, chroma: () => 0 },
} as const satisfies Record<string, Course>

export type UniformPalette = keyof typeof courses
export const uniformPalettes = Object.keys(courses) as UniformPalette[]

const steps = 256

/** From pale to dark; `reversed` from dark to pale. */
export function uniformScale(palette: UniformPalette, reversed: boolean): ColourScale {
  const { hue, chroma } = courses[palette]
  const table = Array.from({ length: steps }, (_, step) => {
    const position = reversed ? 1 - step / (steps - 1) : step / (steps - 1)
    return inGamut(pale + (dark - pale) * position, chroma(position), (hue(position) * Math.PI) / 180)
  })
  return scaleOfTable(table)
}

/** The nearest colour of this lightness and hue that sRGB has. */
function inGamut(lightness: number, chroma: number, hue: number): Rgb {
  let [low, high] = [0, chroma]
  if (isShown(linearOf(lightness, chroma, hue))) low = high
  for (let round = 0; round < 20 && high - low > 1e-4; round += 1) {
    const middle = (low + high) / 2
    if (isShown(linearOf(lightness, middle, hue))) low = middle
    else high = middle
  }
  const [red, green, blue] = linearOf(lightness, low, hue)
  return [encoded(red), encoded(green), encoded(blue)]
}

const isShown = (colour: Rgb) => colour.every(channel => channel >= -1e-4 && channel <= 1 + 1e-4)

/** Linear sRGB of an OKLCH colour (Björn Ottosson, "A perceptual color space for image processing", 2020). */
function linearOf(lightness: number, chroma: number, hue: number): Rgb {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

/** The transfer function of sRGB (IEC 61966-2-1), 0–255. */
function encoded(channel: number): number {
  const linear = Math.max(0, Math.min(1, channel))
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055))
}
