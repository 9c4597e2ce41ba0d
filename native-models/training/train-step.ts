import { ExpectedError } from '../expected-error.ts'
import { add, apply, concat, multiply, reduceSum, reshape } from '../graph/build.ts'
import { gradients } from '../graph/gradients.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { input } from '../graph/tensor.ts'
import type { Shape, Tensor } from '../graph/tensor.ts'
import { demandInputFits } from '../lfvila/config.ts'
import type { LfVilaConfig } from '../lfvila/config.ts'
import { models } from '../lfvila/models/index.ts'
import type { ModelShapes } from '../lfvila/models/index.ts'
import type { LfVilaKind } from '../lfvila/state-dict.ts'
import { adamW, publishedAdamW } from './adamw.ts'
import type { AdamWSettings } from './adamw.ts'
import { parameterGroup } from './parameter-groups.ts'
import { stateLayout } from './state-layout.ts'
import type { StateLayout } from './state-layout.ts'

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
  readonly optimiser?: AdamWSettings
}

/**
 * A training step as two programs over the buffers of a {@link StateLayout}.
 *
 * `gradients` runs once per micro-batch. Inputs: what the model is fed, `lossScale` (a scalar: one over the number of
 * micro-batches, times a loss scale), every trained weight by its name, and `sum.NAME`, its gradients so far. Outputs: `loss`,
 * what is watched, `gradientNorm` (the squared norm of all `next.sum`), and `next.sum.NAME`, which may share memory with
 * `sum.NAME` on the CPU. Weights that are not trained are part of the program.
 *
 * `update` runs once per chunk; see {@link adamW} and {@link adamWScalars}.
 */
export interface TrainStep {
  readonly gradients: Program
  readonly update: Program
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
  const { shapes, trains, groups = 'published', watch = [], optimiser = publishedAdamW } = options
  const [, frames, height, width] = shapes.video
  const video = { ...config.video, frames, inputSize: [height, width] as const }
  demandInputFits(video, config.clips)
  const known = models[kind]({ ...config, video }, { ...shapes, form: 'explicit' })
  const output = (name: string): Tensor => {
    const build = known[name]
    if (!build) throw new ExpectedError('unknown-output', `A model of kind ${kind} has no output ${name} of these inputs; it has ${Object.keys(known).join(', ')}.`)
    return build()
  }
  const loss = output(options.loss ?? ('loss.total' in known ? 'loss.total' : 'loss'))
  const trained = makeProgram('loss', { loss }).parameters.filter(({ name }) => trains(name) && (groups === 'uniform' || parameterGroup(name) !== 'excluded'))
  if (trained.length === 0) throw new ExpectedError('nothing-to-train', `Nothing that is chosen to be trained has an influence on the loss of a model of kind ${kind}; choose more of the model.`)
  const results: Record<string, Tensor> = { loss }
  for (const name of watch) results[name] = output(name)
  return {
    gradients: gradientProgram(multiply(loss, input('lossScale', 'float32', [])), results, trained),
    ...updates(trained, groups, optimiser),
  }
}

function gradientProgram(scaledLoss: Tensor, results: Readonly<Record<string, Tensor>>, trained: readonly { readonly name: string, readonly shape: Shape }[]): Program {
  const names = trained.map(({ name }) => name)
  const byName = gradients(scaledLoss, names)
  const sums = trained.map(({ name, shape }) => {
    const gradient = byName.get(name)
    if (!gradient) throw new Error(`${name} has no gradient`)
    return [nextGradientSum(name), addTo(input(gradientSum(name), 'float32', shape), gradient)] as const
  })
  const norms = concat(sums.map(([, sum]) => reshape(apply('ReduceL2', [sum], { axes: sum.shape.map((_, axis) => axis), keep: false }), [1])), 0)
  return makeProgram('gradients', { ...results, gradientNorm: reduceSum(multiply(norms, norms), [0]), ...Object.fromEntries(sums) }, new Set(names))
}

/** An embedding's gradient is a few rows of a large table: they are added where they belong, without a table of zeros. */
function addTo(sum: Tensor, gradient: Tensor): Tensor {
  const { source } = gradient
  if (source.kind === 'op' && source.node.op === 'AddToRows') return apply('AddToRows', [sum, ...source.node.inputs.slice(1)], {})
  return add(sum, gradient)
}

function updates(trained: readonly { readonly name: string, readonly shape: Shape }[], groups: 'published' | 'uniform', optimiser: AdamWSettings): Pick<TrainStep, 'update' | 'layout' | 'optimiser'> {
  const layout = stateLayout(trained, name => groups === 'uniform' || parameterGroup(name) === 'decay')
  return { update: adamW(layout.chunk, optimiser), layout, optimiser }
}
