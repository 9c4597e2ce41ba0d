import type { Action, AloneAction, Direction, Figure, PairAction } from './scene.ts'

/**
 * Where a figure is: centre in fractions of width and height, radius in fractions of the shorter side, turn in radians.
 */
export interface Pose {
  readonly figure: Figure
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly turn: number
  /** 0–1. */
  readonly opacity: number
  /** Where the thread that holds it is fastened. */
  readonly pivot?: { readonly x: number; readonly y: number }
}

/** Width and height divided by the shorter side. */
export interface Breadth {
  readonly across: number
  readonly down: number
}

type Placed = Partial<Omit<Pose, 'figure'>>

/** Where the figures of a group stand, in radii about its middle; how far it reaches; and the radius of each. */
const groups: Readonly<
  Record<number, { places: readonly (readonly [number, number])[]; reach: number; radius: number }>
> = {
  1: { places: [[0, 0]], reach: 1, radius: 0.2 },
  2: {
    places: [
      [-1.2, 0],
      [1.2, 0],
    ],
    reach: 2.2,
    radius: 0.13,
  },
  3: {
    places: [
      [0, -1.05],
      [-1.2, 1.05],
      [1.2, 1.05],
    ],
    reach: 2.2,
    radius: 0.125,
  },
  4: {
    places: [
      [-1.2, -1.2],
      [1.2, -1.2],
      [-1.2, 1.2],
      [1.2, 1.2],
    ],
    reach: 2.2,
    radius: 0.12,
  },
  5: {
    places: [
      [-1.65, -1.65],
      [1.65, -1.65],
      [0, 0],
      [-1.65, 1.65],
      [1.65, 1.65],
    ],
    reach: 2.65,
    radius: 0.1,
  },
}

/**
 * The figures of an action, those behind first.
 * @param progress of the scene, 0–1. Nothing depends on seconds: a few frames of a scene of any length tell what
 * happens, and no period is one at which evenly spaced frames would show a standing picture.
 */
export function poses(action: Action, progress: number, breadth: Breadth): Pose[] {
  return 'other' in action ? ofPair(action, progress, breadth) : ofOne(action, progress, breadth)
}

function ofOne(action: AloneAction, progress: number, breadth: Breadth): Pose[] {
  const { figure } = action
  const all = (placed: Placed = {}, scale = 1) => group(figure, placed, { scale, breadth })
  const waves = (count: number) => Math.cos(progress * count * 2 * Math.PI)
  switch (action.kind) {
    case 'move':
      return all(
        along(action.direction, {
          way: share(action.pace, progress),
          lane: action.lane ?? 0,
          margin: margins(figure, breadth),
        }),
      )
    case 'zigzag': {
      const { x } = along(action.direction, { way: progress, lane: 0, margin: margins(figure, breadth) })
      const { y } = margins(figure, breadth)
      // Three straight strokes.
      const stroke = progress * 3
      const height = stroke % 2 < 1 ? stroke % 1 : 1 - (stroke % 1)
      return all({ x, y: y + (1 - 2 * y) * height })
    }
    case 'grow':
      return all({}, 0.35 + 1.45 * eased(progress))
    case 'shrink':
      return all({}, 1.8 - 1.45 * eased(progress))
    case 'rotate':
      return all({ turn: progress * 0.92 * Math.PI }, 1.3)
    case 'bounce': {
      const { y } = margins(figure, breadth)
      return all({ y: 1 - y - (1 - 2 * y) * Math.abs(Math.sin(progress * 2.5 * Math.PI)) })
    }
    case 'swing': {
      const [angle, length] = [0.62 * waves(1.5), 0.72]
      const pivot = { x: 0.5, y: 0.5 - 0.62 / breadth.down }
      const [x, y] = [
        pivot.x + (length * Math.sin(angle)) / breadth.across,
        pivot.y + (length * Math.cos(angle)) / breadth.down,
      ]
      return all({ x, y, turn: -angle, pivot }, 0.85)
    }
    case 'circle':
      return all(onCircle(progress * 1.25, 0.28, breadth), 0.75)
    case 'spiral': {
      const inward = action.way === 'in' ? 1 - progress : progress
      return all(onCircle((action.way === 'in' ? progress : progress + 0.25) * 1.75, 0.36 * inward, breadth), 0.65)
    }
    case 'blink':
      return all({ opacity: lit((progress * 2.5) % 1) })
    case 'appear':
      return all({ opacity: eased(within(progress, 0.08, 0.8)) })
    case 'vanish':
      return all({ opacity: 1 - eased(within(progress, 0.2, 0.92)) })
    case 'pan':
    case 'zoom':
      return all({}, 0.8)
  }
}

