import type { searchLevels } from '../../../main/api/common/rules.ts'
import type { SearchResponse } from '../../../main/api/index.ts'
import type { Drawn, Exportable, Figure } from '../../charts/figure/figure.ts'
import { leading } from '../../charts/figure/sheet.ts'
import { element } from '../../charts/figure/svg.ts'
import { formatRange, formatScore, formatTime } from '../../locale/format.ts'
import { t } from '../../locale/i18n.ts'
import { barOf, scaleOf } from './query/score-scale.ts'

export interface ShownResults {
  readonly response: SearchResponse
  /** The text, or the name of what was searched with. */
  readonly query: string
  readonly level: (typeof searchLevels)[number]
  /** The path of the folder that alone was searched. */
  readonly folder: string | null
}

const stem = 'search-results'
const picture = { width: 7, ratio: 16 / 9 }
const barWidth = 9

/** What leaves a list of results: its figure, and the scores with the files and times they are of. */
export function exportedResults({ response, query, level, folder }: ShownResults): Exportable {
  const { results, model } = response
  return {
    figure: resultsFigure({ response, query, level, folder }),
    origin: {
      model,
      videoIds: [...new Set(results.map(({ video }) => video.id))],
      facts: { query, level, searched: response.searched, ...(folder === null ? {} : { folder }) },
    },
    arrays: [
      {
        name: 'scores',
        read: () => ({
          name: 'scores',
          quantity: 'cosine',
          axes: [
            {
              name: 'result',
              fields: ['rank', 'path', 'start', 'end'],
              entries: results.map(({ rank, video, start, end }) => [rank, video.path, start, end]),
            },
          ],
          values: results.map(({ score }) => score),
        }),
      },
    ],
  }
}

function resultsFigure({ response, query, level }: ShownResults): Figure {
  const { results, model } = response
  const scale = scaleOf(results.map(({ score }) => score))
  return {
    stem,
    title: query,
    subtitle: t('figure.subtitle', {
      what: t('search.found', { count: results.length, unit: t(`search.unit.${level}`, results.length) }),
      model,
    }),
    key: {
      kind: 'scale',
      temperature: null,
      range: () => scale,
      unit: () => t('search.cosine'),
      format: formatScore,
    },
    pictures: results.map(({ thumbnail }) => thumbnail),
    picturesOptional: true,
    draw(sheet, top, chosen): Drawn {
      const { em, width, colours, scale: colour } = sheet.look
      const number = sheet.widthOf(String(results.at(-1)?.rank ?? 1), { bold: true })
      const figure = chosen.pictures ? picture.width * em : 0
      const left = em + number + 0.7 * em + (figure ? figure + 0.8 * em : 0)
      const score = sheet.widthOf('−0.00')
      const right = width - em - score - 0.6 * em
      const bar = Math.min(barWidth * em, (right - left) / 3)
      const room = right - bar - em - left
      let y = top
      for (const { rank, video, start, end, thumbnail, score: value } of results) {
        const names = sheet.wrap(video.name, { room })
        const span = level === 'moment' || start > 0 ? formatRange(start, end) : formatTime(video.duration ?? end)
        const text = (names.length + 1) * leading * em
        const height = Math.max(text, figure / picture.ratio) + 0.6 * em
        const line = y + 0.3 * em + (height - 0.6 * em - text) / 2 + 0.95 * em
        sheet.write(String(rank), { x: em + number, y: line, bold: true, anchor: 'end' })
        if (figure) {
          const place = { x: left - figure - 0.8 * em, y: y + (height - figure / picture.ratio) / 2 }
          sheet.picture(thumbnail, { ...place, width: figure, height: figure / picture.ratio })
        }
        names.forEach((part, index) => sheet.write(part, { x: left, y: line + index * leading * em }))
        const small = { size: 0.9 * em, colour: colours.ink2 }
        sheet.write(span, { x: left, y: line + names.length * leading * em, ...small })
        const length = barOf(chosen.range, Math.max(chosen.range.min, Math.min(chosen.range.max, value)))
        const box = { y: line - 0.7 * em, height: 0.7 * em }
        sheet.add(
          element('rect', { ...box, x: right - bar, width: bar, fill: colours.empty }),
          element('rect', {
            ...box,
            x: right - bar + bar * length.start,
            width: bar * length.length,
            fill: colour.css(Math.max(0.15, (value - chosen.range.min) / (chosen.range.max - chosen.range.min || 1))),
          }),
        )
        sheet.write(formatScore(value), { x: width - em, y: line, anchor: 'end' })
        y += height
        const rule = { x1: em, x2: width - em, y1: y, y2: y, stroke: colours.line, 'stroke-width': 0.5 }
        sheet.add(element('line', rule))
      }
      return { bottom: y, extent: 0, least: 0 }
    },
  }
}
