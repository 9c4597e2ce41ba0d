import { reactive, watch } from 'vue'
import type { UniformPalette } from '../../uniform-palettes.ts'
import { uniformPalettes } from '../../uniform-palettes.ts'
import type { LengthUnit } from '../figure-size.ts'

const fontFamilies = {
  sans: "Helvetica, Arial, 'Liberation Sans', sans-serif",
  serif: "'Times New Roman', Times, 'Liberation Serif', serif",
  mono: "'Courier New', Courier, 'Liberation Mono', monospace",
} as const
export type FontFamily = keyof typeof fontFamilies | 'other'

/** How figures are written, the same for all until it is changed. */
export interface FigureChoices {
  unit: LengthUnit
  width: number
  height: number | null
  dpi: number
  font: FontFamily
  /** A face by its name. */
  otherFont: string
  /** Points. */
  fontSize: number
  ground: 'light' | 'dark'
  palette: UniformPalette
  reversed: boolean
  pictures: boolean
}

const key = 'workbench.figure'
/** A figure over the text of a page of A4. */
const first: FigureChoices = {
  unit: 'mm',
  width: 160,
  height: null,
  dpi: 300,
  font: 'sans',
  otherFont: '',
  fontSize: 9,
  ground: 'light',
  palette: 'teal',
  reversed: false,
  pictures: true,
}

export function useFigureChoices(): FigureChoices {
  const choices = reactive<FigureChoices>({ ...first, ...remembered() })
  watch(choices, now => localStorage.setItem(key, JSON.stringify(now)))
  return choices
}

/** The face that text is set in; what could end the name is left out. */
export function familyOf({ font, otherFont }: Pick<FigureChoices, 'font' | 'otherFont'>): string {
  if (font !== 'other') return fontFamilies[font]
  const name = otherFont.replaceAll(/["'\\;{}<>]/g, '').trim()
  return name ? `"${name}", ${fontFamilies.sans}` : fontFamilies.sans
}

/** What an older version, or another hand, wrote counts only where it is what it should be. */
function remembered(): Partial<FigureChoices> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    const isKept = ([name, value]: [string, unknown]) =>
      Object.hasOwn(first, name) &&
      (name === 'height'
        ? value === null || isLength(value)
        : typeof value === typeof first[name as keyof FigureChoices])
    const kept = Object.fromEntries(Object.entries(stored).filter(isKept)) as Partial<FigureChoices>
    const { palette, unit, ground, font, width, dpi, fontSize, ...rest } = kept
    return {
      ...rest,
      ...(palette && uniformPalettes.includes(palette) ? { palette } : {}),
      ...(unit === 'mm' || unit === 'px' ? { unit } : {}),
      ...(ground === 'light' || ground === 'dark' ? { ground } : {}),
      ...(font && (font === 'other' || Object.hasOwn(fontFamilies, font)) ? { font } : {}),
      ...(isLength(width) ? { width } : {}),
      ...(isLength(dpi) ? { dpi } : {}),
      ...(isLength(fontSize) ? { fontSize } : {}),
    }
  } catch {
    return {}
  }
}

const isLength = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 100_000
