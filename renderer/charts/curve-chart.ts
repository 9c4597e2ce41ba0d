import type { ChartConfiguration } from 'chart.js'
import { formatCount, formatFigure } from '../format.ts'
import { Chart } from './chart-setup.ts'
import type { Palette } from './palette.ts'

/** One line of the figure. `colour` is the place in the palette's series; measured seldom: its points are marked. */
export interface Line {
  name: string
  colour: number
  points: { x: number, y: number }[]
  marked: boolean
}

export interface CurveScene {
  lines: readonly Line[]
  xTitle: string
  yTitle: string
  /** The figures of a run share one x axis, from 0 to this. */
  xMax: number
  /** Values that the y axis holds in any case. */
  yRange: [number, number] | null
}

export type CurveChart = Chart<'line', { x: number, y: number }[]>

export function seriesColour(palette: Palette, colour: number): string {
  return palette.series[colour % palette.series.length] ?? palette.ink
}

/** Values over steps or epochs. Of very long runs each pixel shows its smallest and largest value, so that no spike is lost. */
export function createCurveChart(canvas: HTMLCanvasElement): CurveChart {
  const configuration: ChartConfiguration<'line', { x: number, y: number }[]> = {
    type: 'line',
    data: { datasets: [] },
    options: {
      parsing: false, normalized: true, layout: { padding: { right: 8, top: 4 } }, interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        tooltip: { boxPadding: 4, callbacks: { title: ([item]) => item ? `${item.chart.options.scales?.x && 'title' in item.chart.options.scales.x ? String(item.chart.options.scales.x.title?.text ?? '') : ''} ${formatAxis(item.parsed.x ?? 0)}` : '', label: ({ dataset, parsed }) => ` ${dataset.label ?? ''}: ${formatFigure(parsed.y ?? 0)}` } },
      },
    },
  }
  return new Chart(canvas, configuration)
}

export function updateCurveChart(chart: CurveChart, { lines, xTitle, yTitle, xMax, yRange }: CurveScene, palette: Palette) {
  chart.data.datasets = lines.map(({ name, colour, points, marked }) => ({
    label: name, data: points, borderColor: seriesColour(palette, colour), backgroundColor: seriesColour(palette, colour), borderWidth: 1.5,
    // A lone value is a dot: there is no line yet.
    pointRadius: marked || points.length === 1 ? 3 : 0, pointHoverRadius: 4, tension: 0, clip: 4,
  }))
  const axis = (title: string) => ({
    type: 'linear' as const, grid: { color: palette.line, drawTicks: false }, border: { color: palette.lineStrong },
    title: { display: true, text: title, color: palette.ink2, font: { family: palette.font, size: 11 }, padding: 2 },
    ticks: { color: palette.ink3, maxRotation: 0, padding: 4, font: { family: palette.font, size: 11 } },
  })
  const y = axis(yTitle)
  const x = axis(xTitle)
  chart.options.scales = {
    x: { ...x, min: 0, max: xMax, ticks: { ...x.ticks, maxTicksLimit: 8, callback: value => formatAxis(Number(value)) } },
    y: { ...y, suggestedMin: yRange?.[0], suggestedMax: yRange?.[1], ticks: { ...y.ticks, maxTicksLimit: 6, callback: value => formatFigure(Number(value)) } },
  }
  Object.assign(chart.options.plugins?.tooltip ?? {}, { backgroundColor: palette.raised, titleColor: palette.ink, bodyColor: palette.ink, borderColor: palette.lineStrong, borderWidth: 1 })
  chart.update('none')
}

function formatAxis(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(2)
}
