import type { ColorName } from './palette.ts'
import type { ShapeName } from './shapes.ts'

/**
 * A scene is a description that can be both painted (`painter.ts`) and told in a sentence (`telling/sentence.ts`), so
 * that what is seen and what is said always agree.
 */
export interface Scene {
  readonly seconds: number
  readonly background: Background
  readonly action: Action
}

export type Direction = 'right' | 'left' | 'up' | 'down'
export type Sideways = 'right' | 'left'

export interface Figure {
  readonly shape: ShapeName
  readonly color: ColorName
  /** A group of so many that do the same together, 2 to 5; one without. */
  readonly count?: number
}

export type Landscape =
  'sea' | 'hills' | 'desert' | 'city' | 'night' | 'sunset' | 'forest' | 'mountains' | 'snow' | 'deep water'

/** `plain` has one colour (a little lighter above); the patterns have two. */
export type Background =
  | { readonly pattern: 'plain'; readonly color: ColorName }
  | { readonly pattern: 'fade' | 'stripes' | 'checks' | 'dots'; readonly color: ColorName; readonly second: ColorName }
  | { readonly pattern: 'landscape'; readonly landscape: Landscape }

/** What happens, for the whole length of the scene. Only actions of one figure may have a group of them. */
export type Action = AloneAction | PairAction

export type AloneAction =
  | {
      readonly kind: 'move'
      readonly figure: Figure
      readonly direction: Direction
      /** A slow one covers less than half of the way, a quick one waits before and after. */
      readonly pace?: 'slowly' | 'quickly'
      /** How far from the middle the way lies, −1 to 1. */
      readonly lane?: number
    }
  | {
      readonly kind: 'grow' | 'shrink' | 'rotate' | 'bounce' | 'swing' | 'circle' | 'blink' | 'appear' | 'vanish'
      readonly figure: Figure
    }
  | { readonly kind: 'zigzag' | 'pan'; readonly figure: Figure; readonly direction: Sideways }
  | { readonly kind: 'spiral' | 'zoom'; readonly figure: Figure; readonly way: 'in' | 'out' }

export type PairAction = { readonly figure: Figure; readonly other: Figure } & (
  | { readonly kind: 'meet' | 'part' | 'orbit' | 'jump' | 'swap' }
  | { readonly kind: 'chase'; readonly direction: Sideways }
  | { readonly kind: 'pass'; readonly side: 'behind' | 'before'; readonly direction: Sideways }
  /**
   * `left`: the figure is left of the other; `inside`: the other surrounds it; `behind`: the other covers it in part.
   */
  | { readonly kind: 'rest'; readonly relation: 'left' | 'above' | 'inside' | 'behind' }
)

/** Pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}
