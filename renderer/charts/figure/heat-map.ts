import type { Chosen, Drawn } from './figure.ts'
import { leading } from './sheet.ts'
import type { Sheet } from './sheet.ts'
import { cellPaths } from './svg.ts'

export interface HeatMapAxis {
  readonly title: string
  readonly labels: readonly string[]
  /** Where there is no room for all labels, every n-th says enough, as of times and numbers. */
  readonly even: boolean
  /** Media paths of a picture beside each label of the rows. */
  readonly pictures?: readonly string[]
}

export interface HeatMap {
  /** [rows][columns]; NaN stays empty. */
  readonly values: readonly (readonly number[])[]
  readonly rows: HeatMapAxis
  readonly columns: HeatMapAxis
  /** Cells as high as wide. */
  readonly square: boolean
  /** What is written into cells that have room for it. */
  readonly written: ((row: number, column: number) => string) | null
}

/** Where the cells of a drawn heat map are, in pixels. */
export interface HeatMapPlace {
  readonly left: number
  readonly top: number
  readonly cellWidth: number
  readonly cellHeight: number
  readonly rows: number
  readonly columns: number
}

/** Of its own height, in font sizes: of a row, and of all rows. */
const comfortable = { row: 2.1, all: 30 }
const smallest = { row: 1, all: 60 }
/** Part of the width that the names of the rows take at most. */
const mostLabels = 0.4
const pictureRatio = 16 / 9

/** Cells with the names of both axes, whole; `over` draws what lies on the cells. */
export function drawHeatMap(
  sheet: Sheet,
  map: HeatMap,
  { top, chosen, over }: { top: number; chosen: Chosen; over?: (place: HeatMapPlace) => void },
): Drawn {
  const { em, width, colours } = sheet.look
  const size = 0.9 * em
  const count = { rows: map.values.length, columns: map.columns.labels.length }
  const names = rowNames(sheet, map.rows, size)
  const own = ownHeight(sheet, map, names.lines)
  const pictured = chosen.pictures && map.rows.pictures !== undefined
  const extentOf = (cellWidth: number) =>
    chosen.extent ?? (map.square ? Math.max(own.least, cellWidth * count.rows) : own.natural)
  // Pictures are as high as their rows, whose height depends on the room that the pictures leave.
  const guess = (extentOf((width - names.width - 3 * em) / Math.max(1, count.columns)) / count.rows) * pictureRatio
  const pictureWidth = pictured ? Math.max(2.4 * em, Math.min(7 * em, guess)) : 0
  const left = em + names.width + 0.5 * em + (pictured ? pictureWidth + 0.5 * em : 0)
  const cellWidth = Math.max(0.5, (width - left - em) / Math.max(1, count.columns))
  const header = columnHeader(sheet, map.columns, { cellWidth, size })
  const extent = extentOf(cellWidth)
  const cellHeight = extent / Math.max(1, count.rows)
  const place: HeatMapPlace = { left, top: top + header.height, cellWidth, cellHeight, ...count }

  header.draw(place)
  const title = { x: em + names.width, y: place.top - 0.35 * size, size, colour: colours.ink2, anchor: 'end' as const }
  sheet.write(map.rows.title, title)
  paintCells(sheet, map, { place, chosen })
  over?.(place)
  writeValues(sheet, map, { place, chosen })
  const every = map.rows.even ? Math.max(1, Math.ceil((leading * size) / cellHeight)) : 1
  for (let row = 0; row < count.rows; row += every) {
    const rowTop = place.top + row * cellHeight
    const room = Math.min(every, count.rows - row) * cellHeight
    const lines = names.lines[row] ?? []
    lines.forEach((line, index) =>
      sheet.write(line, {
        x: em + names.width,
        y: rowTop + (room - lines.length * leading * size) / 2 + (index + 0.78) * leading * size,
        size,
        colour: colours.ink2,
        anchor: 'end',
      }),
    )
    const picture = pictured ? map.rows.pictures?.[row] : undefined
    if (picture !== undefined) {
      const height = Math.min(room - 1, pictureWidth / pictureRatio)
      sheet.picture(picture, {
        x: left - pictureWidth - 0.5 * em,
        y: rowTop + (room - height) / 2,
        width: pictureWidth,
        height,
      })
    }
  }
  return { bottom: place.top + extent, extent, least: own.least }
}

