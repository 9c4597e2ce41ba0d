import type { Polygon } from './polygon.ts'

export type ShapeName =
  'circle' | 'square' | 'triangle' | 'star' | 'diamond' | 'hexagon' | 'heart' | 'cross' | 'ring' | 'moon'

const points = 72

/** Points at even angles, clockwise from above. */
function around(count: number, at: (angle: number, index: number) => readonly [number, number]): number[] {
  return Array.from({ length: count }, (_, index) => at((index / count) * 2 * Math.PI, index)).flat()
}

const circle = (radius: number) =>
  around(points, angle => [Math.sin(angle) * radius, -Math.cos(angle) * radius] as const)

/** Corners on the unit circle; a ratio below 1 puts every second one nearer to the centre. */
function regular(count: number, { ratio = 1, start = 0, narrow = 1 } = {}): number[] {
  return around(count, (angle, index) => {
    const distance = index % 2 === 1 ? ratio : 1
    return [Math.sin(start + angle) * distance * narrow, -Math.cos(start + angle) * distance]
  })
}

function heart(): number[] {
  return around(points, angle => {
    const down = 13 * Math.cos(angle) - 5 * Math.cos(2 * angle) - 2 * Math.cos(3 * angle) - Math.cos(4 * angle)
    return [Math.sin(angle) ** 3, -(down + 2.5) / 16]
  })
}

function cross(): number[] {
  const [near, far] = [0.32, 0.95]
  const arm = [
    [-near, -far],
    [near, -far],
    [near, -near],
  ] as const
  return [0, 1, 2, 3].flatMap(quarter => {
    const [sine, cosine] = [Math.sin((quarter * Math.PI) / 2), Math.cos((quarter * Math.PI) / 2)]
    return arm.flatMap(([x, y]) => [x * cosine - y * sine, x * sine + y * cosine])
  })
}

/** Two circles, joined by a seam that is crossed twice and so is not seen (even-odd rule). */
function ring(): number[] {
  const [outer, inner] = [circle(1), circle(0.52)]
  return [...outer, ...outer.slice(0, 2), ...inner, ...inner.slice(0, 2)]
}

/** A crescent that is open to the right: a circle without the one that covers it. */
function moon(): number[] {
  const [shift, radius] = [0.45, 0.85]
  // Where the two circles meet.
  const x = (1 + shift ** 2 - radius ** 2) / (2 * shift)
  const [tip, innerTip] = [Math.atan2(Math.sqrt(1 - x ** 2), x), Math.atan2(Math.sqrt(1 - x ** 2), x - shift)]
  const arc = (from: number, to: number, at: (angle: number) => [number, number]) =>
    Array.from({ length: points / 2 }, (_, index) => at(from + ((to - from) * index) / (points / 2 - 1))).flat()
  return [
    ...arc(tip, 2 * Math.PI - tip, angle => [Math.cos(angle) + 0.25, -Math.sin(angle)]),
    ...arc(2 * Math.PI - innerTip, innerTip, angle => [
      shift + 0.25 + radius * Math.cos(angle),
      -radius * Math.sin(angle),
    ]),
  ]
}

/** Corners about the origin, none much farther than 1. */
const outlines: Readonly<Record<ShapeName, readonly number[]>> = {
  circle: circle(1),
  square: regular(4, { start: Math.PI / 4 }),
  triangle: regular(3),
  star: regular(10, { ratio: 0.42 }),
  diamond: regular(4, { narrow: 0.62 }),
  hexagon: regular(6, { start: Math.PI / 6 }),
  heart: heart(),
  cross: cross(),
  ring: ring(),
  moon: moon(),
}

/** Shapes that look the same however they are turned. */
export const roundShapes: ReadonlySet<ShapeName> = new Set<ShapeName>(['circle', 'ring'])

/** A shape with its centre at a place in pixels, turned clockwise by radians. */
export function outline(
  shape: ShapeName,
  { x, y, radius, turn }: { readonly x: number; readonly y: number; readonly radius: number; readonly turn: number },
): Polygon {
  const corners = outlines[shape]
  const [sine, cosine] = [Math.sin(turn) * radius, Math.cos(turn) * radius]
  const placed = new Float64Array(corners.length)
  for (let index = 0; index < corners.length; index += 2) {
    const [across, down] = [corners[index] ?? 0, corners[index + 1] ?? 0]
    placed[index] = x + across * cosine - down * sine
    placed[index + 1] = y + across * sine + down * cosine
  }
  return placed
}
