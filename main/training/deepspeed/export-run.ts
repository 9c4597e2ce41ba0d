import { join } from 'node:path'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import type { Checkpoint } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { english } from '../../../native-models/english.ts'
import type { ExportedJob, RunConfig } from '../../api/training/training.ts'
import { weightsFile } from '../../model-folder/model-file.ts'
import { Checkpoints } from '../runs/folder/checkpoints.ts'
import type { RunAtRest } from '../runs/runs.ts'
import { trainedValue } from '../runs/trained-value.ts'
import { exportJob } from './export-job.ts'

/**
 * Exports a run with the weights of its last checkpoint, or with those it begins with. @throws ExpectedError as
 * {@link exportJob}.
 */
export async function exportRun(
  { run, data, start }: RunAtRest,
  place: { readonly folder: string; readonly overwrite: boolean },
  signal: AbortSignal,
): Promise<ExportedJob> {
  const last = await new Checkpoints(run.checkpoints).lastWeights()
  const files = await opened([join(start.folder, weightsFile), ...(last === null ? [] : [last])])
  const [before, trained] = files
  try {
    if (!before) throw new Error('a start model has weights')
    return await exportJob(
      {
        run: run.record,
        data,
        start,
        weights: trained ? withTraining(before, trained, run.record.config.train) : before,
        from: trained ? english`its weights after step ${run.record.step}` : english`the weights it begins with`,
      },
      place,
      signal,
    )
  } finally {
    for (const file of files) await file.close()
  }
}

async function opened(paths: readonly string[]): Promise<Checkpoint[]> {
  const files: Checkpoint[] = []
  try {
    for (const file of paths) files.push(await openCheckpoint(file))
    return files
  } catch (error) {
    for (const file of files) await file.close()
    throw error
  }
}

function withTraining(before: Checkpoint, trained: Checkpoint, train: RunConfig['train']): Pick<Checkpoint, 'tensors'> {
  return {
    tensors: new Map(
      [...before.tensors].map(([name, tensor]) => [
        name,
        {
          dtype: 'float32',
          shape: tensor.shape,
          read: () => trainedValue(name, { before: tensor, checkpoint: trained, train }),
        },
      ]),
    ),
  }
}
