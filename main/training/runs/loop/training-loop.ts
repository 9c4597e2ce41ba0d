import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import { learningRate } from '../../../../native-models/training/learning-rate.ts'
import { tasksWithContrast } from '../../../api/common/rules.ts'
import type { MetricPoint, RunConfig, RunRecord, Validation } from '../../../api/training/training.ts'
import type { Tensors } from '../../../engine/protocol.ts'
import type { TrainingPrecision } from '../../../programs/training-programs.ts'
import type { Batches, Replace } from '../../data/batches/batches.ts'
import { isOfVideo } from '../../data/batches/video-problem.ts'
import type { Example } from '../../data/examples/example.ts'
import type { CachedFeatures } from '../../steps/cached-features.ts'
import type { Trainer } from '../../steps/trainer.ts'
import type { Checkpoints, Progress } from '../folder/checkpoints.ts'
import type { RunFolder } from '../folder/run-folder.ts'
import { comparedIn, nothingCompared, sumCompared } from './compared-examples.ts'
import type { Compared } from './compared-examples.ts'
import { initialLossScale, nextLossScale } from './loss-scale.ts'
import { batchOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { examplesToKeepApart } from './videos-apart.ts'
import type { ExamplesByVideo } from './videos-apart.ts'

export interface TrainingParts {
  readonly folder: RunFolder
  readonly config: RunConfig
  readonly plan: Plan
  readonly precision: TrainingPrecision
  readonly trainer: Trainer
  /** Whether the loss compares the examples of all micro-batches of a step. */
  readonly isTogether: boolean
  readonly batches: Batches
  /** What is frozen, computed once per example; null where an example is not the same in every epoch. */
  readonly kept: CachedFeatures | null
  readonly checkpoints: Checkpoints
  /** For training. */
  readonly examples: readonly Example[]
  /** Figures of the validation split with the present weights, by name, and the one that decides. */
  readonly validate: (signal: AbortSignal) => Promise<{ values: Record<string, number>; metric: string; value: number }>
  readonly onProgress: (step: number, steps: number, loss: number | null) => void
}

/**
 * Between two checkpoints at most this much is lost to a crash, in milliseconds: a step that takes longer is a
 * checkpoint each.
 */
const checkpointEvery = 5 * 60_000
/** A loss this many times the first is taken for exploding. */
const exploded = 1000
/** Bytes of frames that are read ahead of the step that is computed, and steps that they may be of. */
const aheadBytes = 256 * 1024 ** 2
const aheadSteps = 4

/**
 * Trains from where the checkpoints are to the end of the plan. What is drawn depends on the seed and the step alone,
 * so that a run which was interrupted computes the same numbers as one which was not.
 * @returns why it ended. @throws ExpectedError when the loss is no number or explodes; the abort reason, after a
 * checkpoint.
 */
export async function train(parts: TrainingParts, signal: AbortSignal): Promise<'finished' | 'no-improvement'> {
  const { folder, plan, trainer, checkpoints } = parts
  let state: Progress = (await checkpoints.restoreLast(trainer)) ?? {
    step: 0,
    best: null,
    validationsSinceBest: 0,
    lossScale: parts.precision === 'fp16' ? initialLossScale : null,
    compared: nothingCompared,
  }
  await folder.forgetAfter(state.step)
  await folder.change({ step: state.step, epoch: state.step / plan.stepsPerEpoch, steps: plan.steps, best: state.best })
  if (state.step > 0) await folder.say('info', `Goes on after step ${state.step}.`)
  const steps = new Steps(parts, signal)
  trainer.lossScale = state.lossScale?.scale ?? 1
  let savedAt = Date.now()
  const [began] = await folder.metrics()
  let first = began?.values['train/loss'] ?? null
  try {
    while (state.step < plan.steps) {
      signal.throwIfAborted()
      const { point, overflows, compared } = await steps.take(state.step)
      const loss = point.values['train/loss'] ?? Number.NaN
      first ??= loss
      if (Math.abs(loss) > exploded * Math.max(Math.abs(first), 1)) {
        throw diverged(state.step, `the loss grew from ${first.toPrecision(3)} to ${loss.toPrecision(3)}`)
      }
      state = {
        ...state,
        step: state.step + 1,
        lossScale: state.lossScale && nextLossScale(state.lossScale, overflows),
        compared: sumCompared(state.compared ?? nothingCompared, compared),
      }
      trainer.lossScale = state.lossScale?.scale ?? 1
      await folder.append([point])
      parts.onProgress(state.step, plan.steps, loss)
      const validates = isDue(state.step, parts)
      if (validates) state = await validated(state, parts, signal)
      if (validates || Date.now() - savedAt > checkpointEvery) {
        await saveLast(parts, state)
        savedAt = Date.now()
      }
      const { patience } = parts.config
      if (validates && patience !== null && state.validationsSinceBest >= patience) return 'no-improvement'
    }
    return 'finished'
  } catch (error) {
    // Only reading examples can be interrupted: the weights are those after `state.step` steps.
    if (signal.aborted) {
      await saveLast(parts, state)
    }
    throw error
  } finally {
    steps.close()
  }
}

/** A checkpoint to go on from, after the points that lead to it. */
async function saveLast(parts: TrainingParts, state: Progress): Promise<void> {
  await parts.folder.syncPoints()
  await parts.checkpoints.saveLast(parts.trainer, state)
  await parts.folder.change(reached(state, parts))
}

/** How far a run came, for its record. */
function reached(
  { step, compared }: Progress,
  { plan, config, examples }: TrainingParts,
): Pick<RunRecord, 'step' | 'epoch' | 'contrast'> {
  const { stepsPerEpoch, batchSize, microBatchSize, contrasts } = plan
  return {
    step,
    epoch: step / stepsPerEpoch,
    contrast:
      compared && tasksWithContrast.includes(config.task)
        ? {
            together: contrasts ?? microBatchSize,
            batch: batchSize,
            leftOut: examples.length - stepsPerEpoch * batchSize,
            compared,
          }
        : null,
  }
}

/** After so many epochs, and at the end. */
function isDue(step: number, { plan, config }: TrainingParts): boolean {
  const every = Math.max(1, Math.round(config.validateEvery * plan.stepsPerEpoch))
  return step % every === 0 || step === plan.steps
}

async function validated(
  state: Progress,
  { folder, plan, config, trainer, checkpoints, validate }: TrainingParts,
  signal: AbortSignal,
): Promise<Progress> {
  const { values, metric, value } = await validate(signal)
  const epoch = state.step / plan.stepsPerEpoch
  await folder.append([
    {
      step: state.step,
      epoch,
      time: Date.now(),
      values: Object.fromEntries(Object.entries(values).map(([name, figure]) => [`validation/${name}`, figure])),
    },
  ])
  if (config.keepCheckpoints) await checkpoints.keep(trainer, state.step, signal)
  const best: Validation = { step: state.step, epoch, metric, value }
  if (state.best && value <= state.best.value) return { ...state, validationsSinceBest: state.validationsSinceBest + 1 }
  await checkpoints.saveBest(trainer, state.step, signal)
  await folder.change({ best })
  await checkpoints.keepBest(state.step)
  return { ...state, best, validationsSinceBest: 0 }
}

/** What a step is fed, and what its examples are compared with. */
interface LoadedStep {
  readonly micros: Tensors[]
  readonly compared: Compared
}

/** Takes steps; the examples of the next ones are read while the engine computes. */
class Steps {
  readonly #parts: TrainingParts
  readonly #unreadable = new Set<Example>()
  readonly #left = new AbortController()
  readonly #signal: AbortSignal
  /** Of this step on, in their order, one after the other. */
  readonly #ahead: { readonly step: number; readonly loaded: Promise<LoadedStep> }[] = []
  readonly #depth: number
  readonly #apart: ExamplesByVideo | null

  constructor(parts: TrainingParts, signal: AbortSignal) {
    this.#parts = parts
    this.#apart = examplesToKeepApart(parts.config.task, parts.examples)
    this.#signal = AbortSignal.any([signal, this.#left.signal])
    // Features that are not kept yet are computed by the engine, which would keep the step itself waiting.
    this.#depth = parts.kept
      ? 1
      : Math.max(1, Math.min(aheadSteps, Math.floor(aheadBytes / (parts.plan.batchSize * parts.batches.frameBytes))))
  }

  /** Reads no further. */
  close(): void {
    this.#left.abort(new Error('no further step is taken'))
  }

  /** @returns also how often gradients overflowed in half precision, each time with half the loss scale. */
  async take(step: number): Promise<{ point: MetricPoint; overflows: number; compared: Compared }> {
    const { plan, trainer, config } = this.#parts
    const started = performance.now()
    this.#readAhead(step)
    const { micros, compared } = (await this.#ahead[0]?.loaded) ?? { micros: [], compared: nothingCompared }
    this.#ahead.shift()
    this.#readAhead(step + 1)
    const waited = (performance.now() - started) / 1000
    let [gradientNorm, overflows] = [Number.NaN, 0]
    let sums: Record<string, number> = {}
    for (; ; overflows++) {
      ;({ values: sums, gradientNorm } = this.#parts.isTogether
        ? await trainer.accumulateTogether(micros)
        : await accumulateEach(trainer, micros))
      if (Number.isFinite(gradientNorm) || trainer.lossScale <= 1) break
      trainer.discard()
      trainer.lossScale /= 2
    }
    for (const [name, value] of Object.entries(sums)) {
      if (!Number.isFinite(value)) throw diverged(step, `‘${name}’ is ${value}`)
    }
    if (!Number.isFinite(gradientNorm)) throw diverged(step, 'the gradient is not finite')
    const rate = learningRate(plan.schedule, step)
    await trainer.update({
      step: step + 1,
      learningRate: rate,
      weightDecay: config.parameters.weightDecay,
      clipNorm: config.parameters.clipNorm,
    })
    const seconds = (performance.now() - started) / 1000
    const point: MetricPoint = {
      step: step + 1,
      epoch: (step + 1) / plan.stepsPerEpoch,
      time: Date.now(),
      values: {
        ...Object.fromEntries(Object.entries(sums).map(([name, value]) => [`train/${name}`, value])),
        'train/learningRate': rate,
        'train/gradientNorm': gradientNorm,
        'train/examplesPerSecond': plan.batchSize / seconds,
        'time/secondsPerStep': seconds,
        'time/waitingForFrames': waited / seconds,
      },
    }
    return { point, overflows, compared }
  }

  #readAhead(from: number): void {
    const { plan } = this.#parts
    for (
      let last = this.#ahead.at(-1);
      (last?.step ?? from - 1) < Math.min(plan.steps, from + this.#depth) - 1;
      last = this.#ahead.at(-1)
    ) {
      const step = (last?.step ?? from - 1) + 1
      // One after the other, so that what is needed first is read first.
      const loaded = (last?.loaded ?? Promise.resolve()).then(() => this.#load(step))
      // Whoever takes the step is told; until then a failure is not an unhandled rejection.
      loaded.catch(() => undefined)
      this.#ahead.push({ step, loaded })
    }
  }

  async #load(step: number): Promise<LoadedStep> {
    const { plan, examples, batches, kept, config, folder } = this.#parts
    const signal = this.#signal
    const { epoch, places } = batchOf(step, examples, { ...plan, seed: config.seed, apart: this.#apart })
    const batch = places.flatMap(index => examples[index] ?? [])
    const problems: string[] = []
    const standIns = new Map<Example, Example>()
    const replace = (example: Example, problem: ExpectedError, original: Example): Example => {
      if (!this.#unreadable.has(example)) problems.push(problem.message)
      this.#unreadable.add(example)
      // The first of a drawn order that can be read: the same whether or not the others are known already to be
      // unreadable.
      const other = seededRandom(config.seed, 'replacement', epoch, original.source)
        .shuffled(examples)
        .find(one => !this.#unreadable.has(one))
      if (!other) {
        throw new ExpectedError(
          'no-readable-video',
          `Not one training video can be read any more; the first problem was: ${problem.message}`,
          { cause: problem },
        )
      }
      standIns.set(original, other)
      return other
    }
    const starts = Array.from(
      { length: Math.ceil(batch.length / plan.microBatchSize) },
      (_, micro) => micro * plan.microBatchSize,
    )
    const loaded = await Promise.allSettled(
      starts.map(start => {
        const micro = batch.slice(start, start + plan.microBatchSize)
        return kept
          ? this.#withCached(kept, { micro, epoch, replace })
          : batches.load(micro, { epoch, signal, replace })
      }),
    )
    const micros = loaded.map((result, index) => {
      if (result.status === 'rejected') throw result.reason
      return {
        ...result.value,
        randomKey: {
          dtype: 'int32' as const,
          dims: [],
          data: Int32Array.of(randomKey(config.seed, step, starts[index] ?? 0)),
        },
      }
    })
    for (const problem of problems) await folder.say('warning', `Another example takes its place: ${problem}`)
    const compared = comparedIn(
      batch.map(example => standIns.get(example) ?? example),
      plan.contrasts ?? plan.microBatchSize,
    )
    return { micros, compared }
  }

  /** A micro-batch of which the frozen part is not computed again. */
  async #withCached(
    kept: CachedFeatures,
    {
      micro,
      epoch,
      replace,
    }: { readonly micro: readonly Example[]; readonly epoch: number; readonly replace: Replace },
  ): Promise<Tensors> {
    const { batches } = this.#parts
    const signal = this.#signal
    const found = async (example: Example, original: Example): Promise<{ example: Example; features: Tensors }> => {
      try {
        return { example, features: await kept.of(example, batches.one(example, { epoch, signal }), signal) }
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof ExpectedError) || !isOfVideo(error)) throw error
        return found(replace(example, error, original), original)
      }
    }
    const all = await Promise.all(micro.map(example => found(example, example)))
    return {
      ...(await batches.loadWithoutFrames(
        all.map(({ example }) => example),
        epoch,
        signal,
      )),
      ...kept.together(all.map(({ features }) => features)),
    }
  }
}

/** Gradients of micro-batches by themselves, and the mean of what each says. */
async function accumulateEach(
  trainer: Trainer,
  micros: readonly Tensors[],
): Promise<{ values: Record<string, number>; gradientNorm: number }> {
  const values: Record<string, number> = {}
  let gradientNorm = Number.NaN
  for (const feeds of micros) {
    const result = await trainer.accumulate(feeds, 1 / micros.length)
    for (const [name, value] of Object.entries(result.values)) {
      values[name] = (values[name] ?? 0) + value / micros.length
    }
    gradientNorm = result.gradientNorm
  }
  return { values, gradientNorm }
}

/** From which all that is random in a micro-batch follows. */
function randomKey(seed: number, step: number, micro: number): number {
  return seededRandom(seed, 'layers', step, micro).below(2 ** 32) | 0
}

function diverged(step: number, what: string): ExpectedError {
  return new ExpectedError(
    'training-diverged',
    `Training stopped at step ${step + 1} because ${what}; the last good checkpoint is kept: try a lower learning rate, a longer warm-up or clipping of the gradient.`,
  )
}
