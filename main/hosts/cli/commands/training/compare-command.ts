import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** Two evaluations, as of two models, on the queries that both have. */
export function compare(context: CommandContext): Promise<CommandResult> {
  const [first = '', second = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    const found = await client.evaluation.compare({ first, second }, { signal: context.signal })
    const { queries, videos, metrics, better, worse, chance } = found
    const shown = (metric: string, value: number) =>
      metric.endsWith('Rank') ? value.toFixed(1) : `${(100 * value).toFixed(1)} %`
    return {
      json: { first, second, ...found },
      text: [
        `${queries.common} queries and ${videos} videos that both have (${first}: ${queries.first} queries, ${second}: ${queries.second}):`,
        table(
          ['', first, second],
          metrics.map(({ metric, first: one, second: other }) => [metric, shown(metric, one), shown(metric, other)]),
        ),
        ...(found.protocol ? [found.protocol.sentence] : []),
        `${second} is better on ${better} queries and worse on ${worse}; by chance alone so uneven a split comes about with a probability of ${chance.toPrecision(2)}.`,
      ].join('\n'),
    }
  })
}
