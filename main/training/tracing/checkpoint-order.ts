import type { QueryTrace, TracePoint } from '../../api/training/tracing.ts'

const isFirst = ({ rank }: TracePoint): boolean => rank - 1 < 1e-9

/** Neighbours among points, ascending by step, between which the right video came first or stopped being it. */
export function flipsOf(points: readonly TracePoint[]): QueryTrace['flips'] {
  return points.slice(1).flatMap((point, place) => {
    const before = points[place]
    if (!before || isFirst(before) === isFirst(point)) return []
    return [{ after: before.step, by: point.step, won: isFirst(point) }]
  })
}

/**
 * The checkpoint to look at next: the first, the last, then the middle of a gap. Of several gaps first one over which
 * the query flips; with `bisect` only those. @returns null when there is none left.
 * @param steps that there are, ascending. @param points of those that are known, ascending.
 */
export function nextStep(steps: readonly number[], points: readonly TracePoint[], bisect: boolean): number | null {
  const known = new Set(points.map(({ step }) => step))
  const ends = [steps[0], steps.at(-1)].find(step => step !== undefined && !known.has(step))
  if (ends !== undefined) return ends
  const gaps = points.slice(1).flatMap((point, place) => {
    const before = points[place]
    if (!before) return []
    const between = steps.filter(step => step > before.step && step < point.step)
    return between.length === 0 ? [] : [{ between, flips: isFirst(before) !== isFirst(point) }]
  })
  const widest = gaps.toSorted((a, b) => Number(b.flips) - Number(a.flips) || b.between.length - a.between.length)[0]
  if (!widest || (bisect && !widest.flips)) return null
  return widest.between[Math.floor((widest.between.length - 1) / 2)] ?? null
}
