import type { ColourScale } from '../../../charts/colour-scale.ts'
import type { VisibleTheme } from '../../../stores/settings.ts'
import type { PointLook } from '../points/point-look.ts'
import type { Colouring } from './colour-by.ts'

export type Rgb = readonly [number, number, number]

const onDark = [
  '#5fb0ee',
  '#f2a65a',
  '#7fd68a',
  '#ee7793',
  '#b7a2e6',
  '#f0d75e',
  '#4fd0c6',
  '#ff9270',
  '#a6cf4c',
  '#de8ddf',
  '#9fb7d4',
  '#cfab86',
]
const onLight = [
  '#1f6fb2',
  '#c76a08',
  '#2b8449',
  '#bd2f63',
  '#6a4cc0',
  '#9a7400',
  '#0c837b',
  '#c4472a',
  '#587a10',
  '#993f9b',
  '#4b6b96',
  '#7d5a3c',
]
const quiet: Readonly<Record<VisibleTheme, string>> = { dark: '#78828f', light: '#8a94a1', contrast: '#c8c8c8' }
/** Colours of a scale below this are those of the ground, on which a point would be lost. */
const leastMagnitude = 0.2

/** The colour of each category: one of its own, or the quiet one that the rest share. */
export function categoryColours(colouring: Colouring, theme: VisibleTheme): string[] {
  if (colouring?.kind !== 'categories') return []
  const colours = theme === 'light' ? onLight : onDark
  return colouring.categories.map(({ name }, place) =>
    name === null ? quiet[theme] : (colours[place] ?? quiet[theme]),
  )
}

const magnitudeOf = (value: number, { low, high }: { readonly low: number; readonly high: number }): number =>
  leastMagnitude + (1 - leastMagnitude) * (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 1)

export interface LookParts {
  readonly count: number
  readonly colouring: Colouring
  readonly theme: VisibleTheme
  readonly scale: ColourScale
  /** Of points that are coloured by nothing. */
  readonly plain: string
  /** See {@link drawingOrder}. */
  readonly order: Uint32Array
  readonly marked: ReadonlySet<number>
  /** All others are hardly seen; null for none. */
  readonly lit: ReadonlySet<number> | null
}

const opacity = { few: 235, many: 190, dim: 46 }
/** From this many points on they lie through one another. */
const many = 20_000

/** How each point looks; what is lit lies over the others, and what is selected over all. */
export function pointLook({ count, colouring, theme, scale, plain, order, marked, lit }: LookParts): PointLook {
  const colours = new Uint8Array(4 * count)
  const marks = new Uint8Array(count)
  const own = categoryColours(colouring, theme).map(parse)
  const [same, none] = [parse(plain), parse(quiet[theme])]
  const usual = count > many ? opacity.many : opacity.few
  for (let point = 0; point < count; point++) {
    const value = colouring?.kind === 'values' ? colouring.values[point]! : 0
    const colour = !colouring
      ? same
      : colouring.kind === 'categories'
        ? (own[colouring.of[point]!] ?? none)
        : Number.isNaN(value)
          ? none
          : scale.rgb(magnitudeOf(value, colouring))
    colours[4 * point] = colour[0]
    colours[4 * point + 1] = colour[1]
    colours[4 * point + 2] = colour[2]
    colours[4 * point + 3] = lit !== null && !lit.has(point) ? opacity.dim : usual
  }
  for (const point of marked) marks[point] = 1
  if (!lit && marked.size === 0) return { colours, marks, order }
  const ranks = [0, 1, 2].map(rank =>
    order.filter(point => (marked.has(point) ? 2 : Number(lit?.has(point) ?? false)) === rank),
  )
  const ranked = new Uint32Array(count)
  let at = 0
  for (const points of ranks) {
    ranked.set(points, at)
    at += points.length
  }
  return { colours, marks, order: ranked }
}

/** Which points lie over which: high values over low ones; kinds through one another, over those that have none. */
export function drawingOrder(count: number, colouring: Colouring): Uint32Array {
  const weights = Float64Array.from({ length: count }, (_, point) => {
    if (colouring?.kind === 'values') {
      return Number.isNaN(colouring.values[point]!) ? -Infinity : colouring.values[point]!
    }
    const isNone = colouring !== null && colouring.categories[colouring.of[point]!]?.name === null
    return isNone ? -1 : scattered(point)
  })
  return Uint32Array.from({ length: count }, (_, point) => point).sort((a, b) => weights[a]! - weights[b]! || a - b)
}

/** A number from 0 to 1 that neighbours do not share: no folder covers another because it came later. */
const scattered = (point: number): number => (Math.imul(point + 1, 0x9e3779b1) >>> 0) / 2 ** 32

export function parse(colour: string): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim())?.[1]
  if (hex === undefined) return [128, 128, 128]
  return [0, 2, 4].map(at => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb
}
