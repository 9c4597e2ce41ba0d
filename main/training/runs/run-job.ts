import { join } from 'node:path'
import { z } from 'zod'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { RunRecord } from '../../api/training/training.ts'
import { Engine } from '../../engine/engine.ts'
import { keepsMemory } from '../../engine/launcher.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import type { JobRun } from '../../jobs/job-handler.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { readModel, weightsFile } from '../../model-folder/model-file.ts'
import type { TrainingPrecision } from '../../programs/training-programs.ts'
import type { FrameSampler } from '../data/batches/example-frames.ts'
import { settleTimes } from '../data/datasets/rows/settle-times.ts'
import { videosOf } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { chosenMetric, metricsOf, namedMetrics } from '../metrics/metrics.ts'
import { predict } from '../metrics/predict.ts'
import { CachedFeatures } from '../steps/cached-features.ts'
import { Trainer } from '../steps/trainer.ts'
import { Checkpoints } from './folder/checkpoints.ts'
import { readRunData, writeRunData } from './folder/run-data.ts'
import type { RunData } from './folder/run-data.ts'
import type { RunFolder } from './folder/run-folder.ts'
import { comparesBatch, largestDivisor, leastExamples, makePlan } from './loop/plan.ts'
import type { Plan } from './loop/plan.ts'
import { train } from './loop/training-loop.ts'
import { examplesToKeepApart } from './loop/videos-apart.ts'
import { firstValue, openBatches, openPrograms } from './run-parts.ts'
import { baseModel, startChoice, startModel, startName } from './start-model.ts'

/**
 * The device to train on, why it is not the one that was asked for, and half precision where the device gains from it.
 */
export interface TrainingDevice {
  readonly device: string
  readonly fallback: string | null
  readonly precision: TrainingPrecision
}

export interface RunJobParts {
  /** The folder of registered models. */
  readonly models: string
  readonly launch: EngineLauncher
  readonly device: () => Promise<TrainingDevice>
  readonly sampler: FrameSampler
  /** Where decoded frames are kept for the next epoch, and how many bytes of them at most; 0: none. */
  readonly frameCache: () => { readonly directory: string; readonly limit: number }
  /** Registers the best checkpoint and says under which name. */
  readonly register: (folder: RunFolder, best: BestCheckpoint) => Promise<string>
}

export interface BestCheckpoint {
  readonly start: RegisteredModel
  readonly weights: string
  readonly signal: AbortSignal
}

type JobSide = Pick<JobRun, 'signal' | 'progress' | 'fail'>

/**
 * Trains a run to its end, from wherever it is. @throws ExpectedError when it cannot go on; the abort reason when it is
 * told to stop.
 */
