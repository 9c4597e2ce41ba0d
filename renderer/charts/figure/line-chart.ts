import type { Chosen, Drawn } from './figure.ts'
import { leading } from './sheet.ts'
import type { Sheet } from './sheet.ts'
import { element, inSvg } from './svg.ts'

type Point = { readonly x: number; readonly y: number }

export interface ChartLine {
  readonly points: readonly Point[]
  /** Place in the series of colours. */
  readonly colour: number
  readonly marked: boolean
  /** Of values that a smoothed line stands for. */
  readonly faint: boolean
}

export interface LineChart {
  readonly lines: readonly ChartLine[]
  readonly xTitle: string
  readonly yTitle: string
  readonly xMax: number
  readonly yRange: readonly [number, number] | null
  readonly logarithmic: boolean
  readonly formatX: (value: number) => string
  readonly formatY: (value: number) => string
}

/** Own height as a part of the width, and the least in font sizes. */
const ratio = 0.56
const least = 8

/** Lines over a common axis, with few round ticks on each. */
export function drawLineChart(sheet: Sheet, chart: LineChart, { top, chosen }: { top: number; chosen: Chosen }): Drawn {
  const { em, width, colours } = sheet.look
  const size = 0.9 * em
  const extent = chosen.extent ?? Math.max(least * em, ratio * width)
  const [low, high] = rangeOf(chart)
  const yTicks = chart.logarithmic ? powerTicks(low, high) : roundTicks(low, high, extent / (3 * em))
  const labels = Math.max(...yTicks.map(tick => sheet.widthOf(chart.formatY(tick), { size })), 0)
  const left = em + leading * size + labels + 0.6 * em
  const right = width - 1.5 * em
  const foot = 2 * leading * size + 0.3 * em
  const bottom = top + extent - foot
  const head = top + 0.4 * em
  const level = (value: number) => (chart.logarithmic ? Math.log10(value) : value)
  const x = (value: number) => left + (value / (chart.xMax || 1)) * (right - left)
  const y = (value: number) =>
    bottom - ((level(value) - level(low)) / (level(high) - level(low) || 1)) * (bottom - head)

  for (const tick of yTicks) {
    const at = y(tick)
    sheet.add(element('line', { x1: left, x2: right, y1: at, y2: at, stroke: colours.line, 'stroke-width': 0.6 }))
    const text = { x: left - 0.5 * em, y: at + 0.35 * size, size, colour: colours.ink2, anchor: 'end' as const }
    sheet.write(chart.formatY(tick), text)
  }
  for (const tick of roundTicks(0, chart.xMax, (right - left) / (6 * em))) {
    sheet.write(chart.formatX(tick), {
      x: x(tick),
      y: bottom + leading * size,
      size,
      colour: colours.ink2,
      anchor: 'middle',
    })
  }
  const axes = `M${inSvg(left)} ${inSvg(head)}V${inSvg(bottom)}H${inSvg(right)}`
  sheet.add(element('path', { d: axes, fill: 'none', stroke: colours.ink2, 'stroke-width': 0.8 }))
  const middle = (left + right) / 2
  const across = { x: middle, y: bottom + 2 * leading * size, size, colour: colours.ink2, anchor: 'middle' as const }
  sheet.write(chart.xTitle, across)
  sheet.write(chart.yTitle, { ...across, x: em + 0.8 * size, y: (head + bottom) / 2, turned: -90 })
  for (const line of chart.lines) drawLine(sheet, line, { x, y, logarithmic: chart.logarithmic })
  return { bottom: top + extent, extent, least: least * em }
}

interface Axes {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  readonly logarithmic: boolean
}

function drawLine(sheet: Sheet, { points, colour, marked, faint }: ChartLine, { x, y, logarithmic }: Axes) {
  const { em, colours } = sheet.look
  const stroke = colours.series[colour % colours.series.length] ?? colours.ink
  const shown = points
    .filter(point => Number.isFinite(point.y) && (!logarithmic || point.y > 0))
    .map(point => ({ x: x(point.x), y: y(point.y) }))
  const d = extremes(shown)
    .map((point, index) => `${index ? 'L' : 'M'}${inSvg(point.x)} ${inSvg(point.y)}`)
    .join('')
  const look = { stroke, 'stroke-width': em / 8, 'stroke-opacity': faint ? 0.3 : null }
  if (shown.length > 1) sheet.add(element('path', { d, fill: 'none', 'stroke-linejoin': 'round', ...look }))
  if (!marked && shown.length !== 1) return
  sheet.add(...shown.map(point => element('circle', { cx: point.x, cy: point.y, r: em / 4.5, fill: stroke })))
}

/** Of many points in a pixel the lowest and the highest, in their order, so that no spike is lost. */
export function extremes(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (let from = 0; from < points.length;) {
    const column = Math.floor(points[from]?.x ?? 0)
    let to = from
    let [low, high] = [from, from]
    while (to < points.length && Math.floor(points[to]?.x ?? 0) === column) {
      if ((points[to]?.y ?? 0) < (points[low]?.y ?? 0)) low = to
      if ((points[to]?.y ?? 0) > (points[high]?.y ?? 0)) high = to
      to += 1
    }
    const chosen = [...new Set([from, Math.min(low, high), Math.max(low, high), to - 1])].sort((a, b) => a - b)
    kept.push(...chosen.flatMap(index => points[index] ?? []))
    from = to
  }
  return kept
}

function rangeOf({ lines, yRange, logarithmic }: LineChart): [number, number] {
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y)).filter(value => Number.isFinite(value))
  const usable = logarithmic ? values.filter(value => value > 0) : values
  const all = [...usable, ...(yRange ?? [])].filter(value => !logarithmic || value > 0)
  const low = all.reduce((least, value) => Math.min(least, value), Infinity)
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity)
  if (!Number.isFinite(low)) return logarithmic ? [0.1, 1] : [0, 1]
  if (logarithmic) return low === high ? [low / 2, high * 2] : [low, high]
  const margin = yRange ? 0 : (high - low) * 0.05 || Math.abs(high) * 0.1 || 0.5
  return [low - margin, high + margin]
}

/** Round numbers between two values, about so many. */
export function roundTicks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / Math.max(2, Math.min(10, about))
  if (!(rough > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** Powers of ten between two values, with 2 and 5 where they are few. */
function powerTicks(low: number, high: number): number[] {
  const powers = (factors: readonly number[]) =>
    Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, index) => index)
      .flatMap(index => factors.map(factor => factor * 10 ** (Math.floor(Math.log10(low)) + index)))
      .filter(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
  const tens = powers([1])
  if (tens.length >= 3) return tens
  const finer = powers([1, 2, 5])
  return finer.length >= 2 ? finer : [low, high]
}
