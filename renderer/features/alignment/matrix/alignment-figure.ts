import type { AlignedEmbeddings, Alignment } from '../../../../main/api/index.ts'
import type { ArrayAxis, NamedArray } from '../../../charts/arrays/array-files.ts'
import { countedAxis } from '../../../charts/arrays/array-files.ts'
import type { Drawn, Exportable, Figure } from '../../../charts/figure/figure.ts'
import { drawHeatMap } from '../../../charts/figure/heat-map.ts'
import type { HeatMapPlace } from '../../../charts/figure/heat-map.ts'
import { leading } from '../../../charts/figure/sheet.ts'
import type { Sheet } from '../../../charts/figure/sheet.ts'
import { element, inSvg } from '../../../charts/figure/svg.ts'
import { formatScore, formatTime } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { matrixValues, rankOfClip, rowsOfSpan, truthSpans } from './alignment-values.ts'
import type { ValueMode } from './alignment-values.ts'

export interface ShownAlignment {
  readonly alignment: Alignment
  readonly mode: ValueMode
  readonly showPath: boolean
  readonly showTruth: boolean
  readonly videoName: string
  /** Of file names. */
  readonly stem: string
  /** Asks for the vectors that are compared. */
  readonly embeddings: () => Promise<AlignedEmbeddings>
}

/** What leaves the pane of the matrix: its figure, and the arrays behind it. */
export function exportedAlignment(shown: ShownAlignment): Exportable {
  const { alignment, mode } = shown
  const { clips, sentences, similarity } = alignment
  const rows: ArrayAxis = {
    name: 'clip',
    fields: ['clip', 'start', 'end'],
    entries: clips.map(({ start, end }, index) => [index + 1, start, end]),
  }
  const columns: ArrayAxis = { name: 'sentence', fields: ['sentence'], entries: sentences.map(({ text }) => [text]) }
  const array = (name: string, { axes, values, quantity }: Omit<NamedArray, 'name'>) => ({
    name,
    read: (): NamedArray => ({ name, quantity, axes, values }),
  })
  const vectors = (name: 'clip-embeddings' | 'sentence-embeddings') => ({
    name,
    read: async (): Promise<NamedArray> => {
      const found = await shown.embeddings()
      const of = name === 'clip-embeddings' ? found.clips : found.sentences
      const axes = [name === 'clip-embeddings' ? rows : columns, countedAxis('dimension', of[0]?.length ?? 0)]
      return { name, quantity: 'coordinate', axes, values: of.flat() }
    },
  })
  const axes = [rows, columns]
  const ranks = clips.flatMap((_, clip) => sentences.map((_, sentence) => rankOfClip(similarity, clip, sentence)))
  const { values } = matrixValues(alignment, mode)
  return {
    figure: alignmentFigure(shown),
    origin: {
      model: alignment.model,
      videoIds: [alignment.videoId],
      facts: {
        pass: alignment.pass,
        values: mode,
        temperature: alignment.temperature,
        sentences: sentences.map(({ text }) => text),
      },
    },
    arrays: [
      array('similarity', { axes, values: similarity.flat(), quantity: 'cosine' }),
      ...(mode === 'cosine' ? [] : [array('shares', { axes, values: values.flat(), quantity: 'share' })]),
      array('ranks', { axes, values: ranks, quantity: 'rank' }),
      vectors('clip-embeddings'),
      vectors('sentence-embeddings'),
    ],
  }
}

/** Of more clips the rows of a page are too low for pictures. */
const mostPictured = 80

