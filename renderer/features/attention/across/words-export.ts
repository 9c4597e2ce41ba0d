import type { AttentionWords } from '../../../../main/api/index.ts'
import type { ArrayAxis } from '../../../charts/arrays/array-files.ts'
import { countedAxis } from '../../../charts/arrays/array-files.ts'
import type { Exportable, Figure } from '../../../charts/figure/figure.ts'
import { drawHeatMap } from '../../../charts/figure/heat-map.ts'
import { formatScore } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { factsOfPart } from '../map/shown-part.ts'

export interface ShownWords {
  readonly found: AttentionWords
  readonly names: readonly string[]
  /** The words × words that are shown, and which words they are. */
  readonly values: readonly (readonly number[])[]
  readonly places: readonly number[]
  readonly max: number
  readonly videoName: string
  readonly stem: string
}

/** What leaves the view: the figure of words × words, all to all, and what each head gives to the video. */
export function exportedWords(shown: ShownWords): Exportable {
  const { found, names } = shown
  const { model, videoId, layer, head, sentences } = found
  const quantity = 'share of attention'
  const axis = (name: string): ArrayAxis => ({
    name,
    fields: [name, `${name} sentence`, `${name} seconds`],
    entries: [
      ...found.words.map(({ sentence }, place) => [names[place] ?? '', sentence === null ? '' : sentence + 1, '']),
      ...found.frames.map(({ time }, frame) => [`frame ${frame + 1}`, '', time]),
    ],
  })
  return {
    figure: wordFigure(shown),
    origin: {
      model,
      videoIds: [videoId],
      facts: { layer: layer + 1, head: head === null ? 'mean' : head + 1, sentences, ...factsOfPart(found) },
    },
    arrays: [
      {
        name: 'across',
        read: () => ({ name: 'across', quantity, axes: [axis('query'), axis('key')], values: found.map.flat() }),
      },
      {
        name: 'video-shares',
        read: () => ({
          name: 'video-shares',
          quantity: 'share of the video in what words attend to',
          axes: [countedAxis('layer', found.shares.length), countedAxis('head', found.shares[0]?.length ?? 0)],
          values: found.shares.flat(),
        }),
      },
    ],
  }
}

function wordFigure({ found, names, values, places, max, videoName, stem }: ShownWords): Figure {
  const { layer, head, model, shares } = found
  const heads = shares[0]?.length ?? 0
  const labels = places.map(place => names[place] ?? '')
  const where = [
    t('attention.words.layer', { layer: layer + 1 }),
    head === null ? t('attention.meanOf', heads) : t('attention.head', { head: head + 1 }),
  ].join(' · ')
  return {
    stem: `${stem}-words-layer${layer + 1}${head === null ? '' : `-head${head + 1}`}`,
    title: `${t('attention.words.title')}: ${videoName}`,
    subtitle: t('figure.subtitle', { what: where, model }),
    key: {
      kind: 'scale',
      temperature: null,
      range: () => ({ min: 0, max }),
      unit: () => t('attention.words.unit'),
      format: formatScore,
    },
    pictures: [],
    picturesOptional: false,
    draw: (sheet, top, chosen) =>
      drawHeatMap(
        sheet,
        {
          values,
          rows: { title: t('attention.words.query'), labels, even: false },
          columns: { title: t('attention.words.key'), labels, even: false },
          square: true,
          written: null,
        },
        { top, chosen },
      ),
  }
}
