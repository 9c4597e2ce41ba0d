import type { CheckpointDType } from './checkpoint.ts'
import { isKind } from './pickle.ts'
import type { PickleAllowList, PickleObject, PickleValue } from './pickle.ts'

/** A storage as the pickle names it: its bytes are the zip entry `data/{key}`. */
export class TorchStorage implements PickleObject {
  readonly kind = 'object'
  readonly key: string
  readonly dtype: CheckpointDType
  readonly elements: number

  constructor(key: string, dtype: CheckpointDType, elements: number) {
    this.key = key
    this.dtype = dtype
    this.elements = elements
  }
}

/** A view of a storage; offset and strides in elements. Several tensors may share one storage. */
export class TorchTensor implements PickleObject {
  readonly kind = 'object'
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

const storageTypes: Readonly<Record<string, CheckpointDType>> = {
  'torch.FloatStorage': 'float32', 'torch.HalfStorage': 'float16', 'torch.BFloat16Storage': 'bfloat16', 'torch.DoubleStorage': 'float64',
  'torch.LongStorage': 'int64', 'torch.IntStorage': 'int32', 'torch.ShortStorage': 'int16', 'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8', 'torch.BoolStorage': 'bool',
}

type Call = (args: readonly PickleValue[]) => PickleValue

const calls: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': ([pairs]) => {
    const entries = new Map<PickleValue, PickleValue>()
    if (isKind(pairs, 'list')) {
      for (const pair of pairs.items) if ((isKind(pair, 'tuple') || isKind(pair, 'list')) && pair.items.length === 2) entries.set(pair.items[0] as PickleValue, pair.items[1] as PickleValue)
    }
    return { kind: 'dict', entries }
  },
  'torch.Size': ([sizes]) => ({ kind: 'tuple', items: isKind(sizes, 'tuple') || isKind(sizes, 'list') ? [...sizes.items] : [] }),
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) => rebuildTensor(storage, offset, shape, strides),
  'torch._utils._rebuild_parameter': ([tensor]) => {
    if (!(tensor instanceof TorchTensor)) throw new Error('a parameter is made of something that is no tensor')
    return tensor
  },
}

/** What a PyTorch state dict may refer to: ordered dictionaries, tensors and their storages. Nothing else. */
export const torchAllowList: PickleAllowList = {
  global(name) {
    if (!Object.hasOwn(calls, name) && !Object.hasOwn(storageTypes, name)) throw new Error(`it refers to ${name}, which is not part of a state dict`)
    return { kind: 'global', name }
  },
  call(name, args) {
    const call = Object.hasOwn(calls, name) ? calls[name] : undefined
    if (!call) throw new Error(`it calls ${name}`)
    return call(args)
  },
  persistent(id) {
    const [tag, type, key, , elements] = isKind(id, 'tuple') ? id.items : []
    const dtype = isKind(type, 'global') ? storageTypes[type.name] : undefined
    if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(elements)) throw new Error('it refers to something that is no storage')
    return new TorchStorage(key, dtype, elements)
  },
}

/** A view that expands a storage may be larger than it, but not without bound. */
const maxExpanded = 2 ** 24

function rebuildTensor(storage: PickleValue | undefined, offset: PickleValue | undefined, shape: PickleValue | undefined, strides: PickleValue | undefined): TorchTensor {
  const sizes = isKind(shape, 'tuple') ? shape.items.filter(isCount) : []
  const steps = isKind(strides, 'tuple') ? strides.items.filter(isCount) : []
  const wellFormed = storage instanceof TorchStorage && isCount(offset) && isKind(shape, 'tuple') && isKind(strides, 'tuple')
    && sizes.length === shape.items.length && steps.length === strides.items.length && sizes.length === steps.length
  if (!wellFormed) throw new Error('a tensor is described in a way that makes no sense')
  const count = sizes.reduce((product, size) => product * size, 1)
  const last = count === 0 ? offset - 1 : offset + sizes.reduce((sum, size, axis) => sum + (size - 1) * (steps[axis] ?? 0), 0)
  if (last >= storage.elements || count > Math.max(storage.elements, maxExpanded)) throw new Error('a tensor reaches beyond its storage')
  return new TorchTensor(storage, offset, sizes, steps)
}

const isCount = (value: PickleValue | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
