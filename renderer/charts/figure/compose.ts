import { veil } from './figure.ts'
import type { Figure, Range } from './figure.ts'
import { leading, Sheet } from './sheet.ts'
import type { Measure, SheetLook } from './sheet.ts'
import { element, escapeXml, inSvg } from './svg.ts'

export interface Composition {
  readonly figure: Figure
  readonly look: SheetLook
  readonly range: Range | null
  readonly temperature: number | null
  readonly withPictures: boolean
  /** CSS pixels; null for as high as it needs. */
  readonly height: number | null
  readonly pictures: ReadonlyMap<string, string>
  readonly measure: Measure
}

export interface Composed {
  readonly markup: string
  readonly width: number
  readonly height: number
  /** False where the figure needs more height than was asked for. */
  readonly fits: boolean
}

const keyWidth = 14
const keyStops = 17

/** The figure with its title over it and its key under it, in the size that was chosen or the least that holds it. */
export function compose(composition: Composition): Composed {
  const first = draw(composition, null)
  const { height } = composition
  if (height === null || Math.abs(first.height - height) < 0.5) return { ...first, fits: true }
  const wanted = first.extent + height - first.height
  const second = draw(composition, Math.max(first.least, wanted))
  // Rounding apart, the flexible part takes up what is left.
  const fits = second.height <= height + 1
  return { ...second, height: Math.max(height, second.height), fits }
}

function draw({ figure, look, measure, pictures, ...asked }: Composition, extent: number | null) {
  const sheet = new Sheet(look, measure, pictures)
  const { em, width, colours } = look
  const margin = em
  const room = width - 2 * margin
  const large = 1.2 * em
  let y = sheet.paragraph(figure.title, { x: margin, y: margin + 0.8 * large, room, size: large, bold: true })
  if (figure.subtitle) y = sheet.paragraph(figure.subtitle, { x: margin, y: y - 0.1 * em, room, colour: colours.ink2 })
  const { key } = figure
  const range = asked.range ?? (key?.kind === 'scale' ? key.range(asked.temperature) : { min: 0, max: 1 })
  const { temperature, withPictures } = asked
  const drawn = figure.draw(sheet, y - 0.3 * em, { range, temperature, pictures: withPictures, extent })
  const bottom = drawKey(sheet, { figure, top: drawn.bottom, range, temperature })
  return { markup: sheet.markup, width, height: Math.ceil(bottom + margin), extent: drawn.extent, least: drawn.least }
}

interface KeyPlace {
  readonly figure: Figure
  readonly top: number
  readonly range: Range
  readonly temperature: number | null
}

/** What the colours mean; gives where it ends. */
function drawKey(sheet: Sheet, { figure: { key }, top, range, temperature }: KeyPlace): number {
  const { em, colours, width, scale } = sheet.look
  if (!key || (key.kind === 'series' && key.series.length === 0)) return top
  const baseline = top + 1.7 * em
  if (key.kind === 'series') {
    let [x, y] = [em, baseline]
    for (const { name, colour } of key.series) {
      const line = 1.6 * em
      const needed = line + 0.5 * em + sheet.widthOf(name)
      if (x > em && x + needed > width - em) [x, y] = [em, y + leading * em]
      const stroke = colours.series[colour % colours.series.length] ?? colours.ink
      sheet.add(
        element('line', { x1: x, x2: x + line, y1: y - 0.33 * em, y2: y - 0.33 * em, stroke, 'stroke-width': em / 7 }),
      )
      const after = sheet.paragraph(name, {
        x: x + line + 0.5 * em,
        y,
        room: width - x - line - 1.5 * em,
        colour: colours.ink2,
      })
      y = after - leading * em
      x += needed + 1.4 * em
    }
    return y + 0.4 * em
  }
  const [low, high] = [key.format(range.min), key.format(range.max)]
  sheet.write(low, { x: em, y: baseline, colour: colours.ink2 })
  const left = em + sheet.widthOf(low) + 0.6 * em
  const bar = Math.min(keyWidth * em, width / 3)
  const id = sheet.define()
  const stops = Array.from({ length: keyStops }, (_, stop) => {
    const offset = stop / (keyStops - 1)
    return key.overlay
      ? element('stop', { offset, 'stop-color': colours.path, 'stop-opacity': veil * offset })
      : element('stop', { offset, 'stop-color': scale.css(offset) })
  })
  sheet.add(
    element('linearGradient', { id }, stops.join('')),
    element('rect', {
      x: left,
      y: baseline - 0.75 * em,
      width: bar,
      height: 0.8 * em,
      fill: `url(#${id})`,
      stroke: colours.line,
      'stroke-width': 0.5,
    }),
  )
  sheet.write(high, { x: left + bar + 0.6 * em, y: baseline, colour: colours.ink2 })
  const words = left + bar + 1.6 * em + sheet.widthOf(high)
  const after = sheet.paragraph(key.unit(temperature), {
    x: words,
    y: baseline,
    room: Math.max(6 * em, width - words - em),
    colour: colours.ink2,
  })
  return after - leading * em + 0.4 * em
}

export interface SvgFile {
  readonly title: string
  readonly description: string
  /** Written into the file as JSON. */
  readonly provenance: object
  /** Size that programs take it to have, with its unit, as `84mm`. */
  readonly size: { readonly width: string; readonly height: string }
  readonly look: SheetLook
}

/** A composed figure as a file of its own. */
export function svgFile({ markup, width, height }: Composed, { title, description, provenance, size, look }: SvgFile) {
  const content = [
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml(description)),
    element('metadata', {}, escapeXml(JSON.stringify(provenance))),
    element('rect', { width, height, fill: look.colours.ground }),
    markup,
  ].join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: size.width,
      height: size.height,
      viewBox: `0 0 ${inSvg(width)} ${inSvg(height)}`,
      'font-family': look.family,
    },
    content,
  )}\n`
}
