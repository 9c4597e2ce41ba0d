export type LengthUnit = 'mm' | 'px'

export interface FigureSize {
  readonly unit: LengthUnit
  readonly width: number
  /** Null for as high as the figure needs. */
  readonly height: number | null
  /** Pixels of the PNG file per inch. */
  readonly dpi: number
}

const cssDpi = 96
const millimetres = 25.4
const points = 72

/** CSS pixels, 96 an inch, of a length; a pixel that was chosen is one of the PNG file. */
export function cssPixels(length: number, { unit, dpi }: Pick<FigureSize, 'unit' | 'dpi'>): number {
  return unit === 'mm' ? (length * cssDpi) / millimetres : (length * cssDpi) / dpi
}

/** What programs read the size of an SVG file from. */
export function svgLength(pixels: number, { unit, dpi }: Pick<FigureSize, 'unit' | 'dpi'>): string {
  const length = unit === 'mm' ? (pixels * millimetres) / cssDpi : (pixels * dpi) / cssDpi
  return `${Math.round(length * 100) / 100}${unit}`
}

/** Pixels of the PNG file of a length in CSS pixels. */
export function pngPixels(pixels: number, { dpi }: Pick<FigureSize, 'dpi'>): number {
  return Math.max(1, Math.round((pixels * dpi) / cssDpi))
}

export function fontPixels(size: number): number {
  return (size * cssDpi) / points
}
