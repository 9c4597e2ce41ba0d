import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { limits, protocolNames, protocols } from '../../../../api/common/rules.ts'
import type { Agreement } from '../../../../api/evaluation/certificate.ts'
import { evaluationChoice } from '../../../../api/evaluation/evaluation.ts'
import type { Evaluation } from '../../../../api/evaluation/evaluation.ts'
import type { Figures, RetrievalMetrics } from '../../../../api/evaluation/figures.ts'
import type { Survivors } from '../../../../api/evaluation/survivors.ts'
import type { WorkbenchClient } from '../../../../api/index.ts'
import { split } from '../../../../api/training/datasets.ts'
import { assertFree, writeOutput } from '../../../../storage/files/output-path.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { choice, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { datasetOf } from './dataset-options.ts'
import { momentsReport } from './moments-report.ts'
import { timeProbeReport } from './time-probe-report.ts'

const seeds = { least: 0, most: limits.runSeed.max, fallback: 0 } as const

/** What a certificate says, so that it is not asked for beside one. */
const saidByCertificate = [
  'task',
  'format',
  'texts',
  'draw',
  'model',
  'split',
  'ties',
  'no-alignment',
  'batch',
  'time-probe',
  'originals',
  'predictions',
  'protocol',
  'dual-softmax',
]

/** Evaluates a model on a labelled folder; what an interrupted evaluation has computed is not computed again. */
export function evaluate(context: CommandContext): Promise<CommandResult> {
  const { values, progress } = context
  const from = text(values, 'from')
  const [folder] = context.positionals
  if (folder === undefined && from === undefined) throw new UsageError('FOLDER is missing.')
  const surplus = from === undefined ? undefined : saidByCertificate.find(option => values[option] !== undefined)
  if (surplus !== undefined) throw new UsageError(`--${surplus} is said by the certificate of --from.`)
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const placeOf = (file: string | undefined) =>
        file === undefined ? null : { path: resolve(file), mark: null, overwrite: values.overwrite === true }
      const [place, predictionsPlace] = [placeOf(text(values, 'certificate')), placeOf(text(values, 'predictions-out'))]
      for (const one of [place, predictionsPlace]) if (one) await assertFree(one)
      const { id, jobId } = await (from === undefined
        ? startFresh(client, folder ?? '', context)
        : startFrom(client, from, context))
      if (jobId !== null) await followJob(workbench, jobId, context)
      const evaluation = await client.evaluation.info({ id })
      const { state, figures, problem, warnings, agreement } = evaluation
      if (state !== 'finished' || !figures) {
        throw new ExpectedError('evaluation-failed', problem ?? 'The evaluation was cancelled.')
      }
      for (const warning of warnings) progress.note(warning)
      if (place) {
        const { text: written } = await client.evaluation.certificate({ id })
        await writeOutput(place, path => writeFile(path, written))
      }
      if (predictionsPlace) {
        const { text: written } = await client.evaluation.predictions({ id })
        await writeOutput(predictionsPlace, path => writeFile(path, written))
      }
      const probe = evaluation.timeProbe && (await timeProbeReport(client, evaluation, evaluation.timeProbe))
      return {
        json: {
          ...figures,
          ...(probe && { timeProbe: probe.json }),
          protocol: evaluation.protocol,
          survivors: evaluation.survivors,
          conditions: evaluation.conditions,
          ...(agreement && { agreement }),
          ...(place && { certificate: place.path }),
          ...(predictionsPlace && { predictions: predictionsPlace.path }),
          evaluation: id,
          model: evaluation.choice.model,
          split: evaluation.split,
          warnings,
        },
        text: [
          summary(evaluation, figures),
          ...(evaluation.protocol ? [evaluation.protocol.sentence] : []),
          ...survivorLines(evaluation.survivors),
          ...conditionLines(evaluation.conditions),
          `This is the evaluation ${id}.`,
          ...(probe ? ['', probe.text] : []),
          ...(agreement ? ['', agreementText(agreement)] : []),
          ...(place ? [`The certificate is ${place.path}.`] : []),
          ...(predictionsPlace ? [`The predictions are ${predictionsPlace.path}.`] : []),
        ].join('\n'),
        ...(agreement && !agreement.equal && { exitCode: 1 as const }),
      }
    },
    { runJobs: true, usesModel: false },
  )
}

