import { basename } from 'node:path'
import { z } from 'zod'
import { alphaPerRank, limits, publishedSteps, usualRun } from '../../../../api/common/rules.ts'
import { hyperparameters, schedule } from '../../../../api/training/training.ts'
import type { Hyperparameters, Preset, RunConfig, Trainable } from '../../../../api/training/training.ts'
import type { Command, OptionValues } from '../../terminal/command.ts'
import { choice, number, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import { datasetHelp, datasetOf, datasetOptions } from './dataset-options.ts'

const string = { type: 'string' } as const
const flag = { type: 'boolean' } as const

export const finetuneOptions = {
  ...datasetOptions,
  model: string,
  preset: string,
  train: string,
  clips: string,
  epochs: string,
  batch: string,
  'micro-batch': string,
  lr: string,
  'weight-decay': string,
  schedule: string,
  warmup: string,
  'clip-norm': string,
  'label-smoothing': string,
  negatives: string,
  contrast: string,
  'no-stochastic': flag,
  'no-augment': flag,
  seed: string,
  name: string,
  'validate-every': string,
  patience: string,
  'keep-checkpoints': flag,
  resume: string,
  'frame-cache': string,
} as const

export const finetuneHelp: Command['help'] = [
  ...datasetHelp,
  ['--model ID', 'the model to start from (default: the one in use)'],
  ['--preset ID', 'published hyper-parameters (default: the first of the task); the options below go over them'],
  [
    '--train all|heads|last:S,L|lora:R[,ALPHA]',
    'everything, the heads, also the last S video stages and L text layers, or low-rank additions of rank R (default: all)',
  ],
  ['--epochs N', 'times that every example is seen'],
  ['--batch N', 'examples of one update'],
  ['--micro-batch N', 'of them in memory at once (default: all)'],
  [
    `--contrast ${hyperparameters.shape.contrast.unwrap().options.join('|')}`,
    'which examples contrastive losses compare: those of the batch, each computed twice where it is several micro-batches, or of one micro-batch (default: batch)',
  ],
  ['--lr X', 'highest learning rate'],
  ['--weight-decay X', 'of AdamW'],
  [`--schedule ${schedule.shape.kind.options.join('|')}`, 'of the learning rate'],
  ['--warmup E', 'epochs in which it rises'],
  ['--clip-norm X', 'largest global norm of the gradient'],
  ['--label-smoothing X', 'of classification'],
  [
    `--negatives ${hyperparameters.shape.negatives.options.join('|')}`,
    'how MTC draws negatives: as published, or never a sample’s own',
  ],
  ['--no-stochastic', 'no dropout and no stochastic depth'],
  ['--no-augment', 'frames as for evaluation, so that what is frozen is computed once'],
  ['--clips N', 'clips of a video and sentences of its paragraph (default: the model’s)'],
  ['--seed N', 'for everything that is drawn (default: 0)'],
  ['--name NAME', 'of the run and its model'],
  ['--validate-every E', 'epochs between two validations (default: 1)'],
  [
    '--frame-cache SIZE',
    'decoded frames kept on the disk for later epochs and runs, at most so many: 20G, 500M, off (default: the setting, 20G)',
  ],
  ['--patience P', 'end after so many validations without improvement'],
  ['--keep-checkpoints', 'keep the weights of every validation, over which `trace` follows a query'],
  ['--resume RUN', 'go on with a run that was paused or interrupted; no FOLDER'],
]

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** Bytes of `--frame-cache`; undefined when it is not given. @throws UsageError. */
export function frameCacheOf(values: OptionValues): number | undefined {
  const given = text(values, 'frame-cache')
  if (given === undefined) return undefined
  if (/^off$/i.test(given)) return 0
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s?([KMGT]?)B?$/i.exec(given.trim()) ?? []
  const bytes = Math.round(Number(amount) * (units[unit.toUpperCase()] ?? NaN))
  if (!Number.isSafeInteger(bytes)) {
    throw new UsageError(`--frame-cache takes a size such as 20G or 500M, or off, not "${given}".`)
  }
  return bytes
}

interface RunChoices {
  readonly presets: readonly Preset[]
  /** The model to start from when none is named. */
  readonly inUse: string
}

/** The run that the options ask for. @throws UsageError. */
export function runConfigOf(folder: string, values: OptionValues, { presets, inUse }: RunChoices): RunConfig {
  const dataset = datasetOf(folder, values)
  const { task } = dataset
  if (task === null) throw new UsageError('--task is required.')
  if (task === 'moments') {
    throw new UsageError('--task moments is for evaluate: moments are scored, not learned; fine-tune by retrieval.')
  }
  const named = text(values, 'preset')
  const preset = presets.find(one => one.task === task && (named === undefined || one.id === named))
  if (!preset) {
    throw new UsageError(
      `--preset takes one of ${presets
        .filter(one => one.task === task)
        .map(({ id }) => id)
        .join(', ')} for ${task}, not "${named}".`,
    )
  }
  const clips = text(values, 'clips') === undefined ? null : wholeNumber(values, 'clips', { least: 1 })
  return {
    name: text(values, 'name') ?? `${basename(dataset.folder)} ${task}`,
    dataset,
    model: text(values, 'model') ?? inUse,
    task,
    preset: named ?? null,
    train: trained(text(values, 'train')),
    clips: clips ?? (named === undefined ? null : preset.clips),
    parameters: parametersOf(values, preset.parameters),
    seed: wholeNumber(values, 'seed', { least: 0, most: limits.runSeed.max, fallback: usualRun.seed }),
    validateEvery: number(values, 'validate-every', { above: 0 }) ?? usualRun.validateEvery,
    patience:
      text(values, 'patience') === undefined ? usualRun.patience : wholeNumber(values, 'patience', { least: 1 }),
    ...(values['keep-checkpoints'] === true ? { keepCheckpoints: true } : {}),
  }
}

function parametersOf(values: OptionValues, preset: Hyperparameters): Hyperparameters {
  const whole = (name: string, fallback: number) => wholeNumber(values, name, { least: 1, fallback })
  const kind = choice(values, 'schedule', schedule.shape.kind.options) ?? preset.schedule.kind
  const parameters = {
    ...preset,
    epochs: whole('epochs', preset.epochs),
    batchSize: whole('batch', preset.batchSize),
    microBatchSize: text(values, 'micro-batch') === undefined ? preset.microBatchSize : whole('micro-batch', 1),
    learningRate: number(values, 'lr', { above: 0 }) ?? preset.learningRate,
    weightDecay: number(values, 'weight-decay', { least: 0 }) ?? preset.weightDecay,
    schedule: {
      ...preset.schedule,
      kind,
      warmupEpochs: number(values, 'warmup', { least: 0 }) ?? preset.schedule.warmupEpochs,
      // Those of the published step schedule, where the preset has another one.
      ...(kind === 'step'
        ? {
            decayEpochs: preset.schedule.decayEpochs ?? publishedSteps.decayEpochs,
            decayRate: preset.schedule.decayRate ?? publishedSteps.decayRate,
          }
        : {}),
    },
    clipNorm: number(values, 'clip-norm', { above: 0 }) ?? preset.clipNorm,
    labelSmoothing: number(values, 'label-smoothing', { least: 0 }) ?? preset.labelSmoothing,
    negatives: choice(values, 'negatives', hyperparameters.shape.negatives.options) ?? preset.negatives,
    contrast: choice(values, 'contrast', hyperparameters.shape.contrast.unwrap().options) ?? preset.contrast,
    stochastic: preset.stochastic && values['no-stochastic'] !== true,
    augment: preset.augment && values['no-augment'] !== true,
  }
  const checked = hyperparameters.safeParse(parameters)
  if (!checked.success) {
    throw new UsageError(
      `These hyper-parameters cannot be used. ${z.prettifyError(checked.error).replaceAll('\n', ' ')}`,
    )
  }
  return checked.data
}

function trained(given: string = usualRun.what): Trainable {
  if (given === 'all' || given === 'heads') return { what: given }
  const [, what, first, second] = /^(last|lora):(\d{1,3})(?:,(\d{1,3}))?$/.exec(given) ?? []
  if (what === 'last' && second !== undefined) return { what, videoStages: Number(first), textLayers: Number(second) }
  if (what === 'lora' && Number(first) > 0) {
    return { what, rank: Number(first), alpha: Number(second ?? alphaPerRank * Number(first)) }
  }
  throw new UsageError(`--train takes all, heads, last:STAGES,LAYERS or lora:RANK, not "${given}".`)
}
