import type { NamedArray } from '../arrays/array-files.ts'
import type { Sheet } from './sheet.ts'

export interface Range {
  readonly min: number
  readonly max: number
}

/** What the colours of a figure mean, and what of them can be chosen. */
export type FigureKey =
  | {
      readonly kind: 'scale'
      /** At which a softmax made the values; null where none did. */
      readonly temperature: number | null
      /** Drawn over pictures, which shine through where values are small: one colour, see {@link veil}. */
      readonly overlay?: boolean
      range(temperature: number | null): Range
      unit(temperature: number | null): string
      format(value: number): string
    }
  | { readonly kind: 'series'; readonly series: readonly { readonly name: string; readonly colour: number }[] }

/** How much of a picture the largest value of an overlay hides. */
export const veil = 0.85

/** What was chosen for a drawing, besides the sheet's own look. */
export interface Chosen {
  readonly range: Range
  readonly temperature: number | null
  readonly pictures: boolean
  /** Of the part that can be higher or lower, in pixels; null for its own height. */
  readonly extent: number | null
}

/** Where a drawing ended, and how high its flexible part was and at least is. */
export interface Drawn {
  readonly bottom: number
  readonly extent: number
  readonly least: number
}

/** A figure that can leave the window: what is drawn, what it says, where it comes from. */
export interface Figure {
  /** Beginning of the file's name. */
  readonly stem: string
  readonly title: string
  readonly subtitle: string
  readonly key: FigureKey | null
  /** Media paths of pictures that may be drawn. */
  readonly pictures: readonly string[]
  /** A figure without its pictures says as much. */
  readonly picturesOptional: boolean
  draw(sheet: Sheet, top: number, chosen: Chosen): Drawn
}

/** Whose results are shown, to be looked up for files that leave the window. */
export interface Origin {
  /** Null where no model of the workbench computed it. */
  readonly model: string | null
  readonly videoIds: readonly number[]
  /** What else says which result it is, such as the sentences or the place in the model. */
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>
}

/** What leaves a pane: its figure, where it has one, and its arrays. */
export interface Exportable {
  readonly figure: Figure | null
  readonly origin: Origin
  /** Computed or asked for only when one of them is saved. */
  readonly arrays: readonly OfferedArray[]
}

export interface OfferedArray {
  readonly name: string
  read(): NamedArray | Promise<NamedArray>
}
