import { highlightLevels, momentLengths, recalls } from '../../../../main/api/common/rules.ts'
import type { DualSoftmax, Figures } from '../../../../main/api/index.ts'
import { formatCount, formatNumber, formatPercent } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { withCount } from '../../training/curves/metric-names.ts'

/** One table of metrics: names of the columns, then rows of a name and its values. */
export interface MetricTable {
  title: string
  columns: string[]
  rows: { name: string; values: string[] }[]
  /** What must be known of it. */
  note?: string
}

const name = (metric: string) => t(`training.metric.${metric}`)

/** Both directions of a retrieval. */
function retrievalTable(title: string, found: Pick<DualSoftmax, 'textToVideo' | 'videoToText'>): MetricTable {
  return {
    title,
    columns: [...recalls.map(name), name('medianRank'), name('meanRank'), t('evaluation.count')],
    rows: (['textToVideo', 'videoToText'] as const).map(direction => ({
      name: t(`evaluation.${direction}`),
      values: [
        ...recalls.map(recall => formatPercent(found[direction][recall])),
        formatNumber(found[direction].medianRank),
        formatNumber(found[direction].meanRank),
        formatCount(found[direction].count),
      ],
    })),
  }
}

/** What a survivors' bound or a comparison is of. */
export function metricTitle(metric: string): string {
  const [, overlap] = /^r1@(.+)$/.exec(metric) ?? []
  if (overlap !== undefined) return t('evaluation.moments.r1', { overlap })
  return metric === 'mIoU' ? t('evaluation.moments.mIoU') : name(metric)
}

/** As many digits as the public evaluator prints. */
const percent = (fraction: number) => (100 * fraction).toFixed(2)

function momentTables({ lengths, highlights }: Extract<Figures, { task: 'moments' }>): MetricTable[] {
  if (!lengths.full) {
    return [{ title: t('evaluation.moments.title'), columns: [], rows: [], note: t('evaluation.moments.unscored') }]
  }
  const moments = {
    title: t('evaluation.moments.title'),
    columns: [
      ...['0.5', '0.7'].map(overlap => t('evaluation.moments.r1', { overlap })),
      ...['0.5', '0.75'].map(overlap => t('evaluation.moments.mAPAt', { overlap })),
      t('evaluation.moments.mAP'),
      t('evaluation.moments.mIoU'),
      t('evaluation.moments.queries'),
    ],
    rows: momentLengths.flatMap(length => {
      const of = lengths[length]
      if (!of) return []
      const { r1, mAP, mIoU, count } = of
      const values = [r1['0.5'], r1['0.7'], mAP['0.5'], mAP['0.75'], mAP.average, mIoU]
      return [{ name: t(`evaluation.moments.length.${length}`), values: [...values.map(percent), formatCount(count)] }]
    }),
  }
  if (!highlights) return [moments]
  return [
    moments,
    {
      title: t('evaluation.moments.highlights'),
      columns: [t('evaluation.moments.mAP'), t('evaluation.moments.hit1'), t('evaluation.moments.queries')],
      rows: highlightLevels.map(level => ({
        name: t(`evaluation.moments.level.${level}`),
        values: [percent(highlights[level].mAP), percent(highlights[level].hit1), formatCount(highlights.count)],
      })),
    },
  ]
}

/** The metrics of an evaluation as tables, rounded as papers print them. */
export function metricTables(figures: Figures, dualSoftmax: DualSoftmax | null = null): MetricTable[] {
  if (figures.task === 'moments') return momentTables(figures)
  if (figures.task === 'retrieval') {
    const { groups, alignment } = figures
    return [
      retrievalTable(t('evaluation.retrieval'), figures),
      ...(dualSoftmax
        ? [
            {
              ...retrievalTable(t('evaluation.dualSoftmax'), dualSoftmax),
              note: t('evaluation.dualSoftmaxHint', { temperature: dualSoftmax.temperature }),
            },
          ]
        : []),
      ...(groups
        ? [
            {
              title: t('evaluation.groups'),
              columns: [
                t('evaluation.textToVideo'),
                t('evaluation.videoToText'),
                t('evaluation.random'),
                t('evaluation.count'),
              ],
              rows: [
                {
                  name: t('evaluation.toldApart'),
                  values: [
                    ...[groups.textToVideo, groups.videoToText, groups.random].map(formatPercent),
                    formatCount(groups.count),
                  ],
                },
              ],
            },
          ]
        : []),
      ...(alignment
        ? [
            {
              title: t('evaluation.alignment'),
              columns: [
                t('evaluation.clipAccuracy'),
                t('evaluation.temporalIoU'),
                t('evaluation.clips'),
                t('evaluation.sentences'),
              ],
              rows: [
                {
                  name: t('evaluation.clipsAndSentences'),
                  values: [
                    formatPercent(alignment.clipAccuracy),
                    formatPercent(alignment.temporalIoU),
                    formatCount(alignment.clips),
                    formatCount(alignment.sentences),
                  ],
                },
              ],
            },
          ]
        : []),
    ]
  }
  const rows = [
    { name: name('accuracy'), values: [formatPercent(figures.accuracy), formatCount(figures.count)] },
    { name: t('evaluation.batchMean'), values: [formatPercent(figures.batchMean), formatCount(figures.count)] },
    ...(figures.task === 'qa-multichoice' && figures.span
      ? [
          {
            name: t('evaluation.span'),
            values: [
              formatPercent(figures.span.accuracy),
              t('evaluation.frames', { count: formatCount(figures.span.count) }),
            ],
          },
        ]
      : []),
  ]
  return [{ title: name('accuracy'), columns: [t('evaluation.value'), t('evaluation.count')], rows }]
}

/** The metric that stands for an evaluation in a list: `R@1 45.0 % (n = 120)`. */
export function headline(figures: Figures): string {
  if (figures.task === 'moments') {
    if (figures.count === 0) return t('evaluation.moments.noScores')
    const recall = formatPercent(figures.lengths.full?.r1['0.5'] ?? 0)
    return withCount(`${metricTitle('r1@0.5')} ${recall}`, figures.count)
  }
  return figures.task === 'retrieval'
    ? withCount(`${name('r1')} ${formatPercent(figures.textToVideo.r1)}`, figures.textToVideo.count)
    : withCount(`${name('accuracy')} ${formatPercent(figures.accuracy)}`, figures.count)
}
