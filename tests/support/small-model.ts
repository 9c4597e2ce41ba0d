import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunConfig } from '../../main/api/training.ts'
import type { Workbench } from '../../main/workbench/workbench.ts'

/** LF-VILA so small that a step takes a second: 4 frames of 128×224, one block per stage. */
const modelConfig = {
  VideoEncoder: {
    patch_size: [1, 8, 8],
    embed_dim: 8,
    depths: [1, 1, 1, 1, 1, 1],
    num_heads: [1, 1, 1, 1, 1, 1],
    downsample_stages: [0, 1, 4],
    window_size: [
      [2, 3, 5],
      [4, 3, 5],
      [4, 3, 5],
      [4, 3, 5],
      [4, 3, 5],
      [4, 3, 5],
    ],
  },
  num_local_layers: 1,
  stage1_layers: 1,
  final_num_patches: 2,
  DATA: { sample_frame: 4, sample_clip: 2, input_res: [128, 224], classification_labels: 2 },
}
const bertConfig = {
  vocab_size: 20,
  hidden_size: 64,
  num_attention_heads: 2,
  num_hidden_layers: 1,
  intermediate_size: 32,
  max_position_embeddings: 32,
}

/** Writes its configuration into a folder. */
export async function writeSmallModel(folder: string): Promise<{ config: string; bertConfig: string }> {
  const [config, bert] = [join(folder, 'model.json'), join(folder, 'bert.json')]
  await writeFile(config, JSON.stringify(modelConfig))
  await writeFile(bert, JSON.stringify(bertConfig))
  return { config, bertConfig: bert }
}

/** Registers such a model of random weights as `small`. */
export async function importSmallModel({ client }: Workbench, folder: string): Promise<void> {
  await client.models.import({
    weights: [],
    ...(await writeSmallModel(folder)),
    kind: 'video-classification',
    name: 'small',
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
      schedule: { kind: 'linear', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 0 },
    },
    seed: 3,
    validateEvery: 3,
    patience: null,
    ...changes,
  }
}
