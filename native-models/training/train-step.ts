import { ExpectedError } from '../expected-error.ts'
import { add, apply, concat, multiply, reduceSum, reshape } from '../graph/build.ts'
import { gradients } from '../graph/gradients/gradients.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { size } from '../graph/shape.ts'
import { input } from '../graph/tensor.ts'
import type { Shape, Tensor } from '../graph/tensor.ts'
import { assertInputFits } from '../lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import type { LfVilaKind } from '../lfvila/configuration/state-dict.ts'
import { models } from '../lfvila/models/models.ts'
import type { ModelShapes } from '../lfvila/models/models.ts'
import { adamW, publishedAdamW } from './adamw.ts'
import type { AdamWSettings } from './adamw.ts'
import { byWhatTheyRead, cutFrozenPart } from './frozen-part.ts'
import type { Steady } from './frozen-part.ts'
import { contrastProgram, embeddingResults } from './gradient-cache.ts'
import { adaptedWeight, withLowRankAdditions } from './low-rank.ts'
import type { LowRank } from './low-rank.ts'
import { parameterGroup } from './parameter-groups.ts'
import { stateLayout } from './state-layout.ts'
import type { StateLayout } from './state-layout.ts'
import { withStochasticLayers } from './stochastic-layers.ts'

export interface TrainStepOptions {
  /** Of one micro-batch. */
  readonly shapes: ModelShapes
  /** Which weights change; the pooler never does, as in the reference. */
  readonly trains: (name: string) => boolean
  /** 'published' spares some weights from decay, 'uniform' none and trains the pooler too. */
  readonly groups?: 'published' | 'uniform'
  /** What is minimised; the model's own loss by default. */
  readonly loss?: string
  /** Further results to watch, by their names in the fixtures' format: parts of the loss, accuracies. */
  readonly watch?: readonly string[]
  /**
   * Examples that a contrastive loss compares, when they are more than a micro-batch: see {@link TrainStep.together}.
   */
  readonly contrasts?: number
  /** Dropout and stochastic depth, off by default. */
  readonly stochastic?: boolean
  /** Low-rank additions, which are trained beside what `trains` says. */
  readonly lowRank?: LowRank
  /**
   * Cut off what is frozen and depends on this alone, so that it can be computed once per example; see
   * {@link TrainStep.frozen}. Nothing by default.
   */
  readonly keepFrozen?: Steady | null
  readonly optimiser?: AdamWSettings
}

/**
 * A training step as two programs over the buffers of a {@link StateLayout}.
 *
 * `gradients` runs once per micro-batch. Inputs: what the model is fed, `lossScale` (a scalar: one over the number of
 * micro-batches, times a loss scale), every trained weight by its name, `sum.NAME`, its gradients so far, and with
 * stochastic layers `randomKey` (an int32 scalar from which all that is random follows: another for each micro-batch).
 * Outputs: `loss`, what is watched, `gradientNorm` (the squared norm of all `next.sum`), and `next.sum.NAME`, which may
 * share memory with `sum.NAME` on the CPU. Weights that are not trained are part of the program.
 *
 * `together`, where the loss compares more examples than a micro-batch has, are the two programs of GradCache (Gao
 * et al. 2021), which give the gradient of the one large batch. `embeddings` runs first, once per micro-batch, and
 * gives what the loss compares, by name; `contrast` runs once on those of the whole batch, see {@link contrastProgram},
 * and gives the loss. What it says of each micro-batch is then fed to `gradients`, which computes the micro-batch
 * again.
 *
 * `update` runs once per chunk; see {@link adamW} and {@link adamWScalars}.
 *
 * `frozen`, where it is asked for and anything is frozen, are up to two programs that run once per example, or once per
 * video where they read frames alone: their inputs are those of the model for a batch of one, their outputs `kept.0`,
 * `kept.1`, … become inputs of `gradients`, the examples of a batch one after the other. They have no stochastic
 * layers, and they are worth keeping only while the frames of an example stay the same.
 */
export interface TrainStep {
  readonly gradients: Program
  readonly together: { readonly embeddings: Program; readonly contrast: Program } | null
  readonly update: Program
  readonly frozen: readonly Program[]
  readonly layout: StateLayout
  readonly optimiser: AdamWSettings
}

/** Names of the inputs and outputs that belong to a weight. */
export const gradientSum = (parameter: string): string => `sum.${parameter}`
export const nextGradientSum = (parameter: string): string => `next.sum.${parameter}`

/**
 * @throws ExpectedError when a result to watch is not known, or nothing is left to train.
 */