function ofPair(action: PairAction, progress: number, breadth: Breadth): Pose[] {
  const { figure, other } = action
  const one = (of: Figure, radius: number, placed: Placed = {}): Pose => ({
    figure: of,
    x: 0.5,
    y: 0.5,
    radius,
    turn: 0,
    opacity: 1,
    ...placed,
  })
  const side = (distance: number) => distance / breadth.across
  switch (action.kind) {
    case 'meet':
    case 'part': {
      const share = eased(Math.min(1, progress * 1.2))
      const half = side(0.175) + (0.5 - side(0.24) - side(0.175)) * (action.kind === 'meet' ? 1 - share : share)
      return [one(figure, 0.2, { x: 0.5 - half }), one(other, 0.2, { x: 0.5 + half })]
    }
    case 'orbit':
      return [one(other, 0.18), one(figure, 0.11, onCircle(progress * 1.25, 0.34, breadth))]
    case 'swap': {
      const turned = Math.PI * eased(within(progress, 0.1, 0.9))
      const [x, y] = [side(0.32) * Math.cos(turned), (0.24 / breadth.down) * Math.sin(turned)]
      return [one(figure, 0.16, { x: 0.5 - x, y: 0.5 - y }), one(other, 0.16, { x: 0.5 + x, y: 0.5 + y })]
    }
    case 'jump': {
      const way = eased(within(progress, 0.05, 0.95))
      const [x, lift] = [side(0.4) * (2 * way - 1), 0.52 * Math.sin(Math.PI * way)]
      const ground = 0.5 + 0.26 / breadth.down
      return [one(other, 0.15, { y: ground }), one(figure, 0.14, { x: 0.5 + x, y: ground - lift / breadth.down })]
    }
    case 'chase': {
      const [radius, gap] = [0.14, 0.42]
      const edge = side(radius * 1.15)
      const sign = action.direction === 'right' ? 1 : -1
      const centre = sign * (edge + side(gap) / 2 + (1 - 2 * edge - side(gap)) * softened(progress) - 0.5)
      return [
        one(figure, radius, { x: 0.5 + centre - (sign * side(gap)) / 2 }),
        one(other, radius, { x: 0.5 + centre + (sign * side(gap)) / 2 }),
      ]
    }
    case 'pass': {
      // It dwells in the middle, so that a few frames show which one covers the other.
      const way = progress + 0.12 * Math.sin(2 * Math.PI * progress)
      const { x } = along(action.direction, { way, lane: 0, margin: { x: side(0.18), y: 0 } })
      const [still, passing] = [one(other, 0.22), one(figure, 0.14, { x, y: 0.5 - 0.05 / breadth.down })]
      return action.side === 'behind' ? [passing, still] : [still, passing]
    }
    case 'rest': {
      const sway = (phase: number) => (0.02 * Math.sin(2 * Math.PI * (1.3 * progress + phase))) / breadth.down
      return related(action.relation, breadth).map(([which, radius, x, y], index) =>
        one(which === 'figure' ? figure : other, radius, {
          x,
          y: y + (action.relation === 'inside' ? 0 : sway(index / 2)),
        }),
      )
    }
  }
}

