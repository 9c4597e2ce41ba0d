import { elementCount } from '../../graph/tensor.ts'
import type { StoredTensor } from './torch-zip-writer.ts'

const storageTypes = {
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  int64: 'LongStorage',
  int8: 'CharStorage',
} as const
const orderedDict = 'ccollections\nOrderedDict\n)R'

/**
 * The pickle (protocol 2) of an ordered dictionary of tensors as PyTorch writes it, but without the memo: an entry is a
 * call of `_rebuild_tensor_v2` with a reference to its storage, offset 0, shape and strides.
 * @param keys the names of the storages in the archive.
 */
export function stateDictPickle(tensors: readonly StoredTensor[], keys: ReadonlyMap<string, string>): Buffer {
  const parts: Buffer[] = []
  const plain = (text: string): void => {
    parts.push(Buffer.from(text, 'latin1'))
  }
  const string = (text: string): void => {
    const bytes = Buffer.from(text)
    const head = Buffer.from('X\0\0\0\0', 'latin1')
    head.writeUInt32LE(bytes.length, 1)
    parts.push(head, bytes)
  }
  const integer = (value: number): void => {
    const bytes = Buffer.from('J\0\0\0\0', 'latin1')
    bytes.writeInt32LE(value, 1)
    parts.push(bytes)
  }
  const tuple = (values: readonly number[]): void => {
    plain('(')
    values.forEach(integer)
    plain('t')
  }
  plain(`\x80\x02${orderedDict}(`)
  for (const { name, shape, dtype, storage } of tensors) {
    string(name)
    plain('ctorch._utils\n_rebuild_tensor_v2\n((')
    string('storage')
    plain(`ctorch\n${storageTypes[dtype]}\n`)
    string(keys.get(storage) ?? '')
    string('cpu')
    integer(elementCount(shape))
    plain('tQ')
    integer(0)
    tuple(shape)
    tuple(shape.map((_, axis) => elementCount(shape.slice(axis + 1))))
    // requires_grad is False; there are no backward hooks.
    plain(`\x89${orderedDict}tR`)
  }
  plain('u.')
  return Buffer.concat(parts)
}
