import type { ColourScale } from '../colour-scale.ts'
import { element, escapeXml } from './svg.ts'
import { wrapText } from './wrap-text.ts'

export interface Font {
  readonly size: number
  readonly family: string
  readonly bold: boolean
}

/** Width of a text in pixels. */
export type Measure = (text: string, font: Font) => number

/** What a figure is drawn with. */
export interface FigureColours {
  readonly ground: string
  readonly ink: string
  readonly ink2: string
  readonly line: string
  readonly accent: string
  readonly path: string
  /** Under the path, where cells are as dark as it. */
  readonly seam: string
  readonly empty: string
  /** Told apart from each other, for lines of one figure. */
  readonly series: readonly string[]
}

export const figureColours: Readonly<Record<'light' | 'dark', FigureColours>> = {
  light: {
    ground: '#ffffff',
    ink: '#111418',
    ink2: '#454c55',
    line: '#c9ced4',
    accent: '#00776a',
    path: '#d9480f',
    seam: '#ffffff',
    empty: '#e4e7ea',
    series: ['#00776a', '#c2410c', '#2b5fb3', '#a3195b', '#6b6b6b', '#8a6d00'],
  },
  dark: {
    ground: '#13171d',
    ink: '#eef1f5',
    ink2: '#a9b2c0',
    line: '#3a4352',
    accent: '#55c9b4',
    path: '#f0b64f',
    seam: '#0b0d10',
    empty: '#262d39',
    series: ['#55c9b4', '#f0b64f', '#7fb0f2', '#f08a9b', '#b7bec9', '#d2c46a'],
  },
}

export interface SheetLook {
  /** CSS pixels, 96 an inch. */
  readonly width: number
  /** Font size in CSS pixels. */
  readonly em: number
  readonly family: string
  readonly colours: FigureColours
  readonly scale: ColourScale
}

export interface TextStyle {
  readonly x: number
  /** Baseline of the (first) line. */
  readonly y: number
  readonly size?: number
  readonly colour?: string
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
  /** Colour around the signs, where lines run behind them. */
  readonly halo?: string
  /** Degrees clockwise about its place. */
  readonly turned?: number
}

/** Height of a line in font sizes. */
export const leading = 1.3

/** The paper of a figure: vector shapes, text that stays text, and pictures that are part of the file. */
export class Sheet {
  readonly look: SheetLook
  readonly #measure: Measure
  /** `data:` addresses of the pictures, by media path. */
  readonly #pictures: ReadonlyMap<string, string>
  readonly #parts: string[] = []
  #definitions = 0

  constructor(look: SheetLook, measure: Measure, pictures: ReadonlyMap<string, string>) {
    this.look = look
    this.#measure = measure
    this.#pictures = pictures
  }

  get markup(): string {
    return this.#parts.join('\n')
  }

  add(...markup: string[]): void {
    this.#parts.push(...markup)
  }

  /** A name for something that other shapes refer to. */
  define(): string {
    this.#definitions += 1
    return `d${this.#definitions}`
  }

  widthOf(text: string, { size = this.look.em, bold = false }: { size?: number; bold?: boolean } = {}): number {
    return this.#measure(text, { size, family: this.look.family, bold })
  }

  /** One line. */
  write(text: string, style: TextStyle): void {
    const { x, y, size = this.look.em, colour = this.look.colours.ink, bold, anchor = 'start', turned, halo } = style
    this.add(
      element(
        'text',
        {
          x,
          y,
          'font-size': size,
          fill: colour,
          'font-weight': bold ? 600 : null,
          stroke: halo ?? null,
          'stroke-width': halo ? size / 4 : null,
          'paint-order': halo ? 'stroke' : null,
          'text-anchor': anchor === 'start' ? null : anchor,
          transform: turned ? `rotate(${turned} ${Math.round(100 * x) / 100} ${Math.round(100 * y) / 100})` : null,
        },
        escapeXml(text),
      ),
    )
  }

  /** A text in lines of at most `room`, whole; gives the baseline after the last one. */
  paragraph(text: string, { room, ...style }: TextStyle & { readonly room: number }): number {
    const { size = this.look.em } = style
    const lines = this.wrap(text, { room, size, bold: style.bold ?? false })
    lines.forEach((line, index) => this.write(line, { ...style, y: style.y + index * leading * size }))
    return style.y + lines.length * leading * size
  }

  wrap(text: string, { room, size = this.look.em, bold = false }: { room: number; size?: number; bold?: boolean }) {
    return wrapText(text, room, part => this.widthOf(part, { size, bold }))
  }

  /** A picture whole within a box, which stays empty where there is none. */
  picture(path: string, { x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
    const href = this.#pictures.get(path)
    this.add(element('rect', { x, y, width, height, fill: this.look.colours.empty }))
    if (href !== undefined) {
      this.add(element('image', { x, y, width, height, href, preserveAspectRatio: 'xMidYMid meet' }))
    }
  }
}
