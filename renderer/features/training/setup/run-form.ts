import { alphaPerRank, publishedParameters, publishedSteps, usualRun } from '../../../../main/api/common/rules.ts'
import type {
  DatasetChoice,
  Hyperparameters,
  Model,
  Preset,
  RunConfig,
  Schedule,
  Task,
  Trainable,
} from '../../../../main/api/index.ts'

/** A run as it stands in the form: every way of training keeps its own numbers while another is chosen. */
export interface RunForm {
  name: string
  model: string
  /** Id of the preset that filled the hyper-parameters. */
  preset: string | null
  what: Trainable['what']
  videoStages: number
  textLayers: number
  rank: number
  alpha: number
  clips: number | null
  parameters: Hyperparameters
  seed: number
  validateEvery: number
  patience: number | null
  keepCheckpoints: boolean
}

/** Values to begin with where no preset fits the task. */
const plain: Hyperparameters = {
  ...publishedParameters,
  epochs: 20,
  batchSize: 16,
  schedule: { kind: 'linear', warmupEpochs: 1, decayEpochs: null, decayRate: null, minimum: 0 },
}

const usualRank = 8

export function emptyRun(): RunForm {
  return {
    name: '',
    model: '',
    preset: null,
    what: usualRun.what,
    videoStages: 1,
    textLayers: 2,
    rank: usualRank,
    alpha: alphaPerRank * usualRank,
    clips: null,
    parameters: structuredClone(plain),
    seed: usualRun.seed,
    validateEvery: usualRun.validateEvery,
    patience: usualRun.patience,
    keepCheckpoints: false,
  }
}

/** Fills in the published values; the number of clips only where it is not the model's own. */
export function takePreset(form: RunForm, preset: Preset, model: Model | null) {
  form.preset = preset.id
  form.parameters = { ...preset.parameters, schedule: { ...preset.parameters.schedule } }
  form.clips = preset.clips === model?.video.clips ? null : preset.clips
}

/** Steps need their two numbers, which are then in the fields to be seen; the other schedules have none. */
export function chooseSchedule({ parameters: { schedule } }: RunForm, kind: Schedule['kind']) {
  schedule.kind = kind
  schedule.decayEpochs = kind === 'step' ? (schedule.decayEpochs ?? publishedSteps.decayEpochs) : null
  schedule.decayRate = kind === 'step' ? (schedule.decayRate ?? publishedSteps.decayRate) : null
}

/** Whether the hyper-parameters are still those of the preset. */
export function followsPreset(form: RunForm, preset: Preset): boolean {
  return JSON.stringify(sorted(form.parameters)) === JSON.stringify(sorted(preset.parameters))
}

function sorted({ schedule, ...rest }: Hyperparameters): unknown[] {
  return [rest, schedule].map(part => Object.entries(part).sort(([one], [other]) => one.localeCompare(other)))
}

export function toRunConfig(form: RunForm, dataset: DatasetChoice, task: Task): RunConfig {
  const { name, model, preset, clips, parameters, seed, validateEvery, patience, keepCheckpoints } = form
  const { schedule } = parameters
  const { decayEpochs, decayRate } = schedule.kind === 'step' ? schedule : { decayEpochs: null, decayRate: null }
  return {
    name,
    dataset: { ...dataset, task },
    model,
    task,
    preset,
    train: trainableOf(form),
    clips,
    seed,
    validateEvery,
    patience,
    ...(keepCheckpoints ? { keepCheckpoints } : {}),
    parameters: {
      ...parameters,
      schedule: { ...schedule, decayEpochs, decayRate, minimum: schedule.kind === 'cosine' ? schedule.minimum : 0 },
    },
  }
}

function trainableOf({ what, videoStages, textLayers, rank, alpha }: RunForm): Trainable {
  switch (what) {
    case 'last':
      return { what, videoStages, textLayers }
    case 'lora':
      return { what, rank, alpha }
    default:
      return { what }
  }
}