export function makeTrainStep(config: LfVilaConfig, kind: LfVilaKind, options: TrainStepOptions): TrainStep {
  const {
    shapes,
    trains,
    groups = 'published',
    stochastic = false,
    keepFrozen = null,
    optimiser = publishedAdamW,
  } = options
  const [batch, ...one] = shapes.video
  const isTogether = (options.contrasts ?? batch) > batch
  const whole = modelResults(config, kind, options)
  const trained = makeProgram('loss', { loss: whole.loss }).parameters.filter(
    ({ name }) =>
      adaptedWeight(name) !== null || (trains(name) && (groups === 'uniform' || parameterGroup(name) !== 'excluded')),
  )
  if (trained.length === 0) {
    throw new ExpectedError(
      'nothing-to-train',
      `Nothing that is chosen to be trained has an influence on the loss of a model of kind ${kind}; choose more of the model.`,
    )
  }
  const names = new Set(trained.map(({ name }) => name))
  const cut = keepFrozen ? cutResults(whole, names, keepFrozen) : { results: whole, kept: {} }
  const single = {
    ...options,
    shapes: { ...shapes, video: [1, ...one] as const, text: shapes.text && [1, ...shapes.text.slice(1)] },
  }
  const frozen =
    keepFrozen && Object.keys(cut.kept).length > 0
      ? byWhatTheyRead(cutResults(modelResults(config, kind, single), names, keepFrozen).kept).map(kept =>
          makeProgram('frozen', kept),
        )
      : []
  for (const { name, shape } of frozen.flatMap(({ outputs }) => outputs)) {
    if (cut.kept[name]?.shape.join() !== [batch * size(shape, 0), ...shape.slice(1)].join()) {
      throw new Error(`${name} of a batch is not made of those of its samples`)
    }
  }
  const results = stochastic
    ? mapResults(cut.results, all => withStochasticLayers(all, names, input('randomKey', 'int32', [])))
    : cut.results
  const layout = stateLayout(trained, name => groups === 'uniform' || parameterGroup(name) === 'decay')
  const { loss, ...others } = results
  return {
    gradients: gradientProgram(isTogether ? { loss } : results, trained),
    together: isTogether
      ? {
          embeddings: makeProgram('embeddings', others, names),
          contrast: wholeBatch(config, kind, options),
        }
      : null,
    update: adamW(layout.chunk, optimiser),
    frozen,
    layout,
    optimiser,
  }
}

/** The loss of as many examples as are compared, from their embeddings. */
function wholeBatch(config: LfVilaConfig, kind: LfVilaKind, { contrasts = 0, ...options }: TrainStepOptions): Program {
  const { shapes } = options
  const all = {
    ...shapes,
    video: withBatch(shapes.video, contrasts),
    text: shapes.text && withBatch(shapes.text, contrasts),
  }
  const { output, results } = lossOf(config, kind, { ...options, shapes: all })
  return contrastProgram(kind, output, results)
}

const withBatch = <Sizes extends Shape>([, ...one]: Sizes, batch: number): Sizes => [batch, ...one] as unknown as Sizes

/** The loss and what is watched; in the place of the latter, embeddings that are compared in a larger batch. */
type Results = Readonly<Record<string, Tensor>> & { readonly loss: Tensor }

function modelResults(config: LfVilaConfig, kind: LfVilaKind, options: TrainStepOptions): Results {
  const { shapes, contrasts = 0, lowRank } = options
  const { output, results } = lossOf(config, kind, options)
  const all = contrasts > shapes.video[0] ? embeddingResults(kind, output, results) : results
  return lowRank ? mapResults(all, tensors => withLowRankAdditions(tensors, lowRank)) : all
}

/** The loss of a batch and what is watched, and each result of the model by its name. */
function lossOf(
  config: LfVilaConfig,
  kind: LfVilaKind,
  { shapes, loss, watch = [] }: TrainStepOptions,
): { readonly output: (name: string) => Tensor; readonly results: Results } {
  const [, frames, height, width] = shapes.video
  const video = { ...config.video, frames, inputSize: [height, width] as const }
  assertInputFits(video, config.clips)
  const known = models[kind]({ ...config, video }, { ...shapes, form: 'explicit' })
  const output = (name: string): Tensor => {
    const build = known[name]
    if (!build) {
      throw new ExpectedError(
        'unknown-output',
        `A model of kind ${kind} has no output ${name} of these inputs; it has ${Object.keys(known).join(', ')}.`,
      )
    }
    return build()
  }
  return {
    output,
    results: {
      loss: output(loss ?? ('loss.total' in known ? 'loss.total' : 'loss')),
      ...Object.fromEntries(watch.map(name => [name, output(name)])),
    },
  }
}

/** The same names with other tensors. */
function mapResults(results: Results, change: (all: readonly Tensor[]) => readonly Tensor[]): Results {
  const changed = change(Object.values(results))
  const entries = Object.keys(results).flatMap((name, index) =>
    changed[index] ? [[name, changed[index]] as const] : [],
  )
  return { loss: results.loss, ...Object.fromEntries(entries) }
}

function cutResults(
  results: Results,
  trained: ReadonlySet<string>,
  steady: Steady,
): { results: Results; kept: Readonly<Record<string, Tensor>> } {
  let kept: Readonly<Record<string, Tensor>> = {}
  const changed = mapResults(results, all => {
    const cut = cutFrozenPart(all, trained, steady)
    kept = cut.kept
    return cut.results
  })
  return { results: changed, kept }
}

function gradientProgram(
  results: Results,
  trained: readonly { readonly name: string; readonly shape: Shape }[],
): Program {
  const names = trained.map(({ name }) => name)
  const byName = gradients(multiply(results.loss, input('lossScale', 'float32', [])), names)
  const sums = trained.map(({ name, shape }) => {
    const gradient = byName.get(name)
    if (!gradient) throw new Error(`${name} has no gradient`)
    return [nextGradientSum(name), addTo(input(gradientSum(name), 'float32', shape), gradient)] as const
  })
  const norms = concat(
    sums.map(([, sum]) =>
      reshape(apply('ReduceL2', [sum], { axes: sum.shape.map((_, axis) => axis), keep: false }), [1]),
    ),
    0,
  )
  return makeProgram(
    'gradients',
    { ...results, gradientNorm: reduceSum(multiply(norms, norms), [0]), ...Object.fromEntries(sums) },
    new Set(names),
  )
}

/**
 * An embedding's gradient is a few rows of a large table: they are added where they belong, without a table of zeros.
 */
function addTo(sum: Tensor, gradient: Tensor): Tensor {
  const { source } = gradient
  if (source.kind === 'op' && source.node.op === 'AddToRows') {
    return apply('AddToRows', [sum, ...source.node.inputs.slice(1)], {})
  }
  return add(sum, gradient)
}
