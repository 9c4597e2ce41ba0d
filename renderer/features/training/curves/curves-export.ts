import type { NamedArray } from '../../../charts/arrays/array-files.ts'
import type { Exportable } from '../../../charts/figure/figure.ts'
import { drawLineChart } from '../../../charts/figure/line-chart.ts'
import { formatCount, formatNumber } from '../../../locale/format.ts'
import type { CurveScene } from './curve-chart.ts'

export interface ShownCurves {
  readonly title: string
  /** The run or runs. */
  readonly subject: string
  readonly stem: string
  readonly scene: CurveScene
}

/** What leaves a figure of curves: the figure, and every point that was measured. */
export function exportedCurves({ title, subject, stem, scene }: ShownCurves): Exportable {
  const { lines, xTitle, yTitle } = scene
  const points: NamedArray = {
    name: 'curves',
    quantity: yTitle || title,
    axes: [
      {
        name: 'point',
        fields: ['curve', xTitle],
        entries: lines.flatMap(line => line.points.map(({ x }) => [line.name, x])),
      },
    ],
    values: lines.flatMap(line => line.points.map(({ y }) => y)),
  }
  return {
    figure: {
      stem,
      title,
      subtitle: subject,
      key: { kind: 'series', series: lines.map(({ name, colour }) => ({ name, colour })) },
      pictures: [],
      picturesOptional: false,
      draw: (sheet, top, chosen) =>
        drawLineChart(
          sheet,
          {
            // What is drawn last lies on top.
            lines: [
              ...lines.flatMap(({ smooth, ...line }) => (smooth ? [{ ...line, marked: false, faint: true }] : [])),
              ...lines.map(({ smooth, ...line }) => ({ ...line, points: smooth ?? line.points, faint: false })),
            ],
            xTitle,
            yTitle,
            xMax: scene.xMax,
            yRange: scene.yRange,
            logarithmic: scene.logarithmic,
            formatX: value => (Number.isInteger(value) ? formatCount(value) : formatNumber(value)),
            formatY: formatNumber,
          },
          { top, chosen },
        ),
    },
    origin: { model: null, videoIds: [], facts: { runs: subject, figure: title } },
    arrays: [{ name: 'curves', read: () => points }],
  }
}
