import { highlightLevels, momentLengths } from '../../../../api/common/rules.ts'
import type { Figures } from '../../../../api/evaluation/figures.ts'
import { table } from '../../terminal/table.ts'

const lengths = { short: 'to 10 s', middle: 'to 30 s', long: 'to 150 s', full: 'all' } as const
const levels = { fair: 'Fair', good: 'Good', veryGood: 'Very Good' } as const

/** The figures of moments as the tables of a paper, in per cent. */
export function momentsReport({ lengths: byLength, highlights }: Extract<Figures, { task: 'moments' }>): string {
  const percent = (fraction: number) => (100 * fraction).toFixed(2)
  const moments = momentLengths.flatMap(length => {
    const of = byLength[length]
    if (!of) return []
    const { r1, mAP, mIoU, count } = of
    return [
      [lengths[length], ...[r1['0.5'], r1['0.7'], mAP['0.5'], mAP['0.75'], mAP.average, mIoU].map(percent), count],
    ]
  })
  return [
    table(['moments', 'R1@0.5', 'R1@0.7', 'mAP@0.5', 'mAP@0.75', 'mAP', 'mIoU', 'count'], moments),
    highlights
      ? table(
          ['highlights', 'mAP', 'Hit@1', 'count'],
          highlightLevels.map(level => [
            levels[level],
            percent(highlights[level].mAP),
            percent(highlights[level].hit1),
            highlights.count,
          ]),
        )
      : 'Highlights are not scored: the annotation rates no clips (saliency_scores), or the predictions have no scores of them.',
  ].join('\n')
}
