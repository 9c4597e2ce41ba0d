import type { MetricPoint, RunConfig, Validation } from '../../api/training.ts'
import { learningRate } from '../../../native-models/training/learning-rate.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { chance } from '../batches/index.ts'
import type { Batches, Replace } from '../batches/index.ts'
import type { Example } from '../datasets/index.ts'
import type { Tensors } from '../../engine/index.ts'
import type { KeptFeatures } from '../steps/kept-features.ts'
import type { Trainer } from '../steps/trainer.ts'
import type { Checkpoints, Progress } from './checkpoints.ts'
import type { TrainingPrecision } from '../steps/training-programs.ts'
import { initialLossScale, nextLossScale } from './loss-scale.ts'
import { batchOf } from './plan.ts'
import type { Plan } from './plan.ts'
import type { RunFolder } from './run-folder.ts'

export interface TrainingParts {
  readonly folder: RunFolder
  readonly config: RunConfig
  readonly plan: Plan
  readonly precision: TrainingPrecision
  readonly trainer: Trainer
  readonly batches: Batches
  /** What is frozen, computed once per example; null where an example is not the same in every epoch. */
  readonly kept: KeptFeatures | null
  readonly checkpoints: Checkpoints
  /** For training. */
  readonly examples: readonly Example[]
  /** Figures of the validation split with the present weights, by name, and the one that decides. */
  readonly validate: (signal: AbortSignal) => Promise<{ values: Record<string, number>, metric: string, value: number }>
  readonly onProgress: (step: number, steps: number, loss: number | null) => void
}

/** Between two checkpoints at most this much is lost to a crash, in milliseconds: a step that takes longer is a checkpoint each. */
const checkpointEvery = 5 * 60_000
/** A loss this many times the first is taken for exploding. */
const exploded = 1000

/**
 * Trains from where the checkpoints are to the end of the plan. What is drawn depends on the seed and the step alone, so that a
 * run which was interrupted computes the same numbers as one which was not.
 * @returns why it ended. @throws ExpectedError when the loss is no number or explodes; the abort reason, after a checkpoint.
 */
export async function train(parts: TrainingParts, signal: AbortSignal): Promise<'finished' | 'no-improvement'> {
  const { folder, plan, trainer, checkpoints } = parts
  let state: Progress = await checkpoints.restoreLast(trainer) ?? { step: 0, best: null, validationsSinceBest: 0, lossScale: parts.precision === 'fp16' ? initialLossScale : null }
  await folder.forgetAfter(state.step)
  await folder.change({ step: state.step, epoch: state.step / plan.stepsPerEpoch, steps: plan.steps, best: state.best })
  if (state.step > 0) await folder.say('info', `Goes on after step ${state.step}.`)
  const steps = new Steps(parts)
  trainer.lossScale = state.lossScale?.scale ?? 1
  let savedAt = Date.now()
  const [began] = await folder.metrics()
  let first = began?.values['train/loss'] ?? null
  try {
    while (state.step < plan.steps) {
      signal.throwIfAborted()
      const { point, overflows } = await steps.take(state.step, signal)
      const loss = point.values['train/loss'] ?? Number.NaN
      first ??= loss
      if (Math.abs(loss) > exploded * Math.max(Math.abs(first), 1)) throw diverged(state.step, `the loss grew from ${first.toPrecision(3)} to ${loss.toPrecision(3)}`)
      state = { ...state, step: state.step + 1, lossScale: state.lossScale && nextLossScale(state.lossScale, overflows) }
      trainer.lossScale = state.lossScale?.scale ?? 1
      await folder.append([point])
      parts.onProgress(state.step, plan.steps, loss)
      const validates = isDue(state.step, parts)
      if (validates) state = await validated(state, parts, signal)
      if (validates || Date.now() - savedAt > checkpointEvery) {
        await checkpoints.saveLast(trainer, state)
        await folder.change({ step: state.step, epoch: state.step / plan.stepsPerEpoch })
        savedAt = Date.now()
      }
      const { patience } = parts.config
      if (validates && patience !== null && state.validationsSinceBest >= patience) return 'no-improvement'
    }
    return 'finished'
  } catch (error) {
    // Only reading examples can be interrupted: the weights are those after `state.step` steps.
    if (signal.aborted) {
      await checkpoints.saveLast(trainer, state)
      await folder.change({ step: state.step, epoch: state.step / plan.stepsPerEpoch })
    }
    throw error
  }
}

/** After so many epochs, and at the end. */
function isDue(step: number, { plan, config }: TrainingParts): boolean {
  const every = Math.max(1, Math.round(config.validateEvery * plan.stepsPerEpoch))
  return step % every === 0 || step === plan.steps
}

async function validated(state: Progress, { folder, plan, trainer, checkpoints, validate }: TrainingParts, signal: AbortSignal): Promise<Progress> {
  const { values, metric, value } = await validate(signal)
  const epoch = state.step / plan.stepsPerEpoch
  await folder.append([{ step: state.step, epoch, time: Date.now(), values: Object.fromEntries(Object.entries(values).map(([name, figure]) => [`validation/${name}`, figure])) }])
  const best: Validation = { step: state.step, epoch, metric, value }
  if (state.best && value <= state.best.value) return { ...state, validationsSinceBest: state.validationsSinceBest + 1 }
  await checkpoints.saveBest(trainer, state.step, signal)
  await folder.change({ best })
  await checkpoints.keepBest(state.step)
  return { ...state, best, validationsSinceBest: 0 }
}

