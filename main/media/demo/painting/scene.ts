/**
 * A scene is a description that can be both painted (`painter.ts`) and told in a sentence (`sentence.ts`), so that what is
 * seen and what is said always agree.
 */
export interface Scene {
  readonly seconds: number
  readonly background: Background
  readonly action: Action
}

export type ColorName =
  'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink' | 'brown' | 'white' | 'gray' | 'black'
export type ShapeName = 'circle' | 'square' | 'triangle' | 'star' | 'diamond' | 'hexagon'
export type Direction = 'right' | 'left' | 'up' | 'down'

export interface Figure {
  readonly shape: ShapeName
  readonly color: ColorName
}

/** `plain` has one colour (a little lighter above); the patterns have two. */
export type Background =
  | { readonly pattern: 'plain'; readonly color: ColorName }
  | { readonly pattern: 'fade' | 'stripes' | 'checks' | 'dots'; readonly color: ColorName; readonly second: ColorName }

/** What happens, for the whole length of the scene. */
export type Action =
  | { readonly kind: 'move'; readonly figure: Figure; readonly direction: Direction }
  | { readonly kind: 'grow' | 'shrink' | 'rotate' | 'bounce'; readonly figure: Figure }
  | { readonly kind: 'meet' | 'part' | 'orbit'; readonly figure: Figure; readonly other: Figure }

/** Where a figure is: centre in fractions of width and height, radius in fractions of the shorter side, turn in radians. */
export interface Pose {
  readonly figure: Figure
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly turn: number
}

const radius = 0.2

/**
 * The figures of an action, those behind first.
 * @param time seconds since the scene began. @param seconds length of the scene.
 * @param breadth width of the picture divided by its shorter side.
 */
export function poses(action: Action, time: number, seconds: number, breadth: number): Pose[] {
  const progress = Math.min(1, Math.max(0, time / seconds))
  const middle = { figure: action.figure, x: 0.5, y: 0.5, radius: radius, turn: 0 }
  switch (action.kind) {
    case 'move':
      return [{ ...middle, ...along(action.direction, progress) }]
    case 'grow':
      return [{ ...middle, radius: 0.06 + 0.34 * eased(progress) }]
    case 'shrink':
      return [{ ...middle, radius: 0.4 - 0.34 * eased(progress) }]
    case 'rotate':
      return [{ ...middle, radius: 0.28, turn: (time * Math.PI) / 2 }]
    case 'bounce':
      return [{ ...middle, y: 0.8 - 0.55 * Math.abs(Math.sin((time * Math.PI) / 1.2)) }]
    case 'meet':
      return apart(action.figure, action.other, 1 - eased(Math.min(1, progress * 1.25)), breadth)
    case 'part':
      return apart(action.figure, action.other, eased(Math.min(1, progress * 1.25)), breadth)
    case 'orbit': {
      const angle = (time * Math.PI) / 2
      const around = {
        figure: action.figure,
        x: 0.5 + 0.32 * Math.cos(angle),
        y: 0.5 + 0.32 * Math.sin(angle),
        radius: 0.11,
        turn: 0,
      }
      return [{ ...middle, figure: action.other, radius: 0.17 }, around]
    }
  }
}

/** From one edge of the picture to the other. */
function along(direction: Direction, progress: number): { x: number; y: number } {
  const travelled = 0.1 + 0.8 * progress
  switch (direction) {
    case 'right':
      return { x: travelled, y: 0.5 }
    case 'left':
      return { x: 1 - travelled, y: 0.5 }
    case 'down':
      return { x: 0.5, y: travelled }
    case 'up':
      return { x: 0.5, y: 1 - travelled }
  }
}

/** Side by side: touching at `distance` 0, at the edges of the picture at 1. */
function apart(first: Figure, second: Figure, distance: number, breadth: number): Pose[] {
  const touching = (0.85 * radius) / breadth
  const half = touching + (0.5 - (1.2 * radius) / breadth - touching) * distance
  return [
    { figure: first, x: 0.5 - half, y: 0.5, radius: radius, turn: 0 },
    { figure: second, x: 0.5 + half, y: 0.5, radius: radius, turn: 0 },
  ]
}

function eased(progress: number): number {
  return progress * progress * (3 - 2 * progress)
}
