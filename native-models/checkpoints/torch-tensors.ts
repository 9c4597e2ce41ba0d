import type { ByteSource } from './byte-source.ts'
import type { CheckpointTensor } from './checkpoint.ts'
import { bytesPerElement, decode } from './dtypes.ts'
import { MalformedCheckpoint, refusal } from './malformed-checkpoint.ts'
import { isKind } from './pickle.ts'
import type { PickleValue } from './pickle.ts'
import { TorchTensor } from './torch-objects.ts'
import type { StoredValues } from './torch-objects.ts'

/** Keys under which training scripts and DeepSpeed wrap a state dict. */
const wrappers = ['model', 'state_dict', 'module', 'model_state_dict']
const deepestWrapping = 3

/**
 * The tensors of what a checkpoint's pickle holds: a state dict, bare or wrapped; everything that is no tensor is passed over.
 * @param bytesOf The bytes of a storage; called when a tensor is read.
 * @throws MalformedCheckpoint when there is none.
 */
export function torchTensors(root: PickleValue, file: string, bytesOf: (stored: StoredValues) => Promise<ByteSource>): Map<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, tensor] of stateDict(root)) {
    const { shape, storage: { stored } } = tensor
    const read = async () => readView(tensor, await bytesOf(stored))
    tensors.set(name, { dtype: stored.dtype, shape, read: () => read().catch((error: unknown) => { throw refusal(file, error) }) })
  }
  return tensors
}

function stateDict(root: PickleValue): Map<string, TorchTensor> {
  for (let dict = root, depth = 0; isKind(dict, 'dict'); depth++) {
    const { entries } = dict
    const inner = depth < deepestWrapping ? wrappers.map(key => entries.get(key)).find(value => isKind(value, 'dict')) : undefined
    if (inner !== undefined) {
      dict = inner
      continue
    }
    const tensors = [...entries].flatMap(([key, value]) => typeof key === 'string' && value instanceof TorchTensor ? [[key, value] as const] : [])
    if (tensors.length === 0) throw new MalformedCheckpoint('it holds no tensors')
    return new Map(tensors)
  }
  throw new MalformedCheckpoint('it holds no dictionary of tensors')
}

async function readView(tensor: TorchTensor, bytes: ByteSource): Promise<Float32Array | BigInt64Array> {
  const { storage: { stored, first }, offset, span } = tensor
  const width = bytesPerElement[stored.dtype]
  const values = decode(stored.dtype, await bytes.read((first + offset) * width, span * width))
  return isContiguous(tensor) ? values : gatherStrided(values, tensor)
}

function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

function gatherStrided<Values extends Float32Array | BigInt64Array>(values: Values, { shape, strides, count }: TorchTensor): Values {
  const result = values instanceof Float32Array ? new Float32Array(count) : new BigInt64Array(count)
  const position = shape.map(() => 0)
  let source = 0
  for (let index = 0; index < count; index++) {
    result[index] = values[source] as never
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis] ?? 0
      position[axis] = (position[axis] ?? 0) + 1
      source += step
      if ((position[axis] ?? 0) < (shape[axis] ?? 1)) break
      source -= step * (shape[axis] ?? 1)
      position[axis] = 0
    }
  }
  return result as Values
}