/** Takes steps; the examples of the next one are read while the engine computes. */
class Steps {
  readonly #parts: TrainingParts
  readonly #unreadable = new Set<Example>()
  #ahead: { readonly step: number, readonly micros: ReturnType<Steps['load']> } | null = null

  constructor(parts: TrainingParts) {
    this.#parts = parts
  }

  /** @returns also how often gradients overflowed in half precision, each time with half the loss scale. */
  async take(step: number, signal: AbortSignal): Promise<{ point: MetricPoint, overflows: number }> {
    const { plan, trainer, config } = this.#parts
    const started = performance.now()
    const micros = await (this.#ahead?.step === step ? this.#ahead.micros : this.load(step, signal))
    if (step + 1 < plan.steps) {
      this.#ahead = { step: step + 1, micros: this.load(step + 1, signal) }
      // Whoever takes the next step is told; until then a failure is not an unhandled rejection.
      this.#ahead.micros.catch(() => undefined)
    }
    let [gradientNorm, overflows] = [Number.NaN, 0]
    let sums: Record<string, number> = {}
    for (; ; overflows++) {
      sums = {}
      for (const feeds of micros) {
        const result = await trainer.accumulate(feeds, 1 / micros.length)
        for (const [name, value] of Object.entries(result.values)) sums[name] = (sums[name] ?? 0) + value / micros.length
        gradientNorm = result.gradientNorm
      }
      if (Number.isFinite(gradientNorm) || trainer.lossScale <= 1) break
      trainer.discard()
      trainer.lossScale /= 2
    }
    for (const [name, value] of Object.entries(sums)) if (!Number.isFinite(value)) throw diverged(step, `‘${name}’ is ${value}`)
    if (!Number.isFinite(gradientNorm)) throw diverged(step, 'the gradient is not finite')
    const rate = learningRate(plan.schedule, step)
    await trainer.update({ step: step + 1, learningRate: rate, weightDecay: config.parameters.weightDecay, clipNorm: config.parameters.clipNorm })
    const seconds = (performance.now() - started) / 1000
    const point: MetricPoint = {
      step: step + 1, epoch: (step + 1) / plan.stepsPerEpoch, time: Date.now(),
      values: {
        ...Object.fromEntries(Object.entries(sums).map(([name, value]) => [`train/${name}`, value])),
        'train/learningRate': rate, 'train/gradientNorm': gradientNorm, 'train/examplesPerSecond': plan.batchSize / seconds,
      },
    }
    return { point, overflows }
  }

  async load(step: number, signal: AbortSignal) {
    const { plan, examples, batches, kept, config, folder } = this.#parts
    const { epoch, places } = batchOf(step, examples.length, plan, config.seed)
    const batch = places.flatMap(place => examples[place] ?? [])
    const problems: string[] = []
    const replace = (example: Example, problem: ExpectedError): Example => {
      if (!this.#unreadable.has(example)) problems.push(problem.message)
      this.#unreadable.add(example)
      const others = examples.filter(other => !this.#unreadable.has(other))
      const other = others[chance(config.seed, 'replacement', epoch, example.source).below(others.length)]
      if (!other) throw new ExpectedError('no-readable-video', `Not one training video can be read any more; the first problem was: ${problem.message}`, { cause: problem })
      return other
    }
    const micros: Tensors[] = []
    for (let start = 0; start < batch.length; start += plan.microBatchSize) {
      const micro = batch.slice(start, start + plan.microBatchSize)
      const feeds = kept ? await this.#withKept(kept, micro, epoch, signal, replace) : await batches.load(micro, epoch, signal, replace)
      micros.push({ ...feeds, randomKey: { dtype: 'int32', dims: [], data: Int32Array.of(randomKey(config.seed, step, start)) } })
    }
    for (const problem of problems) await folder.say('warning', `Another example takes its place: ${problem}`)
    return micros
  }

  /** A micro-batch of which the frozen part is not computed again. */
  async #withKept(kept: KeptFeatures, micro: readonly Example[], epoch: number, signal: AbortSignal, replace: Replace): Promise<Tensors> {
    const { batches } = this.#parts
    const chosen: Example[] = []
    const features: Tensors[] = []
    for (let example of micro) {
      for (let found = false; !found;) {
        try {
          features.push(await kept.of(example, () => batches.load([example], epoch, signal), signal))
          found = true
        } catch (error) {
          signal.throwIfAborted()
          if (!(error instanceof ExpectedError) || error.code.startsWith('engine')) throw error
          example = replace(example, error)
        }
      }
      chosen.push(example)
    }
    return { ...await batches.loadWithoutFrames(chosen, epoch, signal), ...kept.together(features) }
  }
}

/** From which all that is random in a micro-batch follows. */
function randomKey(seed: number, step: number, micro: number): number {
  return chance(seed, 'layers', step, micro).below(2 ** 32) | 0
}

function diverged(step: number, what: string): ExpectedError {
  return new ExpectedError('training-diverged', `Training stopped at step ${step + 1} because ${what}; the last good checkpoint is kept: try a lower learning rate, a longer warm-up or clipping of the gradient.`)
}