export async function trainRun(
  parts: RunJobParts,
  folder: RunFolder,
  { signal, progress, fail }: JobSide,
): Promise<RunRecord> {
  const { config, step, steps } = folder.record
  if (steps > 0) progress({ done: step, total: steps, unit: 'steps', current: null })
  const { labels } = await readRunData(folder.path)
  const start = await startOf(parts, folder, { labels, signal })
  const { examples, unopened } = await settledData(folder, {
    clips: start.config.clips,
    signal,
    onProgress: (done, total, current) => progress({ done, total, unit: 'videos', current }),
  })
  const of = (split: Example['split']) => examples.filter(example => example.split === split)
  const told = new Set<string>()
  const onNotice = (sentence: string): void => {
    if (!told.has(sentence)) folder.say('warning', sentence).catch(() => undefined)
    told.add(sentence)
  }
  const videos = new Set(examples.flatMap(({ content }) => videosOf(content).map(video => video.path))).size
  const batches = await openBatches(config, start, {
    examples,
    unopened: new Set(unopened),
    frames: {
      sampler: parts.sampler,
      kept: { store: { ...parts.frameCache(), since: Date.now() }, videos, onNotice },
    },
  })
  const { device, fallback, precision: gaining } = await parts.device()
  if (fallback) await folder.say('warning', fallback)
  // A run keeps the precision it began in, wherever it goes on.
  const precision = folder.record.precision ?? gaining
  await folder.change({ precision })
  if (precision === 'fp16') {
    await folder.say(
      'info',
      english`Products are computed in half precision, with a loss scale that follows overflows; weights and moments are kept in fp32.`,
    )
  }
  const isTogether = comparesBatch(config.task, config.parameters)
  const least = isTogether ? 1 : leastExamples(config.task)
  let plan = makePlan(
    examplesToKeepApart(config.task, of('train')) ?? of('train').length,
    config.parameters,
    config.task,
  )
  // Of these sizes an engine was ended from outside before.
  const endedAt = new Set<number>()
  for (let smallerTried = false; ;) {
    const engine = new Engine({ launch: parts.launch, environment: keepsMemory, device, fallback })
    try {
      await onEngine(engine, plan)
      break
    } catch (error) {
      signal.throwIfAborted()
      // Want of memory looks as any other end from outside; other micro-batches round otherwise: the same come first.
      if (isEndedFromOutside(error) && !endedAt.has(plan.microBatchSize)) {
        endedAt.add(plan.microBatchSize)
        await folder.say('warning', english`${error.message} Going on from the last checkpoint.`)
        continue
      }
      const smaller = largestDivisor(plan.batchSize, Math.floor(plan.microBatchSize / 2))
      if (!isOutOfMemory(error)) throw error
      if (smallerTried || smaller === plan.microBatchSize || smaller < least) {
        throw outOfMemory(plan.microBatchSize, error)
      }
      smallerTried = true
      await folder.say(
        'warning',
        english`A micro-batch of ${plan.microBatchSize} does not fit into memory (${error.message}); trying ${smaller}.${isTogether ? '' : ' The contrastive losses compare fewer examples then.'}`,
      )
      await folder.change({
        notices: [
          ...folder.record.notices,
          english`Micro-batches of ${smaller} instead of ${plan.microBatchSize}, because the memory did not hold more.`,
        ],
      })
      plan = {
        ...plan,
        microBatchSize: smaller,
        contrasts: isTogether ? plan.batchSize : null,
      }
    } finally {
      await engine.close()
    }
  }
  const { best } = folder.record
  const weights = best && (await new Checkpoints(folder.checkpoints).bestWeights(best.step))
  if (!weights) throw new ExpectedError('no-best', 'The run has no checkpoint to make a model of; resume it.')
  const model = await parts.register(folder, { start, weights, signal })
  return folder.change({ state: 'finished', endedAt: Date.now(), model })

  async function onEngine(engine: Engine, { microBatchSize, contrasts }: Plan): Promise<void> {
    const programs = await openPrograms(config, start, {
      batches,
      micro: { microBatchSize, contrasts, precision },
      signal,
    })
    const base = await openCheckpoint(join(start.folder, weightsFile))
    let trainer: Trainer | null = null
    try {
      const opened = await Trainer.open(engine, programs.step, {
        programs,
        weight: firstValue(config, programs.step, base),
        signal,
      })
      trainer = opened
      const session = await engine.load(programs.answer, { arena: false }, signal)
      const kept =
        programs.frozen.length === 0
          ? null
          : await CachedFeatures.open(join(folder.path, 'kept'), { engine, programs: programs.frozen, signal })
      const outcome = await train(
        {
          folder,
          config,
          plan,
          precision,
          trainer: opened,
          isTogether: programs.together !== null,
          batches,
          kept,
          checkpoints: new Checkpoints(folder.checkpoints),
          examples: of('train'),
          onProgress: (step, steps, loss) =>
            progress({
              done: step,
              total: steps,
              unit: 'steps',
              current: loss === null ? null : english`loss ${loss.toPrecision(4)}`,
            }),
          validate: async () => {
            const { predictions, scalars } = await predict(of('validation'), {
              task: config.task,
              batches,
              batchSize: microBatchSize,
              signal,
              answer: feeds => opened.answer(session, feeds),
              onLeftOut: (example, problem) => fail(example.source, problem),
            })
            if (!predictions) return { values: scalars, metric: 'accuracy.mlm', value: scalars['accuracy.mlm'] ?? 0 }
            const figures = metricsOf(predictions, 'average')
            return { values: { ...scalars, ...namedMetrics(figures) }, ...chosenMetric(figures) }
          },
        },
        signal,
      )
      await folder.say(
        'info',
        outcome === 'finished'
          ? english`All epochs are done.`
          : english`Ended early: the validation figure no longer improved.`,
      )
    } finally {
      await trainer?.close().catch(() => undefined)
      await base.close()
    }
  }
}

