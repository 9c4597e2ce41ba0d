import type { Checkpoint } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { floatsOf } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import type { StoredTensor } from '../../../native-models/checkpoints/torch/torch-zip-writer.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { hasInfinity, toHalf } from '../../../native-models/graph/precision/half-precision.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'

/**
 * The state dict that the published class has, key by key in its order: weights of the model's own file, index tables
 * computed.
 * @throws ExpectedError when the model lacks a weight, or at reading one that half precision cannot hold.
 */
export function stateTensors(
  { id, record, config }: RegisteredModel,
  weights: Pick<Checkpoint, 'tensors'>,
  precision: 'fp32' | 'fp16',
): StoredTensor[] {
  return stateDict(record.kind, config).map(entry => {
    const { name, shape } = entry
    if (entry.role === 'table') return { name, shape, dtype: 'int64', storage: entry.storage, read: entry.values }
    const storage = entry.role === 'alias' ? entry.of : name
    const tensor = weights.tensors.get(storage)
    if (!tensor) {
      throw new ExpectedError(
        'weights-missing',
        `The model ‘${id}’ has no ${name}, which the published class has; import it again from its checkpoint.`,
      )
    }
    return {
      name,
      shape,
      storage,
      dtype: precision === 'fp16' ? 'float16' : 'float32',
      async read() {
        const values = await floatsOf(name, tensor)
        return precision === 'fp16' ? assertHalf(name, toHalf(values)) : values
      },
    }
  })
}

function assertHalf(name: string, halves: Uint16Array): Uint16Array {
  if (hasInfinity(halves)) {
    throw new ExpectedError(
      'weights-half',
      `${name} holds values beyond 65504, which half precision cannot hold; export the model as fp32.`,
    )
  }
  return halves
}
