import type { MetricPoint, Run } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'
import type { CurveScene, Line } from './curve-chart.ts'
import type { CurveView } from './curve-view.ts'
import { curveGroups, curvesOf, isFraction, smoothed } from './curves.ts'
import type { Curve, CurveGroup } from './curves.ts'
import { metricName } from './metric-names.ts'

export interface RunScene {
  id: string
  title: string
  scene: CurveScene
}

/** The figures of one run: everything of one unit in one figure. */
export function scenesOfRun(points: readonly MetricPoint[], view: CurveView): RunScene[] {
  const xMax = points.at(-1)?.[view.axis] ?? 1
  return [...curvesOf(points)].map(([group, curves]) => ({
    // A curve that is alone gives the figure its name.
    id: group,
    title: curves.length === 1 && curves[0] ? metricName(curves[0].metric) : t(`training.group.${group}`),
    scene: sceneOf(group, {
      view,
      xMax,
      lines: curves.map((curve, colour) => lineOf(curve, { name: metricName(curve.metric), colour, view })),
    }),
  }))
}

/** The figures of several runs: one for each metric that any of them has, one line for each run. */
export function scenesOfRuns(
  runs: readonly Run[],
  points: ReadonlyMap<string, MetricPoint[]>,
  view: CurveView,
): RunScene[] {
  const xMax = Math.max(...runs.map(({ id }) => points.get(id)?.at(-1)?.[view.axis] ?? 0)) || 1
  const byRun = runs.map(({ id }) => curvesOf(points.get(id) ?? []))
  return curveGroups.flatMap(group => {
    const metrics = [...new Set(byRun.flatMap(groups => (groups.get(group) ?? []).map(({ metric }) => metric)))]
    return metrics.map(metric => ({
      id: metric,
      title: metricName(metric),
      scene: sceneOf(group, {
        view,
        xMax,
        lines: runs.flatMap((run, colour) => {
          const curve = byRun[colour]?.get(group)?.find(one => one.metric === metric)
          return curve ? [lineOf(curve, { name: run.config.name, colour, view })] : []
        }),
      }),
    }))
  })
}

/** Those whose steps are told apart by their ratio. */
const ratios = new Set<CurveGroup>(['loss', 'learningRate', 'gradientNorm'])

function sceneOf(
  group: CurveGroup,
  {
    view: { axis, logarithmic },
    xMax,
    lines,
  }: { readonly view: CurveView; readonly xMax: number; readonly lines: Line[] },
): CurveScene {
  return {
    lines,
    xTitle: t(`training.axis.${axis}`),
    wholeX: axis === 'step',
    yTitle: t(`training.groupUnit.${group}`),
    xMax,
    yRange: isFraction(group) ? [0, 100] : null,
    logarithmic: logarithmic && ratios.has(group),
  }
}

function lineOf(
  { metric, points }: Curve,
  {
    name,
    colour,
    view: { axis, smoothing },
  }: { readonly name: string; readonly colour: number; readonly view: CurveView },
): Line {
  const at = (values: readonly number[]) => points.map((point, index) => ({ x: point[axis], y: values[index] ?? NaN }))
  const values = points.map(({ y }) => y)
  const marked = metric.startsWith('validation/')
  // What is measured seldom or set by a schedule does not jitter.
  const jitters = !marked && !metric.endsWith('/learningRate')
  return {
    name,
    colour,
    points: at(values),
    smooth: smoothing > 0 && jitters ? at(smoothed(values, smoothing)) : null,
    marked,
  }
}