async function startFresh(
  client: WorkbenchClient,
  folder: string,
  { values, signal }: CommandContext,
): Promise<Evaluation> {
  const originals = text(values, 'originals')
  const predictions = text(values, 'predictions')
  if (predictions !== undefined && text(values, 'model') !== undefined) {
    throw new UsageError('--predictions are what a model has said already; give them or --model.')
  }
  const dataset = datasetOf(folder, values)
  const protocol = choice(values, 'protocol', protocolNames) ?? null
  const isMoments =
    predictions !== undefined ||
    dataset.task === 'moments' ||
    (protocol !== null && protocols[protocol].task === 'moments')
  if (!isMoments && text(values, 'predictions-out') !== undefined) {
    throw new UsageError('--predictions-out is for --task moments.')
  }
  const model = text(values, 'model') ?? (await client.models.list()).find(({ inUse }) => inUse)?.id ?? ''
  return client.evaluation.start(
    {
      dataset,
      model,
      predictions: predictions === undefined ? null : resolve(predictions),
      split: choice(values, 'split', split.options) ?? null,
      protocol,
      ties: choice(values, 'ties', evaluationChoice.shape.ties.unwrap().options),
      alignment: values['no-alignment'] !== true,
      dualSoftmax: values['dual-softmax'] === true,
      originals: originals === undefined ? null : resolve(originals),
      timeProbe: values['time-probe'] === true ? { seed: wholeNumber(values, 'probe-seed', seeds) } : null,
      batchSize: wholeNumber(values, 'batch', { least: 1, fallback: 16 }),
    },
    { signal },
  )
}

async function startFrom(
  client: WorkbenchClient,
  file: string,
  { values, positionals: [folder], signal }: CommandContext,
): Promise<Evaluation> {
  const videos = text(values, 'videos')
  const certificate = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ExpectedError('file-unreadable', `${file} cannot be read; give the certificate of an evaluation.`, {
      cause,
    })
  })
  return client.evaluation.startFrom(
    {
      text: certificate,
      name: file,
      folder: folder === undefined ? null : resolve(folder),
      videos: videos === undefined ? null : resolve(videos),
    },
    { signal },
  )
}

/** How much of the split the figures are of, and what they could be of all of it. */
function survivorLines(survivors: Survivors | null): string[] {
  if (!survivors || survivors.bounds.length === 0) return []
  const { videos, queries, bounds } = survivors
  const count = (number: number) => number.toLocaleString('en')
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  const names = {
    ...{ r1: 'R@1', r5: 'R@5', r10: 'R@10', r50: 'R@50' },
    ...{ 'r1@0.5': 'R1@0.5', 'r1@0.7': 'R1@0.7', accuracy: 'accuracy' },
  } as const
  return [
    `${count(videos.there)} of ${count(videos.all)} videos and ${count(queries.there)} of ${count(queries.all)} queries: with all of them it could be`,
    table(
      ['', 'at best', 'missing ones wrong', 'at worst'],
      bounds.map(({ metric, best, asMisses, worst }) => [names[metric], ...[best, asMisses, worst].map(percent)]),
    ),
  ]
}

/** What moves the figures beside the model. */
function conditionLines(conditions: Evaluation['conditions']): string[] {
  if (!conditions) return []
  const { said, dualSoftmax } = conditions
  return said.flatMap(({ what, sentence }) =>
    what === 'dualSoftmax' && dualSoftmax ? [sentence, recallTable(dualSoftmax)] : [sentence],
  )
}

function recallTable(found: {
  readonly textToVideo: RetrievalMetrics
  readonly videoToText: RetrievalMetrics
}): string {
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  const row = (name: string, { r1, r5, r10, r50, medianRank, meanRank, count }: RetrievalMetrics) => [
    name,
    ...[r1, r5, r10, r50].map(percent),
    medianRank,
    meanRank.toFixed(1),
    count,
  ]
  return table(
    ['', 'R@1', 'R@5', 'R@10', 'R@50', 'median', 'mean', 'count'],
    [row('text to video', found.textToVideo), row('video to text', found.videoToText)],
  )
}

function agreementText({ evaluation, equal, first, checks }: Agreement): string {
  return [
    `${equal ? 'Equal to' : 'Not equal to'} the evaluation ${evaluation} of the certificate${first === null ? ', to the last bit' : `; it differs first here: ${first}`}`,
    ...checks.map(check => `  ${check.equal ? 'equal' : 'differs'}: ${check.sentence}`),
  ].join('\n')
}

function summary({ choice: { model }, split: evaluated }: Evaluation, figures: Figures): string {
  const heading = `${model} on the ${evaluated} split, ${figures.task}`
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`
  if (figures.task === 'moments') {
    return figures.count === 0
      ? `${heading}: no scores, since the windows of the queries are not public.`
      : `${heading}, ${figures.count} queries:\n${momentsReport(figures)}`
  }
  if (figures.task !== 'retrieval') {
    const facts = [
      `${heading}: accuracy ${percent(figures.accuracy)} of ${figures.count} (mean over batches ${percent(figures.batchMean)})`,
    ]
    if (figures.task === 'qa-multichoice' && figures.span) {
      facts.push(`frames of the answers' spans: ${percent(figures.span.accuracy)} of ${figures.span.count}`)
    }
    return facts.join('\n')
  }
  const { alignment, groups } = figures
  return [
    `${heading}:`,
    recallTable(figures),
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
