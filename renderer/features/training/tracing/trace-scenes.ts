import type { QueryTrace } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'
import type { Line } from '../curves/curve-chart.ts'
import type { RunScene } from '../curves/run-scenes.ts'

/** Rank, and similarity beside that of the nearest other video, over the steps of a run. */
export function traceScenes({ points, steps }: QueryTrace): RunScene[] {
  const line = (name: string, colour: number, values: readonly (number | null)[]): Line => ({
    name,
    colour,
    points: points.flatMap(({ step }, place) => {
      const y = values[place]
      return y === null || y === undefined ? [] : [{ x: step, y }]
    }),
    smooth: null,
    marked: true,
  })
  const shared = {
    xTitle: t('training.axis.step'),
    wholeX: true,
    xMax: steps.at(-1) ?? 1,
    logarithmic: false,
  }
  const right = points.map(({ score }) => score)
  const rival = points.map(point => point.rival?.score ?? null)
  return [
    {
      id: 'rank',
      title: t('training.trace.rank'),
      scene: {
        ...shared,
        yTitle: t('training.trace.rank'),
        yRange: [1, 1],
        lines: [
          line(
            t('training.trace.rank'),
            0,
            points.map(({ rank }) => rank),
          ),
        ],
      },
    },
    {
      id: 'score',
      title: t('training.trace.score'),
      scene: {
        ...shared,
        yTitle: t('training.trace.score'),
        yRange: null,
        lines: [line(t('training.trace.right'), 0, right), line(t('training.trace.rival'), 1, rival)],
      },
    },
  ]
}
