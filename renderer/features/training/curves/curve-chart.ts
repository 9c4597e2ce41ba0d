import type { ChartConfiguration } from 'chart.js'
import { Chart } from '../../../charts/chart-setup.ts'
import type { Palette } from '../../../charts/palette.ts'
import { tooltipColours } from '../../../charts/tooltip-colours.ts'
import { formatCount, formatNumber } from '../../../locale/format.ts'

/** One line of the figure. `colour` is the place in the palette's series; measured seldom: its points are marked. */
export interface Line {
  name: string
  colour: number
  points: { x: number; y: number }[]
  /** The points smoothed, drawn in their place; they themselves become faint. */
  smooth: { x: number; y: number }[] | null
  marked: boolean
}

export interface CurveScene {
  lines: readonly Line[]
  xTitle: string
  /** Steps are counted: there is nothing between two of them. */
  wholeX: boolean
  yTitle: string
  /** The figures of a run share one x axis, from 0 to this. */
  xMax: number
  /** Values that the y axis holds in any case. */
  yRange: [number, number] | null
  logarithmic: boolean
}

export type CurveChart = Chart<'line', { x: number; y: number }[]>

export function seriesColour(palette: Palette, colour: number): string {
  return palette.series[colour % palette.series.length] ?? palette.ink
}

/**
 * Values over steps or epochs. Of very long runs each pixel shows its smallest and largest value, so that no spike is
 * lost.
 */
export function createCurveChart(canvas: HTMLCanvasElement): CurveChart {
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: { datasets: [] },
    options: {
      parsing: false,
      normalized: true,
      layout: { padding: { right: 8, top: 4 } },
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        tooltip: {
          boxPadding: 4,
          filter: ({ dataset }) => dataset.pointHoverRadius !== 0,
          callbacks: {
            title: ([item]) =>
              item
                ? `${item.chart.options.scales?.x && 'title' in item.chart.options.scales.x ? String(item.chart.options.scales.x.title?.text ?? '') : ''} ${formatAxis(item.parsed.x ?? 0)}`
                : '',
            label: ({ dataset, parsed }) => ` ${dataset.label ?? ''}: ${formatNumber(parsed.y ?? 0)}`,
          },
        },
      },
    },
  }
  return new Chart(canvas, configuration)
}

export function updateCurveChart(
  chart: CurveChart,
  { lines, xTitle, wholeX, yTitle, xMax, yRange, logarithmic }: CurveScene,
  palette: Palette,
) {
  const line = ({ name, colour, marked }: Line, data: Line['points']) => ({
    label: name,
    data,
    borderColor: seriesColour(palette, colour),
    backgroundColor: seriesColour(palette, colour),
    borderWidth: 1.5,
    // A lone value is a dot: there is no line yet.
    pointRadius: marked || data.length === 1 ? 3 : 0,
    pointHoverRadius: 4,
    tension: 0,
    clip: 4,
  })
  // The first that is drawn lies on top.
  chart.data.datasets = [
    ...lines.map(one => line(one, one.smooth ?? one.points)),
    ...lines
      .filter(({ smooth }) => smooth)
      .map(one => ({
        ...line(one, one.points),
        borderColor: faint(seriesColour(palette, one.colour)),
        pointRadius: 0,
        pointHoverRadius: 0,
      })),
  ]
  const axis = (title: string) => ({
    grid: { color: palette.line, drawTicks: false },
    border: { color: palette.lineStrong },
    title: { display: true, text: title, color: palette.ink2, font: { family: palette.font, size: 11 }, padding: 2 },
    ticks: { color: palette.ink3, maxRotation: 0, padding: 4, font: { family: palette.font, size: 11 } },
  })
  const y = axis(yTitle)
  const x = axis(xTitle)
  chart.options.scales = {
    x: {
      ...x,
      type: 'linear',
      min: 0,
      max: xMax,
      ticks: {
        ...x.ticks,
        maxTicksLimit: 8,
        ...(wholeX ? { precision: 0 } : {}),
        callback: value => formatAxis(Number(value)),
      },
    },
    y: {
      ...y,
      type: logarithmic ? 'logarithmic' : 'linear',
      suggestedMin: yRange?.[0],
      suggestedMax: yRange?.[1],
      ticks: { ...y.ticks, maxTicksLimit: 6, callback: value => formatNumber(Number(value)) },
    },
  }
  Object.assign(chart.options.plugins?.tooltip ?? {}, tooltipColours(palette))
  chart.update('none')
}

/** A colour of the palette, #rrggbb, that lets what lies under it through. */
const faint = (colour: string): string => `${colour}55`

function formatAxis(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(2)
}
