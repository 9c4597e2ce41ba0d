import { moved, resized } from './edit-sentences.ts'
import type { Bounds, TimeSpan } from './edit-sentences.ts'

/** What edges stick to, in seconds, within `reach` seconds of it. */
export interface Snapping {
  readonly targets: readonly number[]
  readonly reach: number
}

/** A span where it was put, and the moment that it sticks to, to be shown. */
export interface Snapped {
  readonly span: TimeSpan
  readonly at: number | null
}

/** The nearest target within reach. */
export function nearestTarget(time: number, { targets, reach }: Snapping): number | null {
  let nearest: number | null = null
  for (const target of targets) {
    const distance = Math.abs(target - time)
    if (distance <= reach && (nearest === null || distance < Math.abs(nearest - time))) nearest = target
  }
  return nearest
}

/** A span that is dragged as a whole: the edge that is nearer to a target sticks to it. */
export function movedOnto(span: TimeSpan, by: number, { bounds, ...snapping }: Snapping & { bounds: Bounds }): Snapped {
  const free = moved(span, by, bounds)
  const [start, end] = [nearestTarget(free.start, snapping), nearestTarget(free.end, snapping)]
  const startShift = start === null ? Infinity : start - free.start
  const endShift = end === null ? Infinity : end - free.end
  const shift = Math.abs(startShift) <= Math.abs(endShift) ? startShift : endShift
  if (!Number.isFinite(shift)) return { span: free, at: null }
  return { span: moved(free, shift, bounds), at: shift === startShift ? start : end }
}

export function resizedOnto(
  span: TimeSpan,
  edge: 'start' | 'end',
  { to, bounds, ...snapping }: Snapping & { to: number; bounds: Bounds },
): Snapped {
  const at = nearestTarget(to, snapping)
  const result = resized(span, edge, { to: at ?? to, bounds })
  return { span: result, at: at !== null && Math.abs(result[edge] - at) < 0.001 ? at : null }
}
