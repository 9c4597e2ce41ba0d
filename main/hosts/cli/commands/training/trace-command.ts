import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { limits } from '../../../../api/common/rules.ts'
import type { QueryTrace, Traceable } from '../../../../api/training/tracing.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** Rows that are named where several, or none, are meant. */
const named = 8

/** One query over the checkpoints of a run. */
export function trace(context: CommandContext): Promise<CommandResult> {
  const { values, signal } = context
  const [run = '', ...words] = context.positionals
  const { min: least, max: most } = limits.traceGallery
  const gallery = wholeNumber(values, 'gallery', { least, most, fallback: 32 })
  const bisect = values.bisect === true
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const source = sourceOf(await client.training.traceable({ id: run }, { signal }), words.join(' '))
      const choice = { run, source, gallery, bisect }
      const { jobId } = await client.training.trace(choice, { signal })
      const job = await followJob(workbench, jobId, context)
      if (job.problem !== null) throw new ExpectedError('engine-run', job.problem)
      const found = await client.training.traced(choice, { signal })
      if (!found) throw new ExpectedError('run-state', `Nothing was found out of the run ‘${run}’; ask again.`)
      return { json: { run, ...found }, text: report(found) }
    },
    { usesModel: false, runJobs: true },
  )
}

/** The row that is meant: by its source, or by words of its text that no other has. @throws ExpectedError. */
function sourceOf({ queries }: Traceable, asked: string): string {
  const exact = queries.find(({ source }) => source === asked)
  if (exact) return exact.source
  const found = queries.filter(
    ({ text, source }) =>
      asked !== '' && `${source} ${text.join(' ')}`.toLocaleLowerCase().includes(asked.toLocaleLowerCase()),
  )
  const [only] = found
  if (only && found.length === 1) return only.source
  const shown = (found.length > 0 ? found : queries).slice(0, named).map(({ source }) => source)
  throw new ExpectedError(
    'query-unknown',
    found.length > 0
      ? `‘${asked}’ is in ${found.length} rows: ${shown.join(', ')}; name one by its source.`
      : `No row of the validation or test split is ‘${asked}’; there are ${queries.length}: ${shown.join(', ')}.`,
  )
}

function report({ query, videos, steps, points, flips }: QueryTrace): string {
  return [
    `‘${query.text.join(' ')}’, its video ${query.video} among ${videos}; ${points.length} of ${steps.length} checkpoints.`,
    table(
      ['step', 'rank', 'similarity', 'nearest other', 'its similarity'],
      points.map(({ step, rank, score, rival }) => [
        step,
        rank,
        score.toFixed(4),
        rival?.video ?? '',
        rival ? rival.score.toFixed(4) : '',
      ]),
    ),
    flips.length === 0
      ? 'It does not flip between these.'
      : flips
          .map(({ after, by, won }) => `After step ${after}, by step ${by}, it ${won ? 'comes first' : 'is lost'}.`)
          .join('\n'),
  ].join('\n\n')
}
