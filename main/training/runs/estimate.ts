import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import type { Estimate, RunConfig } from '../../api/training/training.ts'
import { Engine } from '../../engine/engine.ts'
import { keepsMemory } from '../../engine/launcher.ts'
import type { Tensors } from '../../engine/protocol.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { weightsFile } from '../../model-folder/model-file.ts'
import { readDataset } from '../data/datasets/dataset.ts'
import type { Dataset } from '../data/datasets/dataset.ts'
import { CachedFeatures } from '../steps/cached-features.ts'
import { Trainer } from '../steps/trainer.ts'
import { makePlan } from './loop/plan.ts'
import type { Plan } from './loop/plan.ts'
import { examplesToKeepApart } from './loop/videos-apart.ts'
import type { RunJobParts, TrainingDevice } from './run-job.ts'
import { firstValue, openBatches, openPrograms } from './run-parts.ts'
import { baseModel, startChoice, startModel } from './start-model.ts'

/** What one step costs on this machine, as measured. */
interface StepCost {
  /** Seconds to read the examples of a micro-batch and to compute with them; both go on at the same time. */
  readonly reading: number
  readonly computing: number
  /** Seconds, once per example, and bytes of its file, where what is frozen is kept; else 0. */
  readonly keeping: number
  readonly kept: number
  /** Bytes of the engine at its largest. */
  readonly memory: number
  readonly trained: number
  readonly frozen: number
}

/** Measured steps by what they depend on: another number of epochs asks for no new measurement. */
const measured = new Map<string, StepCost>()

/**
 * What a run will take: one micro-batch is read and computed with the real programs on the chosen device, in a
 * temporary folder.
 * @throws ExpectedError as the start of the run would.
 */
export async function estimateRun(
  parts: Pick<RunJobParts, 'models' | 'launch' | 'device' | 'sampler'> & { readonly folder: string },
  config: RunConfig,
  { busy, signal }: { readonly busy: boolean; readonly signal: AbortSignal },
): Promise<Estimate> {
  const base = await baseModel(parts.models, config.model)
  const dataset = await readDataset({ ...config.dataset, task: config.task }, signal, {
    clips: config.clips ?? base.config.clips,
  })
  const examples = dataset.examples.filter(({ split }) => split === 'train')
  const plan = makePlan(examplesToKeepApart(config.task, examples) ?? examples.length, config.parameters, config.task)
  const { device, fallback, precision } = await parts.device()
  const key = JSON.stringify([
    base.record.hash,
    config.task,
    config.train,
    config.clips,
    plan.microBatchSize,
    plan.contrasts,
    config.parameters.augment,
    config.parameters.stochastic,
    device,
    precision,
    dataset.hash,
  ])
  const cost =
    measured.get(key) ?? (await measureStep(parts, config, { base, dataset, plan, device, precision, signal }))
  measured.set(key, cost)
  const micros = plan.stepsPerEpoch * (plan.batchSize / plan.microBatchSize)
  const bytes = 4
  const keptCheckpoints = config.keepCheckpoints ? Math.ceil(config.parameters.epochs / config.validateEvery) : 0
  return {
    secondsPerEpoch: micros * Math.max(cost.reading, cost.computing),
    stepsPerEpoch: plan.stepsPerEpoch,
    microBatchSize: plan.microBatchSize,
    memory: cost.memory,
    // The start model, its copy with the best weights as a model of its own, the last checkpoint with two moments
    // beside a new one, the best one, and those that are kept of every validation.
    disk:
      bytes * (2 * (cost.trained + cost.frozen) + (7 + keptCheckpoints) * cost.trained) + cost.kept * examples.length,
    trainedParameters: cost.trained,
    frozenParameters: cost.frozen,
    basis: `One micro-batch of ${plan.microBatchSize}, measured on the device ‘${device}’${precision === 'fp16' ? ' in half precision' : ''}: ${cost.reading.toFixed(1)} s to read, ${cost.computing.toFixed(1)} s to compute.${cost.keeping > 0 ? ` The first epoch takes ${(cost.keeping * examples.length).toFixed(0)} s more: what is frozen is computed once per example and kept.` : ''}`,
    warnings: [
      ...(fallback ? [fallback] : []),
      ...(busy ? ['Another run is at work, so that the measured times are longer than they will be.'] : []),
      ...(plan.batchSize < config.parameters.batchSize
        ? [
            `There are only ${plan.batchSize} ${plan.batchSize < examples.length ? 'videos' : 'examples'} for training, fewer than a batch of ${config.parameters.batchSize}.`,
          ]
        : []),
      ...dataset.problems
        .filter(({ severity }) => severity === 'error')
        .map(({ sentence, count }) => `${count} ×: ${sentence}`),
    ],
  }
}

