import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { floatsOf } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import { vocabularyLines } from '../../../native-models/tokenizer/tokenizer.ts'
import { adaptedWeight, initialFactor } from '../../../native-models/training/low-rank.ts'
import type { Task } from '../../api/training/datasets.ts'
import type { RunConfig } from '../../api/training/training.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { trainingPrograms } from '../../programs/training-programs.ts'
import type { TrainedState, TrainingPrograms, TrainingRecipe } from '../../programs/training-programs.ts'
import { Batches } from '../data/batches/batches.ts'
import type { FrameSampler, CachedFrames } from '../data/batches/example-frames.ts'
import type { TextLayout } from '../data/batches/example-text.ts'
import { modelTokenizer } from '../data/batches/model-tokenizer.ts'
import type { MaskableVocabulary } from '../data/batches/token-masking.ts'
import type { Example } from '../data/examples/example.ts'
import { predictionsOf } from '../metrics/predict.ts'
import type { Plan } from './loop/plan.ts'

interface RunExamples {
  readonly examples: readonly Example[]
  readonly unopened?: ReadonlySet<string>
  readonly frames: { readonly sampler: FrameSampler; readonly kept?: CachedFrames | null }
}

/**
 * What feeds a run: the examples as its start model reads them. @throws ExpectedError when their text does not fit the
 * model.
 */
export async function openBatches(
  config: RunConfig,
  start: RegisteredModel,
  { examples, unopened, frames }: RunExamples,
): Promise<Batches> {
  return new Batches(examples, {
    ...frames,
    unopened,
    task: config.task,
    config: start.config,
    seed: config.seed,
    augment: config.parameters.augment,
    tokenizer: await modelTokenizer(start, config.model),
    vocabulary: config.task === 'pretrain-stage2' ? await maskable(start) : null,
  })
}

type Micro = Pick<TrainingRecipe, 'precision'> & Pick<Plan, 'microBatchSize' | 'contrasts'>

/** The programs of a run for micro-batches of a size, in a precision. */
export function openPrograms(
  config: RunConfig,
  start: RegisteredModel,
  {
    batches: { layout },
    micro,
    signal,
  }: { readonly batches: Batches; readonly micro: Micro; readonly signal: AbortSignal },
): Promise<TrainingPrograms> {
  return trainingPrograms(start, trainingRecipe(config, layout, micro), signal)
}

/** What those programs are made of. @param layout of the text in the run's batches. */
export function trainingRecipe(
  { task, train, parameters }: RunConfig,
  layout: TextLayout | null,
  { microBatchSize, contrasts, precision }: Micro,
): TrainingRecipe {
  return {
    task,
    train,
    microBatchSize,
    contrasts,
    precision,
    stochastic: parameters.stochastic,
    labelSmoothing: parameters.labelSmoothing,
    otherNegatives: parameters.negatives === 'corrected',
    // Frames that are drawn differ from epoch to epoch, and so do masked tokens.
    keepFrozen: parameters.augment ? null : task === 'pretrain-stage2' ? 'video' : 'everything',
    text: layout && [...(layout.choices === null ? [] : [layout.choices]), layout.sentences, layout.length],
    watch: watched(task),
    answers: predictionsOf(task, task === 'qa-multichoice'),
  }
}

/**
 * Where a trained weight begins: at the start model's value, the factors of low-rank additions as drawn with the seed.
 */
export function firstValue(
  { seed }: RunConfig,
  { layout }: TrainedState,
  start: Checkpoint,
): (name: string) => Promise<Float32Array> {
  return async name => {
    const tensor = start.tensors.get(name)
    if (tensor) return floatsOf(name, tensor)
    const trained = layout.parameters.find(parameter => parameter.name === name)
    if (adaptedWeight(name) === null || !trained) throw new Error(`the start model has no ${name}`)
    return initialFactor(name, trained.shape, seed)
  }
}

/** Parts of the loss beside the loss itself. */
function watched(task: Task): string[] {
  switch (task) {
    case 'pretrain-stage1':
      return ['loss.global', 'loss.time']
    case 'pretrain-stage2':
      return ['loss.mlm', 'loss.vtmWeighted', 'accuracy.mlm', 'accuracy.vtm']
    case 'qa-multichoice':
      return ['loss.span']
    default:
      return []
  }
}

/** What masked language modelling needs to know of a vocabulary, or null when it has no [MASK]. */
async function maskable({ folder, record }: RegisteredModel): Promise<MaskableVocabulary | null> {
  if (record.vocabulary !== 'vocab.txt') return null
  const pieces = vocabularyLines(await readFile(join(folder, 'vocab.txt'), 'utf8'))
  const ids = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(piece => pieces.indexOf(piece))
  const mask = ids.at(-1) ?? -1
  return mask < 0 ? null : { size: pieces.length, mask, special: new Set(ids) }
}
