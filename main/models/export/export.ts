import { join } from 'node:path'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { writeTorchZip } from '../../../native-models/checkpoints/torch/torch-zip-writer.ts'
import type { StoredTensor } from '../../../native-models/checkpoints/torch/torch-zip-writer.ts'
import type { ExportInput } from '../../api/models.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { weightsFile } from '../../model-folder/model-file.ts'
import { assertFree, writeOutput } from '../../storage/files/output-path.ts'
import type { OutputPath } from '../../storage/files/output-path.ts'
import { assertOnnx, onnxMark, writeOnnxFolder } from './onnx-folder.ts'
import { stateTensors } from './state-tensors.ts'

export interface ExportOptions {
  readonly signal?: AbortSignal
  /** What lay at the path when the export was asked for (`stampOf`); what lies there now, by default. */
  readonly seen?: string | null
  /** Counts tensors, or the files of an ONNX folder. */
  readonly onProgress?: (done: number, total: number, current: string | null) => void
}

/**
 * @throws ExpectedError when the model cannot be exported so, or something is at the path that must not be replaced.
 */
export async function assertExportable(model: RegisteredModel, input: ExportInput): Promise<void> {
  if (input.format === 'onnx') assertOnnx(model, input)
  await assertFree(placeOf(input))
}

/**
 * Writes a registered model out, whole or not at all: `torch` and `safetensors` are the published class's state dict,
 * with its index tables, as `load_state_dict` wants it; `onnx` is a folder of programs.
 * @throws ExpectedError as {@link assertExportable}, when the disk is full or a weight does not fit half precision.
 */
export async function exportModel(
  model: RegisteredModel,
  input: ExportInput,
  { signal, seen, onProgress }: ExportOptions = {},
): Promise<void> {
  await assertExportable(model, input)
  await writeOutput({ ...placeOf(input), ...(seen !== undefined && { seen }) }, async partial => {
    if (input.format === 'onnx') return writeOnnxFolder(model, input, { folder: partial, signal, onProgress })
    const weights = await openCheckpoint(join(model.folder, weightsFile))
    try {
      const tensors = counted(stateTensors(model, weights, input.precision), onProgress)
      if (input.format === 'torch') await writeTorchZip(partial, tensors, signal)
      else await writeSafetensors(partial, tensors, { metadata: { format: 'pt' }, signal })
      onProgress?.(tensors.length, tensors.length, null)
    } finally {
      await weights.close()
    }
  })
}

const placeOf = ({ format, path, overwrite }: ExportInput): OutputPath => ({
  path,
  overwrite,
  mark: format === 'onnx' ? onnxMark : null,
})

function counted(tensors: readonly StoredTensor[], onProgress: ExportOptions['onProgress']): StoredTensor[] {
  return tensors.map((tensor, index) => ({
    ...tensor,
    read() {
      onProgress?.(index, tensors.length, tensor.name)
      return tensor.read()
    },
  }))
}
