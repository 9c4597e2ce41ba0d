import type { ChartConfiguration, Plugin } from 'chart.js'
import { Chart } from '../../../charts/chart-setup.ts'
import type { Palette } from '../../../charts/palette.ts'
import { tooltipColours } from '../../../charts/tooltip-colours.ts'
import { formatCount } from '../../../locale/format.ts'
import type { Confusion } from './confusion-values.ts'

interface Point {
  x: number
  y: number
  v: number
}

export type ConfusionChart = Chart<'matrix', Point[]>

export interface ConfusionScene {
  confusion: Confusion
  rightTitle: string
  saidTitle: string
}

/** Labels fit along the axes, and counts into the cells, down to these pixels of a cell. */
const room = { label: 13, count: 22 }

/** Right labels down, said labels across; the colour is the share of the right label. */
export function createConfusionChart(
  canvas: HTMLCanvasElement,
  scene: () => ConfusionScene,
  palette: () => Palette,
): ConfusionChart {
  const counts: Plugin<'matrix'> = {
    id: 'counts',
    afterDatasetsDraw: chart => paintCounts(chart as unknown as ConfusionChart, scene(), palette()),
  }
  const configuration: ChartConfiguration<'matrix', Point[]> = {
    type: 'matrix',
    data: {
      datasets: [
        {
          data: [],
          borderWidth: 0,
          width: ({ chart }) => cellSize(chart as ConfusionChart, scene(), 'width'),
          height: ({ chart }) => cellSize(chart as ConfusionChart, scene(), 'height'),
        },
      ],
    },
    options: {
      layout: { padding: { right: 4, top: 4 } },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: {
            title: () => '',
            label: ({ dataIndex }) => {
              const {
                confusion: { cells, labels },
                rightTitle,
                saidTitle,
              } = scene()
              const cell = cells[dataIndex]
              return cell
                ? [
                    `${rightTitle}: ${labels[cell.row] ?? ''}`,
                    `${saidTitle}: ${labels[cell.column] ?? ''}`,
                    `${formatCount(cell.count)} (${(100 * cell.share).toFixed(1)} %)`,
                  ]
                : []
            },
          },
        },
      },
    },
    plugins: [counts],
  }
  return new Chart(canvas, configuration)
}

export function updateConfusionChart(
  chart: ConfusionChart,
  { confusion: { labels, cells }, rightTitle, saidTitle }: ConfusionScene,
  palette: Palette,
) {
  const [dataset] = chart.data.datasets
  if (!dataset) return
  dataset.data = cells.map(({ row, column, share }) => ({ x: column, y: row, v: share }))
  dataset.backgroundColor = ({ dataIndex }) => palette.scale.css(cells[dataIndex]?.share ?? 0)
  const axis = (title: string) => ({
    type: 'linear' as const,
    min: -0.5,
    max: labels.length - 0.5,
    offset: false,
    grid: { display: false },
    border: { color: palette.line },
    title: { display: true, text: title, color: palette.ink2, font: { family: palette.font, size: 11 } },
    ticks: {
      color: palette.ink2,
      autoSkip: true,
      autoSkipPadding: room.label / 4,
      maxRotation: 60,
      font: { family: palette.font, size: 11 },
      includeBounds: false,
      callback: (value: number | string) => shortened(labels[Number(value)] ?? ''),
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = labels.map((_, value) => ({ value }))
    },
  })
  chart.options.scales = { x: { ...axis(saidTitle), position: 'bottom' }, y: { ...axis(rightTitle), reverse: true } }
  Object.assign(chart.options.plugins?.tooltip ?? {}, tooltipColours(palette))
  chart.update('none')
}

function shortened(label: string): string {
  return label.length > 18 ? `${label.slice(0, 17)}…` : label
}

function cellSize(chart: ConfusionChart, { confusion }: ConfusionScene, side: 'width' | 'height'): number {
  const area = chart.chartArea as typeof chart.chartArea | undefined
  if (!area) return 1
  const pixels =
    (side === 'width' ? area.right - area.left : area.bottom - area.top) / Math.max(1, confusion.labels.length)
  return pixels > 6 ? pixels - 1 : pixels
}

/** Numbers in the cells, in the ink that can be read on the cell's colour. */
function paintCounts(chart: ConfusionChart, scene: ConfusionScene, palette: Palette) {
  if (Math.min(cellSize(chart, scene, 'width'), cellSize(chart, scene, 'height')) < room.count) return
  const {
    ctx: context,
    scales: { x, y },
  } = chart
  if (!x || !y) return
  context.save()
  context.font = `12px ${palette.font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { row, column, count, share } of scene.confusion.cells) {
    const [red, green, blue] = palette.scale.rgb(share)
    context.fillStyle = 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#06101a' : '#f2f5f8'
    context.fillText(formatCount(count), x.getPixelForValue(column), y.getPixelForValue(row))
  }
  context.restore()
}
