import type { Palette } from './palette.ts'

export interface FigureFrame {
  title: string
  subtitle: string
  key: FigureKey
}

/**
 * What the colours mean: magnitudes from the smallest to the largest value with their unit, or one colour for each
 * series.
 */
export type FigureKey =
  { min: string; max: string; unit: string } | { series: readonly { name: string; colour: string }[] }

const margin = 20
const head = 56
const foot = 44
const bar = { width: 160, height: 10 }

/**
 * A figure that stands by itself outside the window: its title over it, its scale under it. `ratio` is the figure's
 * pixels per CSS pixel.
 */
export function frameFigure(
  figure: HTMLCanvasElement,
  { ratio, frame, palette }: { readonly ratio: number; readonly frame: FigureFrame; readonly palette: Palette },
): HTMLCanvasElement {
  const [width, height] = [Math.max(figure.width / ratio, 420), figure.height / ratio]
  const sheet = document.createElement('canvas')
  Object.assign(sheet, {
    width: Math.ceil((width + 2 * margin) * ratio),
    height: Math.ceil((height + head + foot + margin) * ratio),
  })
  const context = sheet.getContext('2d')
  if (!context) throw new Error('No canvas context.')
  context.scale(ratio, ratio)
  context.fillStyle = palette.surface
  context.fillRect(0, 0, sheet.width, sheet.height)
  context.textBaseline = 'alphabetic'
  context.fillStyle = palette.ink
  context.font = `600 15px ${palette.font}`
  context.fillText(frame.title, margin, 28)
  context.fillStyle = palette.ink2
  context.font = `12px ${palette.font}`
  context.fillText(frame.subtitle, margin, 46)
  context.drawImage(figure, margin, head, figure.width / ratio, height)
  paintKey(context, { baseline: head + height + foot / 2 + 8, key: frame.key, palette })
  return sheet
}

function paintKey(
  context: CanvasRenderingContext2D,
  { baseline, key, palette }: { readonly baseline: number; readonly key: FigureKey; readonly palette: Palette },
) {
  if ('series' in key) return paintSeries(context, { baseline, series: key.series, palette })
  context.fillStyle = palette.ink2
  context.fillText(key.min, margin, baseline)
  const left = margin + context.measureText(key.min).width + 8
  for (let x = 0; x < bar.width; x++) {
    context.fillStyle = palette.scale.css(x / (bar.width - 1))
    context.fillRect(left + x, baseline - bar.height + 1, 1.5, bar.height)
  }
  context.fillStyle = palette.ink2
  context.fillText(`${key.max}   ${key.unit}`, left + bar.width + 8, baseline)
}

interface Key {
  readonly baseline: number
  readonly series: readonly { name: string; colour: string }[]
  readonly palette: Palette
}

function paintSeries(context: CanvasRenderingContext2D, { baseline, series, palette }: Key) {
  let left = margin
  for (const { name, colour } of series) {
    context.fillStyle = colour
    context.fillRect(left, baseline - 5, 14, 2)
    context.fillStyle = palette.ink2
    context.fillText(name, left + 20, baseline)
    left += 36 + context.measureText(name).width
  }
}
