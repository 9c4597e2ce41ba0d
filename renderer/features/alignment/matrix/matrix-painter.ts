import type { Alignment } from '../../../../main/api/index.ts'
import type { Palette } from '../../../charts/palette.ts'
import { formatScore, formatTime } from '../../../locale/format.ts'
import { bestSentence, rowsOfSpan, truthSpans } from './alignment-values.ts'
import type { MatrixValues } from './alignment-values.ts'
import { cellLeft, cellTop, visibleRange } from './matrix-layout.ts'
import type { Cell, MatrixLayout } from './matrix-layout.ts'

export interface MatrixScene {
  alignment: Alignment
  shown: MatrixValues
  showPath: boolean
  showTruth: boolean
  playing: number | null
  hovered: Cell | null
  selected: Cell | null
  focused: boolean
  picture: (path: string) => HTMLImageElement | null
  /** What the rows are, written over their labels. */
  rowTitle: string
}

const timeRight = 46
const labelPitch = 17
const numberPitch = 26
const small = 11
const figureRoom = { width: 52, height: 20 }

type Context = CanvasRenderingContext2D

interface Painting {
  readonly layout: MatrixLayout
  readonly scene: MatrixScene
  readonly palette: Palette
}

/** Paints the part of the matrix in sight: cells, truth, path, marks, then the labels of both axes over them. */
export function paintMatrix(context: Context, painting: Painting) {
  const { layout, scene, palette } = painting
  context.fillStyle = palette.surface
  context.fillRect(0, 0, layout.width, layout.height)
  context.save()
  context.beginPath()
  context.rect(layout.bodyLeft - 1, layout.bodyTop - 1, layout.width, layout.height)
  context.clip()
  paintCells(context, painting)
  if (scene.showTruth) paintTruth(context, painting)
  if (scene.showPath) paintPath(context, painting)
  paintMarks(context, painting)
  context.restore()
  paintRowLabels(context, painting)
  paintColumnLabels(context, painting)
}

/** Cells, and their values where there is room for a figure. */
function paintCells(context: Context, { layout, scene: { shown }, palette }: Painting) {
  const [firstRow, lastRow] = rowsInSight(layout)
  const [firstColumn, lastColumn] = visibleRange({
    scroll: layout.scrollLeft,
    extent: layout.width - layout.bodyLeft,
    cell: layout.cellWidth,
    count: layout.columns,
  })
  const gapX = layout.cellWidth >= 12 ? 1 : 0
  const gapY = layout.cellHeight >= 8 ? 1 : 0
  const range = shown.max - shown.min
  const withFigures = layout.cellWidth >= figureRoom.width && layout.cellHeight >= figureRoom.height
  context.font = `${small}px ${palette.font}`
  context.textAlign = 'right'
  context.textBaseline = 'top'
  for (let row = firstRow; row < lastRow; row++) {
    const top = Math.round(cellTop(layout, row))
    const height = Math.max(1, Math.round(cellTop(layout, row + 1)) - top - gapY)
    const values = shown.values[row]
    for (let column = firstColumn; column < lastColumn; column++) {
      const left = Math.round(cellLeft(layout, column))
      const width = Math.round(cellLeft(layout, column + 1)) - left - gapX
      const value = values?.[column] ?? shown.min
      const magnitude = (value - shown.min) / range
      context.fillStyle = palette.scale.css(magnitude)
      context.fillRect(left, top, width, height)
      if (!withFigures) continue
      context.fillStyle = inkOn(palette.scale.rgb(magnitude))
      context.fillText(formatScore(value), left + width - 5, top + 5)
    }
  }
}

/** Dark figures on pale cells, pale ones on dark cells. */
function inkOn([red, green, blue]: readonly [number, number, number]): string {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 135 ? 'rgb(0 0 0 / 0.7)' : 'rgb(255 255 255 / 0.72)'
}

function paintTruth(context: Context, { layout, scene: { alignment }, palette }: Painting) {
  context.strokeStyle = palette.truth
  context.lineWidth = 1.25
  context.setLineDash([4, 3])
  for (const span of truthSpans(alignment)) {
    const [from, to] = rowsOfSpan(alignment, span)
    const top = cellTop(layout, from)
    context.strokeRect(
      cellLeft(layout, span.sentence) + 0.5,
      top + 0.5,
      layout.cellWidth - 2,
      Math.max(2, cellTop(layout, to) - top - 2),
    )
  }
  context.setLineDash([])
}

function paintPath(context: Context, { layout, scene: { alignment }, palette }: Painting) {
  const trace = new Path2D()
  alignment.path.forEach((column, row) => {
    const x = cellLeft(layout, column + 0.5)
    if (row === 0) trace.moveTo(x, cellTop(layout, 0.1))
    trace.lineTo(x, cellTop(layout, row + 0.2))
    trace.lineTo(x, cellTop(layout, row + 0.8))
  })
  context.lineJoin = 'round'
  // A dark seam keeps the path readable on pale cells.
  context.strokeStyle = palette.letterbox
  context.lineWidth = 4
  context.globalAlpha = 0.55
  context.stroke(trace)
  context.globalAlpha = 1
  context.strokeStyle = palette.path
  context.lineWidth = 2
  context.stroke(trace)
}

function paintMarks(context: Context, { layout, scene, palette }: Painting) {
  if (scene.playing !== null) {
    const top = Math.round(cellTop(layout, scene.playing))
    const height = Math.max(3, Math.round(layout.cellHeight))
    context.strokeStyle = palette.accent
    context.lineWidth = 1
    context.strokeRect(
      layout.bodyLeft - 0.5,
      top - 1,
      layout.columns * layout.cellWidth - layout.scrollLeft,
      height + 1,
    )
  }
  if (scene.hovered) outline(context, layout, { cell: scene.hovered, colour: palette.ink, width: 1 })
  if (scene.selected) {
    outline(context, layout, { cell: scene.selected, colour: scene.focused ? palette.accent : palette.ink, width: 2 })
  }
}

