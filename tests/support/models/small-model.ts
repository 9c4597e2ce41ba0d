import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunConfig } from '../../../main/api/training/training.ts'
import type { Workbench } from '../../../main/workbench/workbench.ts'
import { smallConfig } from './small-config.ts'
import type { SmallConfigChanges } from './small-config.ts'

/**
 * Writes the configuration of an LF-VILA so small that a step takes a fraction of a second, telling two classes apart.
 */
export async function writeSmallModel(
  folder: string,
  { DATA, ...changes }: SmallConfigChanges = {},
): Promise<{ config: string; bertConfig: string }> {
  const { model, bert: text } = smallConfig({ DATA: { classification_labels: 2, ...DATA }, ...changes })
  const [config, bert] = [join(folder, 'model.json'), join(folder, 'bert.json')]
  await writeFile(config, JSON.stringify(model))
  await writeFile(bert, JSON.stringify(text))
  return { config, bertConfig: bert }
}

/** Registers such a model of random weights. */
export async function importSmallModel(
  { client }: Workbench,
  folder: string,
  name = 'small',
  changes: SmallConfigChanges = {},
): Promise<void> {
  await client.models.import({
    weights: [],
    ...(await writeSmallModel(folder, changes)),
    kind: 'video-classification',
    name,
    init: { swin: null, bert: null, seed: 1 },
  })
}

/** A run of it over the videos of {@link writeColourClasses}. */
export function colourRun(videos: string, changes: Partial<RunConfig> = {}): RunConfig {
  return {
    name: 'colours',
    model: 'small',
    task: 'video-classification',
    preset: null,
    train: { what: 'all' },
    clips: null,
    dataset: { folder: videos, videos: null, format: null, task: null, split: null },
    parameters: {
      epochs: 3,
      batchSize: 4,
      microBatchSize: 2,
      learningRate: 0.01,
      weightDecay: 0,
      clipNorm: 1,
      labelSmoothing: 0,
      stochastic: false,
      augment: false,
      negatives: 'reference',
      contrast: 'micro-batch',
      schedule: { kind: 'linear', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 0 },
    },
    seed: 3,
    validateEvery: 3,
    patience: null,
    ...changes,
  }
}