async function measureStep(
  parts: Pick<RunJobParts, 'models' | 'launch' | 'sampler'> & { readonly folder: string },
  config: RunConfig,
  {
    base,
    dataset,
    plan,
    device,
    precision,
    signal,
  }: { readonly signal: AbortSignal } & { base: RegisteredModel; dataset: Dataset; plan: Plan } & Pick<
      TrainingDevice,
      'device' | 'precision'
    >,
): Promise<StepCost> {
  const folder = await mkdtemp(join(parts.folder, '.estimate-'))
  const engine = new Engine({ launch: parts.launch, environment: keepsMemory, device })
  let memory = 0
  const stop = engine.onStatus(status => {
    memory = Math.max(memory, status.memory ?? 0)
  })
  try {
    const { model } = await startModel(folder, base, { ...startChoice(config, dataset.labels), signal })
    const batches = await openBatches(config, model, { examples: dataset.examples, frames: parts })
    const programs = await openPrograms(config, model, {
      batches,
      micro: { microBatchSize: plan.microBatchSize, contrasts: plan.contrasts, precision },
      signal,
    })
    const { step } = programs
    const weights = await openCheckpoint(join(model.folder, weightsFile))
    try {
      const trainer = await Trainer.open(engine, step, { programs, weight: firstValue(config, step, weights), signal })
      const some = dataset.examples.filter(({ split }) => split === 'train').slice(0, plan.microBatchSize)
      const kept =
        programs.frozen.length === 0
          ? null
          : await CachedFeatures.open(join(folder, 'kept'), { engine, programs: programs.frozen, signal })
      const features: Tensors[] = []
      const [keeping] = kept
        ? await timed(async () => {
            for (const example of some) {
              features.push(await kept.of(example, batches.one(example, { epoch: 0, signal }), signal))
            }
          })
        : [0]
      const [reading, read] = await timed(() =>
        kept ? batches.loadWithoutFrames(some, 0, signal) : batches.load(some, { epoch: 0, signal }),
      )
      const feeds: Tensors = {
        ...read,
        ...kept?.together(features),
        randomKey: { dtype: 'int32', dims: [], data: Int32Array.of(1) },
      }
      // The first run of a program prepares its memory; the second is like all that follow.
      await trainer.rehearse(feeds, signal)
      const [computing] = await timed(async () => {
        await trainer.rehearse(feeds, signal)
        await trainer.update({ step: 1, learningRate: 0, weightDecay: 0, clipNorm: null }, signal)
      })
      const size = (shape: readonly number[]): number => elementCount(shape)
      const trained = step.layout.parameters.reduce((sum, { shape }) => sum + size(shape), 0)
      const bytes = Object.entries(features[0] ?? {}).reduce((sum, [, { dims }]) => sum + 4 * size(dims), 0)
      return {
        reading,
        computing,
        keeping: keeping / some.length,
        kept: bytes,
        memory,
        trained,
        frozen: model.record.parameters - trained,
      }
    } finally {
      await weights.close()
    }
  } finally {
    stop()
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds that something takes, and what it gives. */
async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const started = performance.now()
  const result = await work()
  return [(performance.now() - started) / 1000, result]
}
