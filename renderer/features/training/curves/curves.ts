import type { MetricPoint } from '../../../../main/api/index.ts'

/** What a figure shows together, because it has one unit. */
export const curveGroups = [
  'loss',
  'quality',
  'rank',
  'learningRate',
  'gradientNorm',
  'throughput',
  'stepTime',
  'waiting',
  'other',
] as const
export type CurveGroup = (typeof curveGroups)[number]

/** One value over a run. `y` is in the unit of its group; fractions are percent. */
export interface Curve {
  /** As in `metrics.jsonl`, for instance `validation/r1`. */
  metric: string
  points: { step: number; epoch: number; y: number }[]
}

/** The figure in which a metric is drawn, by its name. */
export function groupOf(metric: string): CurveGroup {
  const name = metric.slice(metric.indexOf('/') + 1)
  if (/^loss/.test(name)) return 'loss'
  if (/accuracy/i.test(name) || /r\d+$/i.test(name)) return 'quality'
  if (/rank$/i.test(name)) return 'rank'
  if (name === 'learningRate' || name === 'gradientNorm') return name
  if (name === 'secondsPerStep') return 'stepTime'
  if (name === 'waitingForFrames') return 'waiting'
  return name === 'examplesPerSecond' ? 'throughput' : 'other'
}

/** Groups of fractions, shown in percent. */
export function isFraction(group: CurveGroup): boolean {
  return group === 'quality' || group === 'waiting'
}

/** The curves of a run by figure; figures without a curve are left out. */
export function curvesOf(points: readonly MetricPoint[]): Map<CurveGroup, Curve[]> {
  const curves = new Map<string, Curve>()
  for (const { step, epoch, values } of points) {
    for (const [metric, value] of Object.entries(values)) {
      const curve = curves.get(metric) ?? { metric, points: [] }
      curves.set(metric, curve)
      curve.points.push({ step, epoch, y: isFraction(groupOf(metric)) ? value * 100 : value })
    }
  }
  const groups = curveGroups.map(
    group => [group, [...curves.values()].filter(({ metric }) => groupOf(metric) === group)] as const,
  )
  return new Map(groups.filter(([, found]) => found.length > 0))
}

/**
 * An exponential moving average without the pull of its start towards zero, as TensorBoard draws it.
 * @param weight of what came before, from 0 (the values themselves) to below 1. Values that are no numbers stay and
 * count for nothing.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  let [sum, share] = [0, 0]
  return values.map(value => {
    if (!Number.isFinite(value)) return value
    sum = sum * weight + (1 - weight) * value
    share = share * weight + (1 - weight)
    return sum / share
  })
}

/** Points already known with newer ones put in their place: what comes after the first new step is known anew. */
export function continued(known: readonly MetricPoint[], newer: readonly MetricPoint[]): MetricPoint[] {
  const [first] = newer
  return first ? [...known.filter(({ step }) => step < first.step), ...newer] : [...known]
}
