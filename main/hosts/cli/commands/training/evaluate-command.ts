import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { split } from '../../../../api/datasets.ts'
import { evaluationChoice } from '../../../../api/evaluation.ts'
import type { Evaluation } from '../../../../api/evaluation.ts'
import type { Figures, RetrievalMetrics } from '../../../../api/figures.ts'
import { limits } from '../../../../api/rules.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { choice, text, wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { datasetOf } from './dataset-options.ts'
import { timeProbeReport } from './time-probe-report.ts'

const seeds = { least: 0, most: limits.runSeed.max, fallback: 0 } as const

/** Evaluates a model on a labelled folder; what an interrupted evaluation has computed is not computed again. */
export function evaluate(context: CommandContext): Promise<CommandResult> {
  const { values, signal, progress } = context
  const [folder = ''] = context.positionals
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const model = text(values, 'model') ?? (await client.models.list()).find(({ inUse }) => inUse)?.id ?? ''
      const { id, jobId } = await client.evaluation.start(
        {
          dataset: datasetOf(folder, values),
          model,
          split: choice(values, 'split', split.options) ?? null,
          ties: choice(values, 'ties', evaluationChoice.shape.ties.unwrap().options),
          alignment: values['no-alignment'] !== true,
          timeProbe: values['time-probe'] === true ? { seed: wholeNumber(values, 'probe-seed', seeds) } : null,
          batchSize: wholeNumber(values, 'batch', { least: 1, fallback: 16 }),
        },
        { signal },
      )
      if (jobId !== null) await followJob(workbench, jobId, context)
      const evaluation = await client.evaluation.info({ id })
      const { state, figures, problem, warnings } = evaluation
      if (state !== 'finished' || !figures) {
        throw new ExpectedError('evaluation-failed', problem ?? 'The evaluation was cancelled.')
      }
      for (const warning of warnings) progress.note(warning)
      const probe = evaluation.timeProbe && (await timeProbeReport(client, evaluation, evaluation.timeProbe))
      return {
        json: {
          ...figures,
          ...(probe && { timeProbe: probe.json }),
          evaluation: id,
          model,
          split: evaluation.split,
          warnings,
        },
        text: [summary(evaluation, figures), ...(probe ? ['', probe.text] : [])].join('\n'),
      }
    },
    { runJobs: true, usesModel: false },
  )
}

function summary({ choice: { model }, split: evaluated }: Evaluation, figures: Figures): string {
  const heading = `${model} on the ${evaluated} split, ${figures.task}`
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  if (figures.task !== 'retrieval') {
    const facts = [
      `${heading}: accuracy ${percent(figures.accuracy)} of ${figures.count} (mean over batches ${percent(figures.batchMean)})`,
    ]
    if (figures.task === 'qa-multichoice' && figures.span) {
      facts.push(`frames of the answers' spans: ${percent(figures.span.accuracy)} of ${figures.span.count}`)
    }
    return facts.join('\n')
  }
  const row = (name: string, { r1, r5, r10, r50, medianRank, meanRank, count }: RetrievalMetrics) => [
    name,
    ...[r1, r5, r10, r50].map(percent),
    medianRank,
    meanRank.toFixed(1),
    count,
  ]
  const { alignment, groups } = figures
  return [
    `${heading}:`,
    table(
      ['', 'R@1', 'R@5', 'R@10', 'R@50', 'median', 'mean', 'count'],
      [row('text to video', figures.textToVideo), row('video to text', figures.videoToText)],
    ),
    ...(groups
      ? [
          `Within groups: ${percent(groups.textToVideo)} of ${groups.count} texts are most like their own video of those of their group, ${percent(groups.videoToText)} of the videos most like their own text (guessing: ${percent(groups.random)}).`,
        ]
      : []),
    ...(alignment
      ? [
          `Alignment: ${percent(alignment.clipAccuracy)} of ${alignment.clips} clips are most like a sentence of their time; the ${alignment.sentences} sentences are located with a mean temporal IoU of ${alignment.temporalIoU.toFixed(3)}.`,
        ]
      : []),
  ].join('\n')
}