interface Mark {
  readonly cell: Cell
  readonly colour: string
  readonly width: number
}

function outline(context: Context, layout: MatrixLayout, { cell: { row, column }, colour, width }: Mark) {
  context.strokeStyle = colour
  context.lineWidth = width
  const left = Math.round(cellLeft(layout, column))
  const top = Math.round(cellTop(layout, row))
  context.strokeRect(left, top, layout.cellWidth - 1, Math.max(3, layout.cellHeight - 1))
}

function rowsInSight(layout: MatrixLayout) {
  return visibleRange({
    scroll: layout.scrollTop,
    extent: layout.height - layout.bodyTop,
    cell: layout.cellHeight,
    count: layout.rows,
  })
}

/** Times and pictures of the clips; where rows are too low, of every n-th clip. */
function paintRowLabels(context: Context, { layout, scene, palette }: Painting) {
  context.fillStyle = palette.surface
  context.fillRect(0, 0, layout.bodyLeft - 1, layout.height)
  const every = Math.max(1, Math.ceil(labelPitch / layout.cellHeight))
  const [first, last] = rowsInSight(layout)
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  for (let row = first - (first % every); row < last; row += every) {
    const clip = scene.alignment.clips[row]
    if (!clip) continue
    const top = cellTop(layout, row)
    const room = Math.min(every, layout.rows - row) * layout.cellHeight
    const isPlaying = scene.playing !== null && scene.playing >= row && scene.playing < row + every
    const isHovered = scene.hovered?.row === row
    context.font = `${isPlaying ? '600 ' : ''}${small}px ${palette.font}`
    context.fillStyle = isPlaying ? palette.accent : isHovered ? palette.ink : palette.ink3
    context.fillText(formatTime(clip.start), timeRight, top + room / 2)
    paintPicture(context, layout, { picture: scene.picture(clip.thumbnail), top, room: room - 1, palette })
    if (isPlaying) {
      context.fillStyle = palette.accent
      context.fillRect(0, Math.round(top), 2, Math.max(2, room - 1))
    }
  }
}

interface PictureSpace {
  readonly picture: HTMLImageElement | null
  readonly top: number
  readonly room: number
  readonly palette: Palette
}

function paintPicture(
  context: Context,
  { pictureLeft, pictureWidth }: MatrixLayout,
  { picture, top, room, palette }: PictureSpace,
) {
  const height = Math.min(room, (pictureWidth * 9) / 16)
  const y = Math.round(top + (room - height) / 2)
  context.fillStyle = palette.letterbox
  context.fillRect(pictureLeft, y, pictureWidth, height)
  if (!picture) return
  // Cut, not squeezed: a low row shows the middle band of its clip.
  const wanted = pictureWidth / height
  const actual = picture.naturalWidth / picture.naturalHeight
  const width = actual > wanted ? picture.naturalHeight * wanted : picture.naturalWidth
  const cut = actual > wanted ? picture.naturalHeight : picture.naturalWidth / wanted
  context.drawImage(
    picture,
    (picture.naturalWidth - width) / 2,
    (picture.naturalHeight - cut) / 2,
    width,
    cut,
    pictureLeft,
    y,
    pictureWidth,
    height,
  )
}

function paintColumnLabels(context: Context, { layout, scene, palette }: Painting) {
  context.fillStyle = palette.surface
  context.fillRect(0, 0, layout.width, layout.bodyTop - 1)
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
  const current = scene.playing === null ? null : bestSentence(scene.alignment.similarity, scene.playing)
  const [first, last] = visibleRange({
    scroll: layout.scrollLeft,
    extent: layout.width - layout.bodyLeft,
    cell: layout.cellWidth,
    count: layout.columns,
  })
  // Where columns are too narrow for a number, of every n-th sentence.
  const every = Math.max(1, Math.ceil(numberPitch / layout.cellWidth))
  for (let column = first - (first % every); column < last; column += every) {
    const left = cellLeft(layout, column)
    const among = (one: number | null | undefined) =>
      one !== null && one !== undefined && one >= column && one < column + every
    const marked = among(current) || among(scene.selected?.column)
    context.save()
    context.beginPath()
    context.rect(Math.max(left, layout.bodyLeft), 0, every * layout.cellWidth - (every === 1 ? 6 : 2), layout.bodyTop)
    context.clip()
    context.font = `${marked ? '600 ' : ''}${small + 1}px ${palette.font}`
    context.fillStyle = among(current)
      ? palette.accent
      : marked || among(scene.hovered?.column)
        ? palette.ink
        : palette.ink2
    context.fillText(String(column + 1), left + 1, 17)
    context.font = `${small}px ${palette.font}`
    context.fillStyle = marked ? palette.ink2 : palette.ink3
    if (layout.cellWidth >= 40) {
      context.fillText(
        shorten(context, scene.alignment.sentences[column]?.text ?? '', layout.cellWidth - 8),
        left + 1,
        33,
      )
    }
    context.restore()
  }
  context.fillStyle = palette.surface
  context.fillRect(0, 0, layout.bodyLeft - 1, layout.bodyTop - 1)
  context.font = `${small}px ${palette.font}`
  context.fillStyle = palette.ink3
  context.textAlign = 'right'
  context.fillText(scene.rowTitle, timeRight, 33)
}

/** The text as far as it fits, ending in an ellipsis. */
function shorten(context: Context, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle
    else high = middle - 1
  }
  return low ? `${text.slice(0, low).trimEnd()}…` : ''
}
