import type { ByteSource } from '../files/byte-source.ts'
import type { CheckpointLayout, TensorLocation } from '../files/checkpoint-layout.ts'
import type { PickleValue } from './pickle-values.ts'
import { findStateDict } from './state-dict-search.ts'
import type { StoredValues, TorchTensor } from './torch-objects.ts'

interface StateDictPlace {
  /** Of the state dict, or null. */
  readonly key: string | null
  /** The bytes of a storage, a part of `source`. */
  readonly bytesOf: (stored: StoredValues) => Promise<ByteSource>
}

/**
 * Where the tensors of a state dict lie; see {@link findStateDict} for which.
 * @param source the whole file.
 */
export async function torchLayout(
  root: PickleValue,
  source: ByteSource,
  { key, bytesOf }: StateDictPlace,
): Promise<CheckpointLayout> {
  const { tensors, skipped } = findStateDict(root, source.name, key)
  const places = new Map<string, TensorLocation>()
  const storages = new Map<StoredValues, ByteSource>()
  for (const [name, tensor] of tensors) {
    const {
      storage: { stored, first },
      offset,
      span,
      shape,
    } = tensor
    if (stored.dtype === null) continue
    const bytes = storages.get(stored) ?? (await bytesOf(stored))
    storages.set(stored, bytes)
    const inStorage = (first + offset) * stored.width
    const length = span * stored.width
    places.set(name, {
      dtype: stored.dtype,
      shape,
      strides: isContiguous(tensor) ? null : tensor.strides,
      source: 0,
      offset: bytes.offsetIn(source, inStorage, length),
      length,
    })
  }
  return { format: 'torch', sources: [source], tensors: places, skipped }
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
