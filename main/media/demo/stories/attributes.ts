import { backgroundColors } from '../painting/backgrounds.ts'
import { colorDistance, colors, figureColors } from '../painting/palette.ts'
import type { ColorName } from '../painting/palette.ts'
import type { Action, Background, Direction, Figure, Scene, Sideways } from '../painting/scene.ts'
import { roundShapes } from '../painting/shapes.ts'
import type { ShapeName } from '../painting/shapes.ts'
import type { ActionName } from '../telling/words.ts'

export { figureColors }
export type FigureColor = (typeof figureColors)[number]

/** Shapes that can be told apart in a picture of 96 × 160 pixels. */
export const storyShapes = [
  'circle',
  'square',
  'triangle',
  'star',
  'diamond',
  'heart',
  'cross',
  'ring',
  'moon',
] as const satisfies readonly ShapeName[]
export type StoryShape = (typeof storyShapes)[number]

/** Something that may happen in a story. */
export interface ActionCard {
  readonly name: ActionName
  /** What it takes: one figure, or two. */
  readonly figures: 1 | 2
  /** Whether several figures may do it together, and whether slowly or quickly. */
  readonly together?: boolean
  readonly paced?: boolean
  /** Only seen before a landscape: the camera moves. */
  readonly landscape?: boolean
  /** Shapes that cannot do it, and shapes that it cannot be done with. */
  readonly without?: readonly ShapeName[]
  readonly otherWithout?: readonly ShapeName[]
  make(figure: Figure, other: Figure): Action
}

const move = (direction: Direction): ActionCard => ({
  name: direction,
  figures: 1,
  together: true,
  paced: true,
  make: figure => ({ kind: 'move', figure, direction }),
})
const alone = (
  kind: 'grow' | 'shrink' | 'rotate' | 'bounce' | 'swing' | 'circle' | 'blink' | 'appear' | 'vanish',
  more: Partial<ActionCard> = {},
): ActionCard => ({ name: kind, figures: 1, together: true, ...more, make: figure => ({ kind, figure }) })
const both = (kind: 'meet' | 'part' | 'orbit' | 'jump' | 'swap'): ActionCard => ({
  name: kind,
  figures: 2,
  make: (figure, other) => ({ kind, figure, other }),
})
const rest = (relation: 'left' | 'above' | 'inside' | 'behind', more: Partial<ActionCard> = {}): ActionCard => ({
  name: `rest ${relation}`,
  figures: 2,
  ...more,
  make: (figure, other) => ({ kind: 'rest', figure, other, relation }),
})
const sideways = <Make>(make: (direction: Sideways) => Make): Make[] => [make('right'), make('left')]

/** Everything that happens in stories, in the order by which {@link isHeldOut} counts. */
export const actionCards: readonly ActionCard[] = [
  ...(['right', 'left', 'up', 'down'] as const).map(move),
  alone('grow'),
  alone('shrink'),
  alone('rotate', { without: [...roundShapes] }),
  alone('bounce'),
  alone('swing', { together: false }),
  alone('circle', { together: false }),
  alone('blink'),
  alone('appear'),
  alone('vanish'),
  ...sideways<ActionCard>(direction => ({
    name: `zigzag ${direction}`,
    figures: 1,
    make: figure => ({ kind: 'zigzag', figure, direction }),
  })),
  ...(['in', 'out'] as const).map((way): ActionCard => ({
    name: `spiral ${way}`,
    figures: 1,
    make: figure => ({ kind: 'spiral', figure, way }),
  })),
  ...(['meet', 'part', 'orbit', 'jump', 'swap'] as const).map(both),
  ...sideways<ActionCard>(direction => ({
    name: `chase ${direction}`,
    figures: 2,
    make: (figure, other) => ({ kind: 'chase', figure, other, direction }),
  })),
  ...(['behind', 'before'] as const).map((side): ActionCard => ({
    name: `pass ${side}`,
    figures: 2,
    // What is behind their holes is not hidden.
    otherWithout: ['ring', 'moon'],
    make: (figure, other) => ({ kind: 'pass', figure, other, side, direction: 'right' }),
  })),
  rest('left'),
  rest('above'),
  rest('inside', { otherWithout: ['star', 'cross', 'moon'] }),
  rest('behind', { otherWithout: ['ring'] }),
  ...sideways<ActionCard>(direction => ({
    name: `pan ${direction}`,
    figures: 1,
    landscape: true,
    make: figure => ({ kind: 'pan', figure, direction }),
  })),
  ...(['in', 'out'] as const).map((way): ActionCard => ({
    name: `zoom ${way}`,
    figures: 1,
    landscape: true,
    make: figure => ({ kind: 'zoom', figure, way }),
  })),
]

const plainColors = [
  'white',
  'gray',
  'black',
  'dark blue',
  'dark green',
  'light blue',
  'light green',
  'light yellow',
  'light pink',
] as const
const pairs = [
  ['light blue', 'white'],
  ['light pink', 'white'],
  ['light green', 'light yellow'],
  ['gray', 'white'],
  ['black', 'gray'],
  ['dark blue', 'dark green'],
] as const
const landscapes = ['sea', 'hills', 'desert', 'city', 'night', 'sunset', 'forest', 'mountains'] as const

/** Everything that stories happen before; landscapes twice, so that they are nearly half of all. */
export const backgroundCards: readonly Background[] = [
  ...[...landscapes, ...landscapes].map(landscape => ({ pattern: 'landscape', landscape }) as const),
  ...plainColors.map(color => ({ pattern: 'plain', color }) as const),
  ...(['fade', 'stripes', 'checks', 'dots'] as const).flatMap(pattern =>
    pairs.map(([color, second]) => ({ pattern, color, second })),
  ),
]

/** A figure stands out from every colour of its background by at least so much. */
const leastContrast = 0.17

export function standsOut(color: ColorName, background: Background): boolean {
  return backgroundColors(background).every(ground => colorDistance(colors[color], ground) >= leastContrast)
}

export function figuresOf({ action }: Scene): Figure[] {
  return 'other' in action ? [action.figure, action.other] : [action.figure]
}

/** Whether the figures of the scene stand out from a background. */
export function isSeen(scene: Scene, background: Background): boolean {
  return figuresOf(scene).every(({ color }) => standsOut(color, background))
}

/**
 * Whether a figure of this colour and shape never does this in the splits train and val: one colour in ten for each
 * shape and action, so that every colour, shape and action is seen in training, and every two of them nearly always.
 */
export function isHeldOut(color: ColorName, shape: ShapeName, action: ActionName): boolean {
  const [c, s, a] = [
    (figureColors as readonly string[]).indexOf(color),
    (storyShapes as readonly string[]).indexOf(shape),
    actionCards.findIndex(({ name }) => name === action),
  ]
  return c >= 0 && s >= 0 && a >= 0 && (c + 3 * s + 7 * a) % figureColors.length === 4
}
