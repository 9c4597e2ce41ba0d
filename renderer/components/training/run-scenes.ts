import type { MetricPoint, Run } from '../../../main/api/index.ts'
import type { CurveScene, Line } from '../../charts/curve-chart.ts'
import { curveGroups, curvesOf } from '../../charts/curves.ts'
import type { Curve, CurveGroup } from '../../charts/curves.ts'
import { t } from '../../locale/i18n.ts'
import { metricName } from './metric-names.ts'

export type CurveAxis = 'step' | 'epoch'

export interface RunScene {
  id: string
  title: string
  scene: CurveScene
}

/** The figures of one run: everything of one unit in one figure. */
export function scenesOfRun(points: readonly MetricPoint[], axis: CurveAxis): RunScene[] {
  const xMax = points.at(-1)?.[axis] ?? 1
  return [...curvesOf(points)].map(([group, curves]) => ({
    // A curve that is alone gives the figure its name.
    id: group, title: curves.length === 1 && curves[0] ? metricName(curves[0].metric) : t(`training.group.${group}`),
    scene: sceneOf(group, axis, xMax, curves.map((curve, colour) => lineOf(curve, metricName(curve.metric), colour, axis))),
  }))
}

/** The figures of several runs: one for each metric that any of them has, one line for each run. */
export function scenesOfRuns(runs: readonly Run[], points: ReadonlyMap<string, MetricPoint[]>, axis: CurveAxis): RunScene[] {
  const xMax = Math.max(...runs.map(({ id }) => points.get(id)?.at(-1)?.[axis] ?? 0)) || 1
  const byRun = runs.map(({ id }) => curvesOf(points.get(id) ?? []))
  return curveGroups.flatMap(group => {
    const metrics = [...new Set(byRun.flatMap(groups => (groups.get(group) ?? []).map(({ metric }) => metric)))]
    return metrics.map(metric => ({
      id: metric, title: metricName(metric),
      scene: sceneOf(group, axis, xMax, runs.flatMap((run, colour) => {
        const curve = byRun[colour]?.get(group)?.find(one => one.metric === metric)
        return curve ? [lineOf(curve, run.config.name, colour, axis)] : []
      })),
    }))
  })
}

function sceneOf(group: CurveGroup, axis: CurveAxis, xMax: number, lines: Line[]): CurveScene {
  return { lines, xTitle: t(`training.axis.${axis}`), yTitle: t(`training.groupUnit.${group}`), xMax, yRange: group === 'quality' ? [0, 100] : null }
}

function lineOf({ metric, points }: Curve, name: string, colour: number, axis: CurveAxis): Line {
  return { name, colour, points: points.map(point => ({ x: point[axis], y: point.y })), marked: metric.startsWith('validation/') }
}
