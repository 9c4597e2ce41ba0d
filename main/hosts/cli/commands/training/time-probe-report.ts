import { isOrderUnused, noticedOrders } from '../../../../api/common/rules.ts'
import type { Evaluation, ProbedQuery, ProbeVariant, TimeProbe } from '../../../../api/evaluation/evaluation.ts'
import type { WorkbenchClient } from '../../../../api/index.ts'
import { table } from '../../terminal/table.ts'

/** Queries of each change that are named: in the JSON document, and for people. */
const [worstGiven, worstShown] = [10, 3]

const words: Readonly<Record<ProbeVariant, string>> = {
  reversed: 'frames reversed',
  shuffled: 'frames shuffled',
  repeated: 'one frame repeated',
  'sentences-reversed': 'sentences reversed',
  'clauses-swapped': 'swapped around before/after',
}

/** The time probe of an evaluation with the queries that lost most: as a document, and as a table. */
export async function timeProbeReport(
  client: WorkbenchClient,
  { id, task }: Evaluation,
  { seed, variants }: TimeProbe,
): Promise<{ json: unknown; text: string }> {
  const found = await Promise.all(
    variants.map(async one => {
      const { queries } = await client.evaluation.probed({ id, variant: one.variant, limit: worstGiven })
      return { ...one, worst: queries.filter(lost) }
    }),
  )
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  const hasGroups = found.some(({ groups }) => groups !== null)
  const figure = task === 'retrieval' ? 'R@1' : 'accuracy'
  const lines = [
    'Time probe:',
    table(
      [
        '',
        'queries',
        figure,
        'changed',
        'drop',
        ...(hasGroups ? ['in group', 'changed'] : []),
        'worse',
        'better',
        'by chance',
      ],
      found.map(({ variant, count, figure: { before, after }, groups, worse, better, chance }) => [
        words[variant],
        count,
        percent(before),
        percent(after),
        percent(before - after),
        ...(hasGroups ? [groups ? percent(groups.before) : '', groups ? percent(groups.after) : ''] : []),
        worse,
        better,
        chance < 0.0001 ? '< 0.0001' : chance.toFixed(4),
      ]),
    ),
    verdict(variants),
    ...found.flatMap(({ variant, worst }) =>
      worst.length === 0
        ? []
        : [
            `Lost most with ${words[variant]}:`,
            ...worst.slice(0, worstShown).map(query => `  ${fate(query)} ${query.text.join(' ').slice(0, 80)}`),
          ],
    ),
  ]
  return { json: { seed, variants: found }, text: lines.join('\n') }
}

const lost = ({ before, after }: ProbedQuery) => after.rank > before.rank || after.score < before.score

function fate({ video, before, after }: ProbedQuery): string {
  return `${video}: rank ${before.rank} → ${after.rank}, score ${before.score.toFixed(3)} → ${after.score.toFixed(3)}:`
}

/** Whether the order of frames makes queries worse. */
function verdict(variants: TimeProbe['variants']): string {
  const noticed = noticedOrders(variants)
  if (noticed.length > 0) {
    return `The model uses the order of the frames: it does worse with ${noticed.map(({ variant }) => words[variant]).join(' and with ')}.`
  }
  return isOrderUnused(variants)
    ? 'The order of the frames changes no rank: the model does not use it here.'
    : 'Nothing shows that the model uses the order of the frames: what became worse and better may be chance.'
}