function alignmentFigure({ alignment, mode, showPath, showTruth, videoName, stem }: ShownAlignment): Figure {
  const { clips, sentences, similarity, temperature } = alignment
  const valuesAt = (chosen: number | null) => matrixValues({ similarity, temperature: chosen ?? temperature }, mode)
  const pictures = clips.length > mostPictured ? [] : clips.map(({ thumbnail }) => thumbnail)
  return {
    stem: `${stem}-alignment`,
    title: `${t('alignment.figure')}: ${videoName}`,
    subtitle: t('figure.subtitle', {
      what: t(`alignment.mode.${mode}`),
      model: alignment.model,
    }),
    key: {
      kind: 'scale',
      temperature: mode === 'cosine' ? null : temperature,
      range: valuesAt,
      unit: chosen => t(`alignment.unit.${mode}`, { temperature: chosen ?? temperature }),
      format: formatScore,
    },
    pictures,
    picturesOptional: true,
    draw(sheet, top, chosen) {
      const { values } = valuesAt(chosen.temperature)
      const drawn = drawHeatMap(
        sheet,
        {
          values,
          rows: {
            title: t('alignment.time'),
            labels: clips.map(({ start }) => formatTime(start)),
            even: true,
            ...(pictures.length > 0 && { pictures }),
          },
          columns: {
            title: t('alignment.sentence'),
            labels: sentences.map((_, index) => String(index + 1)),
            even: true,
          },
          square: false,
          written: (row, column) => formatScore(values[row]?.[column] ?? 0),
        },
        {
          top,
          chosen,
          over: place => {
            if (showTruth) drawTruth(sheet, alignment, place)
            if (showPath) drawPath(sheet, alignment, place)
          },
        },
      )
      return drawSentences(sheet, {
        alignment,
        drawn,
        showPath,
        showTruth: showTruth && truthSpans(alignment).length > 0,
      })
    },
  }
}

function drawTruth(sheet: Sheet, alignment: Alignment, { left, top, cellWidth, cellHeight }: HeatMapPlace) {
  const { em, colours } = sheet.look
  for (const span of truthSpans(alignment)) {
    const [from, to] = rowsOfSpan(alignment, span)
    const box = {
      x: left + span.sentence * cellWidth + 1,
      y: top + from * cellHeight + 1,
      width: Math.max(1, cellWidth - 3),
      height: Math.max(1.5, (to - from) * cellHeight - 3),
      fill: 'none',
    }
    const dashes = `${inSvg(em / 3)} ${inSvg(em / 4)}`
    sheet.add(
      element('rect', { ...box, stroke: colours.ground, 'stroke-width': em / 5, 'stroke-opacity': 0.75 }),
      element('rect', { ...box, stroke: colours.ink, 'stroke-width': em / 10, 'stroke-dasharray': dashes }),
    )
  }
}

function drawPath(sheet: Sheet, { path }: Alignment, { left, top, cellWidth, cellHeight }: HeatMapPlace) {
  const { em, colours } = sheet.look
  const d = path
    .map((column, row) => {
      const x = inSvg(left + (column + 0.5) * cellWidth)
      const [above, below] = [top + (row + 0.15) * cellHeight, top + (row + 0.85) * cellHeight].map(inSvg)
      return `${row ? 'L' : 'M'}${x} ${above}V${below}`
    })
    .join('')
  const line = { d, fill: 'none', 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }
  sheet.add(
    element('path', { ...line, stroke: colours.seam, 'stroke-width': em / 3, 'stroke-opacity': 0.7 }),
    element('path', { ...line, stroke: colours.path, 'stroke-width': em / 6 }),
  )
}

interface Listed {
  readonly alignment: Alignment
  readonly drawn: Drawn
  readonly showPath: boolean
  readonly showTruth: boolean
}

/** Under the cells: which sentence each number is, whole, and what the lines mean. */
function drawSentences(sheet: Sheet, { alignment, drawn, showPath, showTruth }: Listed): Drawn {
  const { em, width, colours } = sheet.look
  const number = sheet.widthOf(`${alignment.sentences.length} `) + 0.6 * em
  let y = drawn.bottom + 1.6 * em
  alignment.sentences.forEach(({ text }, index) => {
    sheet.write(String(index + 1), { x: em + number - 0.6 * em, y, colour: colours.ink2, anchor: 'end' })
    y = sheet.paragraph(text, { x: em + number, y, room: width - 2 * em - number })
  })
  let x = em
  const mark = (text: string, line: Readonly<Record<string, string | number>>) => {
    const at = y + 0.3 * em
    sheet.add(element('line', { x1: x, x2: x + 1.6 * em, y1: at - 0.33 * em, y2: at - 0.33 * em, ...line }))
    sheet.write(text, { x: x + 2.1 * em, y: at, colour: colours.ink2 })
    x += 3.5 * em + sheet.widthOf(text)
  }
  if (showPath) mark(t('alignment.path'), { stroke: colours.path, 'stroke-width': em / 6 })
  if (showTruth) mark(t('alignment.truth'), { stroke: colours.ink, 'stroke-width': em / 10, 'stroke-dasharray': '3 2' })
  const bottom = x > em ? y + 0.5 * em : y - leading * em + 0.6 * em
  return { ...drawn, bottom }
}
