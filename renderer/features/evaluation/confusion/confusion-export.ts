import type { Exportable } from '../../../charts/figure/figure.ts'
import { drawHeatMap } from '../../../charts/figure/heat-map.ts'
import { formatCount, formatPercent } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import type { Confusion } from './confusion-values.ts'

export interface ShownConfusion {
  readonly labels: readonly string[]
  /** Right label down, said label across. */
  readonly counts: readonly (readonly number[])[]
  readonly confusion: Confusion
  readonly subject: string
  readonly stem: string
}

/** What leaves the confusion matrix: its figure with the labels that occurred, and the counts of all labels. */
export function exportedConfusion({ labels, counts, confusion, subject, stem }: ShownConfusion): Exportable {
  const axis = (name: string) => ({ name, fields: [name], entries: labels.map(label => [label]) })
  const shares = confusion.labels.map(() => confusion.labels.map(() => NaN))
  const shown = new Map<string, number>()
  for (const { row, column, share, count } of confusion.cells) {
    const line = shares[row]
    if (line) line[column] = share
    shown.set(`${row} ${column}`, count)
  }
  return {
    figure: {
      stem,
      title: t('evaluation.confusion.title'),
      subtitle: subject,
      key: {
        kind: 'scale',
        temperature: null,
        range: () => ({ min: 0, max: 1 }),
        unit: () => t('evaluation.confusion.unit'),
        format: formatPercent,
      },
      pictures: [],
      picturesOptional: false,
      draw: (sheet, top, chosen) =>
        drawHeatMap(
          sheet,
          {
            values: shares,
            rows: { title: t('evaluation.confusion.right'), labels: confusion.labels, even: false },
            columns: { title: t('evaluation.confusion.said'), labels: confusion.labels, even: false },
            square: true,
            written: (row, column) => formatCount(shown.get(`${row} ${column}`) ?? 0),
          },
          { top, chosen },
        ),
    },
    origin: { model: null, videoIds: [], facts: { evaluation: subject } },
    arrays: [
      {
        name: 'counts',
        read: () => ({ name: 'counts', quantity: 'count', axes: [axis('right'), axis('said')], values: counts.flat() }),
      },
    ],
  }
}
