import type { VisibleTheme } from '../stores/settings.ts'

export type Rgb = readonly [number, number, number]

/** Our own control points, evenly rising in lightness from night blue over teal to pale mint. */
const onDark: readonly Rgb[] = [
  [18, 16, 32],
  [37, 33, 74],
  [47, 60, 117],
  [44, 93, 146],
  [38, 128, 158],
  [55, 163, 158],
  [107, 197, 161],
  [170, 224, 181],
  [232, 249, 230],
]
/** The same journey on paper: nothing is white, much is dark. */
const onLight: readonly Rgb[] = [
  [238, 242, 243],
  [208, 231, 224],
  [163, 214, 201],
  [109, 190, 182],
  [60, 160, 168],
  [40, 125, 154],
  [42, 90, 135],
  [44, 58, 106],
  [30, 26, 62],
]
const onBlack: readonly Rgb[] = [
  [0, 0, 0],
  [36, 30, 96],
  [46, 68, 150],
  [38, 112, 182],
  [30, 152, 186],
  [60, 190, 176],
  [128, 222, 176],
  [198, 242, 200],
  [255, 255, 255],
]

/**
 * From blue over what the ground looks like to orange: blue and orange stay apart for every kind of colour blindness,
 * and both ends are equally far from the middle in lightness.
 */
const divergingOnDark: readonly Rgb[] = [
  [126, 190, 255],
  [64, 132, 214],
  [38, 78, 132],
  [28, 34, 44],
  [122, 62, 26],
  [204, 104, 38],
  [255, 172, 96],
]
const divergingOnLight: readonly Rgb[] = [
  [16, 58, 122],
  [58, 118, 190],
  [152, 190, 228],
  [247, 248, 249],
  [244, 192, 146],
  [208, 104, 38],
  [126, 46, 8],
]
const divergingOnBlack: readonly Rgb[] = [
  [150, 206, 255],
  [62, 146, 248],
  [26, 74, 146],
  [0, 0, 0],
  [140, 66, 10],
  [240, 122, 32],
  [255, 190, 120],
]

const stepCount = 256

export interface ColourScale {
  /** CSS colour of a magnitude from 0 to 1; outside it is clamped. */
  css(magnitude: number): string
  /** Red, green and blue of the same colour, 0–255. */
  rgb(magnitude: number): Rgb
}

const scales = new Map<VisibleTheme, ColourScale>()

/** The sequential scale for magnitudes in a theme: a table of 256 colours, interpolated once. */
export function sequentialScale(theme: VisibleTheme): ColourScale {
  let scale = scales.get(theme)
  if (!scale) {
    scale = makeScale(theme === 'light' ? onLight : theme === 'contrast' ? onBlack : onDark)
    scales.set(theme, scale)
  }
  return scale
}

const divergingScales = new Map<VisibleTheme, ColourScale>()

/** The diverging scale for differences: 0 the least, 0.5 none, 1 the greatest. */
export function divergingScale(theme: VisibleTheme): ColourScale {
  let scale = divergingScales.get(theme)
  if (!scale) {
    scale = makeScale(theme === 'light' ? divergingOnLight : theme === 'contrast' ? divergingOnBlack : divergingOnDark)
    divergingScales.set(theme, scale)
  }
  return scale
}

function makeScale(points: readonly Rgb[]): ColourScale {
  return scaleOfTable(Array.from({ length: stepCount }, (_, step) => interpolate(points, step / (stepCount - 1))))
}

/** A scale of these colours, from the smallest magnitude to the largest. */
export function scaleOfTable(table: readonly Rgb[]): ColourScale {
  // As programs for drawings read it too, which know no newer form.
  const css = table.map(colour => `#${colour.map(channel => channel.toString(16).padStart(2, '0')).join('')}`)
  const index = (magnitude: number) =>
    Math.max(0, Math.min(table.length - 1, Math.round(magnitude * (table.length - 1)))) || 0
  return { css: magnitude => css[index(magnitude)] ?? '', rgb: magnitude => table[index(magnitude)] ?? [0, 0, 0] }
}

function interpolate(points: readonly Rgb[], position: number): Rgb {
  const scaled = position * (points.length - 1)
  const at = Math.min(points.length - 2, Math.floor(scaled))
  const [from, to] = [points[at], points[at + 1]]
  if (!from || !to) return [0, 0, 0]
  const part = scaled - at
  return [0, 1, 2].map(channel =>
    Math.round(from[channel as 0] + (to[channel as 0] - from[channel as 0]) * part),
  ) as unknown as Rgb
}

/** Of black and white the one that can be read better on a colour, by WCAG's contrast: at least 4.5 to 1 on any. */
export function readableOn(colour: Rgb): 'black' | 'white' {
  const [red = 0, green = 0, blue = 0] = colour.map(channel => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? 'black' : 'white'
}

/** The scale as a CSS gradient, for legends. */
export function scaleGradient(scale: ColourScale): string {
  return `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, step) => scale.css(step / 16)).join(', ')})`
}