/** The rows of a run, without times that their videos do not have: found out once, before the first step. */
async function settledData(
  folder: RunFolder,
  {
    clips,
    signal,
    onProgress,
  }: {
    /** Of the model. */
    readonly clips: number
    readonly signal: AbortSignal
    readonly onProgress: (done: number, total: number, current: string | null) => void
  },
): Promise<RunData> {
  const data = await readRunData(folder.path)
  const { notices, step, config } = folder.record
  if (data.timesSettled === true || step > 0) return data
  const {
    examples,
    notices: found,
    unopened,
  } = await settleTimes(data.examples, { task: config.task, clips }, { signal, onProgress })
  if (!examples.some(({ split }) => split === 'train')) {
    throw new ExpectedError(
      'no-training-rows',
      `No row for training has times that are in its video: ${found[0] ?? 'see the report of the folder'}`,
    )
  }
  for (const notice of found) await folder.say('warning', notice)
  const count = (split: Example['split']) => examples.filter(example => example.split === split).length
  await folder.change({
    notices: [...new Set([...notices, ...found])],
    counts: { train: count('train'), validation: count('validation'), test: count('test') },
  })
  const settled = { ...data, examples, timesSettled: true, unopened }
  await writeRunData(folder.path, settled)
  return settled
}

/** The model that a run begins with; made when it is first asked for. @throws ExpectedError as {@link startModel}. */
export async function startOf(
  { models }: Pick<RunJobParts, 'models'>,
  folder: RunFolder,
  { labels, signal }: { readonly labels: readonly string[]; readonly signal: AbortSignal },
): Promise<RegisteredModel> {
  const { config } = folder.record
  const known = await readModel(folder.start, startName).catch(() => null)
  if (known) return known
  const base = await baseModel(models, config.model)
  const { model, made } = await startModel(folder.path, base, { ...startChoice(config, labels), signal })
  await folder.say(
    'info',
    made.length === 0
      ? english`Every weight is taken from ‘${base.id}’.`
      : english`${made.length} weights that ‘${base.id}’ does not have begin as random numbers: ${made.slice(0, 4).join(', ')}${made.length > 4 ? ', …' : ''}.`,
  )
  return model
}

/** Whether an engine was killed while it computed, or with what it held between two computations. */
function isEndedFromOutside(error: unknown): error is ExpectedError {
  if (!(error instanceof ExpectedError)) return false
  return error.code === 'engine-memory-lost' || (error.code === 'engine-crashed' && error.message.includes('SIGKILL'))
}

/** Whether an engine ended, or refused, for want of memory. */
function isOutOfMemory(error: unknown): error is ExpectedError {
  if (!(error instanceof ExpectedError)) return false
  return (
    error.code === 'engine-memory' ||
    (error.code === 'engine-crashed' && /SIGKILL|SIGABRT|bad_alloc|heap/i.test(error.message)) ||
    /out of memory|bad_alloc|failed to allocate/i.test(error.message)
  )
}

function outOfMemory(microBatchSize: number, cause: ExpectedError): ExpectedError {
  return new ExpectedError(
    'training-memory',
    `A micro-batch of ${microBatchSize} does not fit into memory: ${microBatchSize > 1 ? 'choose a smaller micro-batch' : 'free some memory'}, train only the heads or the last layers, or begin with a smaller model.`,
    { cause },
  )
}

export const runPayload = z.object({ run: z.string() })
