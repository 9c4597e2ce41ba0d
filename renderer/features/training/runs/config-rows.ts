import { tasksWithContrast, tasksWithNegatives } from '../../../../main/api/common/rules.ts'
import type { RunConfig } from '../../../../main/api/index.ts'
import { formatNumber } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'

export interface ConfigRow {
  name: string
  value: string
}

/** Everything that decides what a run computes, in words, in the order of the form. */
export function configRows({
  dataset,
  task,
  model,
  train,
  preset,
  clips,
  parameters,
  validateEvery,
  patience,
  keepCheckpoints,
  seed,
}: RunConfig): ConfigRow[] {
  const { schedule } = parameters
  const figure = (value: number | null, none: string) => (value === null ? none : formatNumber(value))
  const onOff = (value: boolean) => t(value ? 'training.on' : 'training.off')
  return [
    { name: t('dataset.folder'), value: dataset.folder },
    { name: t('dataset.taskLabel'), value: t(`dataset.task.${task}`) },
    {
      name: t('dataset.splitLabel'),
      value:
        dataset.split?.by === 'seeded'
          ? t('dataset.drawnWith', {
              seed: dataset.split.seed,
              validation: Math.round(100 * dataset.split.validation),
              test: Math.round(100 * dataset.split.test),
            })
          : t('dataset.split.given'),
    },
    { name: t('training.model.label'), value: model },
    { name: t('training.whatLabel'), value: whatInWords(train) },
    { name: t('training.preset'), value: preset ?? t('training.noPreset') },
    { name: t('training.parameter.epochs'), value: figure(parameters.epochs, '') },
    { name: t('training.parameter.batchSize'), value: figure(parameters.batchSize, '') },
    {
      name: t('training.parameter.microBatchSize'),
      value: figure(parameters.microBatchSize, t('training.parameter.automatic')),
    },
    { name: t('training.parameter.learningRate'), value: figure(parameters.learningRate, '') },
    { name: t('training.parameter.weightDecay'), value: figure(parameters.weightDecay, '') },
    { name: t('training.parameter.schedule'), value: t(`training.schedule.${schedule.kind}`) },
    { name: t('training.parameter.warmupEpochs'), value: figure(schedule.warmupEpochs, '') },
    ...(schedule.kind === 'cosine'
      ? [{ name: t('training.parameter.minimum'), value: figure(schedule.minimum, '') }]
      : []),
    ...(schedule.kind === 'step'
      ? [
          { name: t('training.parameter.decayEpochs'), value: figure(schedule.decayEpochs, '') },
          { name: t('training.parameter.decayRate'), value: figure(schedule.decayRate, '') },
        ]
      : []),
    { name: t('training.parameter.clipNorm'), value: figure(parameters.clipNorm, t('training.parameter.any')) },
    { name: t('training.parameter.labelSmoothing'), value: figure(parameters.labelSmoothing, '') },
    { name: t('training.parameter.clips'), value: figure(clips, t('training.parameter.ofModel')) },
    { name: t('training.parameter.stochastic'), value: onOff(parameters.stochastic) },
    { name: t('training.parameter.augment'), value: onOff(parameters.augment) },
    ...(tasksWithContrast.includes(task) && parameters.microBatchSize !== null
      ? [{ name: t('training.contrastLabel'), value: t(`training.contrast.${parameters.contrast}`) }]
      : []),
    ...(tasksWithNegatives.includes(task)
      ? [{ name: t('training.negativesLabel'), value: t(`training.negatives.${parameters.negatives}`) }]
      : []),
    { name: t('training.validateEvery'), value: t('training.epochs', { count: formatNumber(validateEvery) }) },
    { name: t('training.patience'), value: figure(patience, t('training.never')) },
    { name: t('training.seed'), value: String(seed) },
    { name: t('training.keepCheckpoints'), value: onOff(keepCheckpoints === true) },
  ]
}

function whatInWords(train: RunConfig['train']): string {
  switch (train.what) {
    case 'last':
      return t('training.whatValue.last', { stages: train.videoStages, layers: train.textLayers })
    case 'lora':
      return t('training.whatValue.lora', { rank: train.rank, alpha: formatNumber(train.alpha) })
    default:
      return t(`training.what.${train.what}`)
  }
}

/** One row for each value that any of the configurations has; null where one has it not. */
export function compareConfigs(
  configs: readonly RunConfig[],
): { name: string; values: (string | null)[]; differs: boolean }[] {
  const columns = configs.map(config => new Map(configRows(config).map(({ name, value }) => [name, value])))
  const names = [...new Set(columns.flatMap(column => [...column.keys()]))]
  return names.map(name => {
    const values = columns.map(column => column.get(name) ?? null)
    return { name, values, differs: new Set(values).size > 1 }
  })
}
