import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { RunRecord, TrainedWith } from '../../api/training/training.ts'
import { weightsFile } from '../../model-folder/model-file.ts'
import { registerModel } from '../../model-folder/register.ts'
import type { BestCheckpoint } from './run-job.ts'
import { trainedValue } from './trained-value.ts'

/** Makes a model's folder below `models`: the start model with trained weights in the place of its own. */
export async function writeTrainedModel(
  { models, id }: { readonly models: string; readonly id: string },
  record: RunRecord,
  { start, weights, signal }: BestCheckpoint,
): Promise<void> {
  const [trained, base] = [await openCheckpoint(weights), await openCheckpoint(join(start.folder, weightsFile))]
  try {
    await registerModel(models, id, {
      model: {
        kind: start.record.kind,
        config: start.record.config,
        labels: start.record.labels,
        trained: true,
        training: trainedWithOf(record, start.config),
        source: `the run ‘${record.config.name}’ from ‘${record.config.model}’`,
        vocabulary:
          start.record.vocabulary === null
            ? null
            : { name: start.record.vocabulary, content: await readFile(join(start.folder, start.record.vocabulary)) },
        weights: [...base.tensors].map(([name, tensor]) => ({
          name,
          shape: tensor.shape,
          read: () => trainedValue(name, { before: tensor, checkpoint: trained, train: record.config.train }),
        })),
      },
      signal,
    })
  } finally {
    await trained.close()
    await base.close()
  }
}

/** What a model of a run was trained with; frames for training are sampled in the fast mode. */
function trainedWithOf({ config, precision, contrast }: RunRecord, { video, clips }: LfVilaConfig): TrainedWith {
  const [rows, columns] = video.inputSize
  return {
    run: config.name,
    task: config.task,
    frames: video.frames,
    clips,
    inputSize: [rows, columns],
    sampling: 'fast',
    augment: config.parameters.augment,
    precision: precision ?? 'fp32',
    contrast,
  }
}