/** The names of the rows, whole, in lines; those that even axes leave out are not measured twice. */
function rowNames(sheet: Sheet, { title, labels, even }: HeatMapAxis, size: number) {
  const widest = [title, ...labels].reduce((most, label) => Math.max(most, sheet.widthOf(label, { size })), 0)
  const width = Math.min(widest, mostLabels * sheet.look.width)
  return { width, lines: labels.map(label => (even ? [label] : sheet.wrap(label, { room: width, size }))) }
}

function ownHeight(sheet: Sheet, { rows, values }: HeatMap, lines: readonly (readonly string[])[]) {
  const { em } = sheet.look
  if (rows.even) {
    const natural = Math.min(comfortable.all * em, values.length * comfortable.row * em)
    return {
      natural,
      least: Math.min(natural, Math.max(values.length, smallest.row * em * Math.min(4, values.length))),
    }
  }
  const least = lines.reduce((most, { length }) => Math.max(most, length), 1) * leading * 0.9 * em * values.length
  const natural = Math.max(least, Math.min(smallest.all * em, values.length * comfortable.row * em))
  return { natural, least }
}

/** Names of the columns over them: level where they fit, else upright, else of every n-th. */
function columnHeader(
  sheet: Sheet,
  { title, labels, even }: HeatMapAxis,
  { cellWidth, size }: { readonly cellWidth: number; readonly size: number },
) {
  const { em, colours } = sheet.look
  const widest = labels.reduce((most, label) => Math.max(most, sheet.widthOf(label, { size })), 0)
  const level = even || widest + 0.4 * size <= cellWidth
  const every = level && even ? Math.max(1, Math.ceil((widest + 0.4 * size) / cellWidth)) : 1
  const titled = leading * size
  const height = titled + (level ? leading * size : widest + 0.4 * size) + 0.2 * em
  return {
    height,
    draw({ left, top }: HeatMapPlace) {
      const middle = left + (cellWidth * labels.length) / 2
      sheet.write(title, { x: middle, y: top - height + 0.9 * size, size, colour: colours.ink2, anchor: 'middle' })
      for (let column = 0; column < labels.length; column += every) {
        const x = left + (column + 0.5) * cellWidth
        const text = labels[column] ?? ''
        const style = { size: level ? size : Math.min(size, cellWidth), colour: colours.ink2 }
        if (level) sheet.write(text, { ...style, x, y: top - 0.35 * size, anchor: 'middle' })
        else sheet.write(text, { ...style, x: x + 0.35 * style.size, y: top - 0.3 * size, turned: -90 })
      }
    },
  }
}

function paintCells(
  sheet: Sheet,
  { values }: HeatMap,
  { place: { left, top, cellWidth, cellHeight }, chosen: { range } }: { place: HeatMapPlace; chosen: Chosen },
) {
  const { scale } = sheet.look
  const [gapX, gapY] = [cellWidth > 6 ? 0.8 : 0, cellHeight > 6 ? 0.8 : 0]
  const span = range.max - range.min || 1
  const magnitude = (value: number) => (value - range.min) / span
  const cells = values.flatMap((row, y) =>
    row.flatMap((value, x) =>
      Number.isNaN(value)
        ? []
        : [
            {
              x: left + x * cellWidth,
              y: top + y * cellHeight,
              width: cellWidth - gapX,
              height: cellHeight - gapY,
              colour: scale.css(magnitude(value)),
            },
          ],
    ),
  )
  sheet.add(...cellPaths(cells))
}

/** Values over whatever else lies on the cells. */
function writeValues(
  sheet: Sheet,
  { values, written }: HeatMap,
  { place: { left, top, cellWidth, cellHeight }, chosen: { range } }: { place: HeatMapPlace; chosen: Chosen },
) {
  const { scale, em } = sheet.look
  const span = range.max - range.min || 1
  const size = 0.8 * em
  if (!written || cellHeight < 1.2 * size) return
  values.forEach((row, y) =>
    row.forEach((value, x) => {
      const text = Number.isNaN(value) ? '' : written(y, x)
      const magnitude = (value - range.min) / span
      if (text === '' || sheet.widthOf(text, { size }) > cellWidth - 4) return
      sheet.write(text, {
        // Out of the way of what runs through the middle.
        x: left + (x + 1) * cellWidth - 0.5 * size,
        y: top + (y + 0.5) * cellHeight + 0.35 * size,
        size,
        colour: inkOn(scale.rgb(magnitude)),
        halo: scale.css(magnitude),
        anchor: 'end',
      })
    }),
  )
}

/** Dark figures on pale cells, pale ones on dark cells. */
function inkOn([red, green, blue]: readonly [number, number, number]): string {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#111418' : '#ffffff'
}
