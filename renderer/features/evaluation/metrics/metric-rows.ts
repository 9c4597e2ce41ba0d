import { recalls } from '../../../../main/api/common/rules.ts'
import type { Figures } from '../../../../main/api/index.ts'
import { formatCount, formatNumber, formatPercent } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import { withCount } from '../../training/curves/metric-names.ts'

/** One table of metrics: names of the columns, then rows of a name and its values. */
export interface MetricTable {
  title: string
  columns: string[]
  rows: { name: string; values: string[] }[]
}

const name = (metric: string) => t(`training.metric.${metric}`)

/** The metrics of an evaluation as tables, rounded as papers print them. */
export function metricTables(figures: Figures): MetricTable[] {
  if (figures.task === 'retrieval') {
    const { textToVideo, videoToText, groups, alignment } = figures
    const retrieval = {
      title: t('evaluation.retrieval'),
      columns: [...recalls.map(name), name('medianRank'), name('meanRank'), t('evaluation.count')],
      rows: (
        [
          ['textToVideo', textToVideo],
          ['videoToText', videoToText],
        ] as const
      ).map(([direction, one]) => ({
        name: t(`evaluation.${direction}`),
        values: [
          ...recalls.map(recall => formatPercent(one[recall])),
          formatNumber(one.medianRank),
          formatNumber(one.meanRank),
          formatCount(one.count),
        ],
      })),
    }
    return [
      retrieval,
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
  return figures.task === 'retrieval'
    ? withCount(`${name('r1')} ${formatPercent(figures.textToVideo.r1)}`, figures.textToVideo.count)
    : withCount(`${name('accuracy')} ${formatPercent(figures.accuracy)}`, figures.count)
}