/** Which of the two, its radius and where it is; the one behind first. */
function related(
  relation: 'left' | 'above' | 'inside' | 'behind',
  { across, down }: Breadth,
): readonly (readonly ['figure' | 'other', number, number, number])[] {
  switch (relation) {
    case 'left':
      return [
        ['figure', 0.17, 0.5 - 0.26 / across, 0.5],
        ['other', 0.17, 0.5 + 0.26 / across, 0.5],
      ]
    case 'above':
      return [
        ['figure', 0.17, 0.5, 0.5 - 0.24 / down],
        ['other', 0.17, 0.5, 0.5 + 0.24 / down],
      ]
    case 'inside':
      return [
        ['other', 0.4, 0.5, 0.5],
        ['figure', 0.13, 0.5, 0.5],
      ]
    case 'behind':
      return [
        ['figure', 0.2, 0.5 - 0.09 / across, 0.5 - 0.08 / down],
        ['other', 0.2, 0.5 + 0.09 / across, 0.5 + 0.08 / down],
      ]
  }
}

function group(
  figure: Figure,
  placed: Placed,
  { scale, breadth: { across, down } }: { readonly scale: number; readonly breadth: Breadth },
): Pose[] {
  const { places, radius } = groups[figure.count ?? 1] ?? { places: [[0, 0]], radius: 0.2 }
  return places.map(([x, y]) => ({
    figure,
    turn: 0,
    opacity: 1,
    ...placed,
    radius: radius * scale,
    x: (placed.x ?? 0.5) + (x * radius * scale) / across,
    y: (placed.y ?? 0.5) + (y * radius * scale) / down,
  }))
}

/** How near to the edges the middle of a figure or group may come. */
function margins({ count = 1 }: Figure, { across, down }: Breadth): { x: number; y: number } {
  const { reach, radius } = groups[count] ?? { reach: 1, radius: 0.2 }
  const margin = Math.min(0.42, reach * radius * 1.1)
  return { x: margin / across, y: margin / down }
}

interface Travel {
  /** 0–1. */
  readonly way: number
  readonly lane: number
  readonly margin: { readonly x: number; readonly y: number }
}

/** From one edge of the picture to the other. */
function along(
  direction: Direction,
  { way, lane, margin: { x: sideMargin, y: topMargin } }: Travel,
): { x: number; y: number } {
  const upright = direction === 'up' || direction === 'down'
  const [margin, free] = upright ? [topMargin, 0.5 - sideMargin] : [sideMargin, 0.5 - topMargin]
  const travelled = margin + (1 - 2 * margin) * (direction === 'left' || direction === 'up' ? 1 - way : way)
  const aside = 0.5 + 0.5 * free * lane
  return upright ? { x: aside, y: travelled } : { x: travelled, y: aside }
}

/** How much of its way a figure has gone. */
function share(pace: 'slowly' | 'quickly' | undefined, progress: number): number {
  if (pace === 'slowly') return 0.3 + 0.4 * progress
  return pace === 'quickly' ? eased(within(progress, 0.34, 0.62)) : softened(progress)
}

/** @param turns clockwise from above. */
function onCircle(turns: number, radius: number, { across, down }: Breadth): { x: number; y: number } {
  const angle = turns * 2 * Math.PI
  return { x: 0.5 + (radius * Math.sin(angle)) / across, y: 0.5 - (radius * Math.cos(angle)) / down }
}

/** Light for four tenths of a period, with soft changes. */
function lit(phase: number): number {
  return phase < 0.5 ? 1 - eased(within(phase, 0.36, 0.46)) : eased(within(phase, 0.9, 1))
}

function within(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

function eased(progress: number): number {
  return progress * progress * (3 - 2 * progress)
}

/** Nearly even, with a soft start and end. */
function softened(progress: number): number {
  return (progress + eased(progress)) / 2
}
