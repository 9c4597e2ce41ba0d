import { limits } from '../../../../api/common/rules.ts'
import type { ComparedQuery } from '../../../../api/evaluation/comparison.ts'
import type { WorkbenchClient } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

const pageSize = 200
/** Lines of queries that are printed; `--json` has all. */
const printed = 20
const longestText = 60

/** Two evaluations, as of two models, on the queries that both have. */
export function compare(context: CommandContext): Promise<CommandResult> {
  const [first = '', second = ''] = context.positionals
  const { min: least, max: most } = limits.resamples
  const resamples = wholeNumber(context.values, 'resamples', { least, most, fallback: 5000 })
  const seed = wholeNumber(context.values, 'seed', { least: 0, most: limits.runSeed.max, fallback: 0 })
  return withWorkbench(context, async ({ client }) => {
    const two = { first, second, resamples, seed }
    const found = await client.evaluation.compare(two, { signal: context.signal })
    const pairs = await allQueries(client, two, context.signal)
    const { queries, videos, metrics, better, worse, equal, chance, bootstrap } = found
    const shown = (metric: string, value: number) =>
      metric.endsWith('Rank') ? value.toFixed(1) : `${(100 * value).toFixed(1)} %`
    const decided = pairs.filter(({ outcome }) => outcome !== 'equal')
    return {
      json: { first, second, ...found, pairs },
      text: [
        `${queries.common} queries and ${videos} videos that both have (${first}: ${queries.first} queries, ${second}: ${queries.second}):`,
        table(
          ['', first, second, 'difference', `${100 * bootstrap.confidence} % interval`],
          metrics.map(({ metric, first: one, second: other, interval }) => [
            metric,
            shown(metric, one),
            shown(metric, other),
            shown(metric, other - one),
            `${shown(metric, interval.low)} to ${shown(metric, interval.high)}`,
          ]),
        ),
        `Intervals: percentiles of ${bootstrap.resamples} resamples of the ${bootstrap.units} videos with their queries, seed ${bootstrap.seed}.`,
        ...(found.protocol ? [found.protocol.sentence] : []),
        `${second} is better on ${better} queries, worse on ${worse} and equal on ${equal}; by chance alone so uneven a split comes about with a probability of ${chance.toPrecision(2)}.`,
        ...(decided.length > 0 ? [queryTable(decided.slice(0, printed), two)] : []),
        ...(decided.length > printed ? [`And ${decided.length - printed} more, which --json has.`] : []),
      ].join('\n'),
    }
  })
}

interface Two {
  readonly first: string
  readonly second: string
  readonly resamples: number
  readonly seed: number
}

async function allQueries(client: WorkbenchClient, two: Two, signal: AbortSignal): Promise<ComparedQuery[]> {
  const found: ComparedQuery[] = []
  for (let total = Infinity; found.length < total;) {
    const page = await client.evaluation.compared({ ...two, offset: found.length, limit: pageSize }, { signal })
    found.push(...page.queries)
    total = page.total
  }
  return found
}

function queryTable(queries: readonly ComparedQuery[], { first, second }: Two): string {
  const standing = ({ rank, score }: ComparedQuery['first']) => (rank === null ? score.toFixed(3) : rank)
  return table(
    [first, second, 'video', 'query'],
    queries.map(({ first: one, second: other, video, text }) => [
      standing(one),
      standing(other),
      video,
      text.join(' ').slice(0, longestText),
    ]),
  )
}
