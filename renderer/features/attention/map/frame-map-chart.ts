import type { ChartConfiguration, Plugin } from 'chart.js'
import { Chart } from '../../../charts/chart-setup.ts'
import type { Palette } from '../../../charts/palette.ts'

export interface FrameMapScene {
  map: number[][]
  max: number
  window: number
  frame: number
  hovered: { query: number; key: number } | null
  queryTitle: string
  keyTitle: string
}

interface Point {
  x: number
  y: number
  v: number
}

export type FrameMapChart = Chart<'matrix', Point[]>

/** A frame × frame heat map: query frames down, key frames across, temporal windows outlined, the chosen row marked. */
export function createFrameMap(
  canvas: HTMLCanvasElement,
  scene: () => FrameMapScene,
  palette: () => Palette,
): FrameMapChart {
  const marks: Plugin<'matrix'> = {
    id: 'marks',
    afterDatasetsDraw: chart => paintMarks(chart as unknown as FrameMapChart, scene(), palette()),
  }
  const configuration: ChartConfiguration<'matrix', Point[]> = {
    type: 'matrix',
    data: {
      datasets: [
        {
          data: [],
          borderWidth: 0,
          width: ({ chart }) => cell(chart as FrameMapChart, 'x'),
          height: ({ chart }) => cell(chart as FrameMapChart, 'y'),
        },
      ],
    },
    options: { events: [], layout: { padding: { right: 4, top: 2 } }, plugins: { tooltip: { enabled: false } } },
    plugins: [marks],
  }
  return new Chart(canvas, configuration)
}

export function updateFrameMap(chart: FrameMapChart, scene: FrameMapScene, palette: Palette) {
  const [dataset] = chart.data.datasets
  if (!dataset) return
  const frames = scene.map.length
  dataset.data = scene.map.flatMap((row, y) => row.map((v, x) => ({ x, y, v })))
  dataset.backgroundColor = ({ dataIndex }) => palette.scale.css((dataset.data[dataIndex]?.v ?? 0) / scene.max)
  const axis = (title: string, reverse: boolean) => ({
    type: 'linear' as const,
    min: -0.5,
    max: frames - 0.5,
    reverse,
    offset: false,
    grid: { display: false },
    border: { display: false },
    title: { display: true, text: title, color: palette.ink3, font: { family: palette.font, size: 11 } },
    ticks: {
      stepSize: Math.max(1, Math.round(frames / 8)),
      color: palette.ink3,
      font: { family: palette.font, size: 11 },
      includeBounds: false,
      callback: (value: number | string) => (Number.isInteger(Number(value)) ? String(Number(value) + 1) : ''),
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = Array.from({ length: 8 }, (_, i) => ({ value: Math.round((i * frames) / 8) }))
    },
  })
  chart.options.scales = { x: { ...axis(scene.keyTitle, false), position: 'bottom' }, y: axis(scene.queryTitle, true) }
  chart.update('none')
}

function cell(chart: FrameMapChart, axis: 'x' | 'y'): number {
  const area = chart.chartArea as typeof chart.chartArea | undefined
  const rows = Math.sqrt(chart.data.datasets[0]?.data.length ?? 1) || 1
  if (!area) return 1
  const pixels = (axis === 'x' ? area.right - area.left : area.bottom - area.top) / rows
  return pixels > 6 ? pixels - 1 : pixels
}

function paintMarks(chart: FrameMapChart, scene: FrameMapScene, palette: Palette) {
  const {
    ctx: context,
    chartArea: { left, right, top, bottom },
  } = chart
  const frames = scene.map.length
  if (!frames) return
  const [width, height] = [(right - left) / frames, (bottom - top) / frames]
  context.save()
  context.strokeStyle = palette.accent
  context.lineWidth = 1
  for (let start = 0; start < frames; start += scene.window) {
    const size = Math.min(scene.window, frames - start)
    context.strokeRect(left + start * width - 0.5, top + start * height - 0.5, size * width, size * height)
  }
  context.strokeStyle = palette.ink
  context.lineWidth = 1.5
  context.strokeRect(left - 0.5, top + scene.frame * height - 0.5, right - left, height)
  if (scene.hovered) {
    context.lineWidth = 1
    context.strokeRect(left + scene.hovered.key * width - 0.5, top + scene.hovered.query * height - 0.5, width, height)
  }
  context.restore()
}

/** Query and key frame under a point of the canvas. */
export function framesAt(chart: FrameMapChart, x: number, y: number): { query: number; key: number } | null {
  const { left, right, top, bottom } = chart.chartArea
  if (x < left || x >= right || y < top || y >= bottom) return null
  const frames = Math.sqrt(chart.data.datasets[0]?.data.length ?? 0)
  return {
    key: Math.floor(((x - left) / (right - left)) * frames),
    query: Math.floor(((y - top) / (bottom - top)) * frames),
  }
}
