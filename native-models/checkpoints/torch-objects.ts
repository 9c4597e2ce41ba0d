import type { CheckpointDType } from './checkpoint.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'
import { isKind } from './pickle.ts'
import type { PickleAllowList, PickleGlobal, PickleObject, PickleValue } from './pickle.ts'

/** A block of values of one type; where its bytes lie is the file format's matter. */
export interface StoredValues {
  readonly key: string
  readonly dtype: CheckpointDType
  readonly elements: number
}

/** A storage as tensors see it: all of the stored values or, in old files, a part of them from element `first`. */
export class TorchStorage implements PickleObject {
  readonly kind = 'object'
  readonly stored: StoredValues
  readonly first: number
  readonly elements: number

  constructor(stored: StoredValues, first: number, elements: number) {
    this.stored = stored
    this.first = first
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
  readonly count: number
  /** Elements of the storage from the first to the last that it shows. */
  readonly span: number

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
    this.count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)
    this.span = this.count === 0 ? 0 : 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), 0)
  }
}

const storageTypes: Readonly<Record<string, CheckpointDType>> = {
  'torch.FloatStorage': 'float32', 'torch.HalfStorage': 'float16', 'torch.BFloat16Storage': 'bfloat16', 'torch.DoubleStorage': 'float64',
  'torch.LongStorage': 'int64', 'torch.IntStorage': 'int32', 'torch.ShortStorage': 'int16', 'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8', 'torch.BoolStorage': 'bool',
}

type Call = (args: readonly PickleValue[]) => PickleValue

const list: Call = ([items]) => ({ kind: 'list', items: isKind(items, 'list') || isKind(items, 'tuple') ? [...items.items] : [] })
const tensorOf: Call = ([tensor]) => {
  if (!(tensor instanceof TorchTensor)) throw new MalformedCheckpoint('a parameter is made of something that is no tensor')
  return tensor
}

/** What a call of an allowed name stands for. Sets and devices are bookkeeping of training frameworks, beside the tensors. */
const calls: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': ([pairs]) => {
    const entries = new Map<PickleValue, PickleValue>()
    if (isKind(pairs, 'list')) {
      for (const pair of pairs.items) if ((isKind(pair, 'tuple') || isKind(pair, 'list')) && pair.items.length === 2) entries.set(pair.items[0] as PickleValue, pair.items[1] as PickleValue)
    }
    return { kind: 'dict', entries }
  },
  '__builtin__.set': list,
  'builtins.set': list,
  'torch.Size': list,
  'torch.device': list,
  'torch._utils._rebuild_tensor': ([storage, offset, shape, strides]) => rebuildTensor(storage, offset, shape, strides),
  'torch._utils._rebuild_tensor_v2': ([storage, offset, shape, strides]) => rebuildTensor(storage, offset, shape, strides),
  'torch._utils._rebuild_parameter': tensorOf,
  'torch._utils._rebuild_parameter_with_state': tensorOf,
}

const dtypeNames = new Set(['float16', 'bfloat16', 'float32', 'float64', 'uint8', 'int8', 'int16', 'int32', 'int64', 'bool'].map(name => `torch.${name}`))

/** What a PyTorch state dict may refer to: dictionaries, tensors, their storages, names of types. Nothing else. One for each file. */
export class TorchObjects implements PickleAllowList {
  /** By key: every storage the pickle refers to. */
  readonly stored = new Map<string, StoredValues>()

  global(name: string): PickleGlobal {
    if (!Object.hasOwn(calls, name) && !Object.hasOwn(storageTypes, name) && !dtypeNames.has(name)) throw new MalformedCheckpoint(`it refers to ${shown(name)}, which is not part of a state dict; nothing of it was run`)
    return { kind: 'global', name }
  }

  call(name: string, args: readonly PickleValue[]): PickleValue {
    const call = Object.hasOwn(calls, name) ? calls[name] : undefined
    if (!call) throw new MalformedCheckpoint(`it calls ${shown(name)}, which is only a type`)
    return call(args)
  }

  /** `('storage', type, key, device, elements)`, in old files followed by null or `(key, first, elements)` of a part. */
  persistent(id: PickleValue): PickleValue {
    const [tag, type, key, , elements, part] = isKind(id, 'tuple') ? id.items : []
    const dtype = isKind(type, 'global') ? storageTypes[type.name] : undefined
    if (tag !== 'storage' || dtype === undefined || typeof key !== 'string' || !isCount(elements)) throw new MalformedCheckpoint('it refers to something that is no storage')
    const known = this.stored.get(key)
    if (known && (known.dtype !== dtype || known.elements !== elements)) throw new MalformedCheckpoint(`it describes storage ${shown(key)} twice and differently`)
    const stored = known ?? { key, dtype, elements }
    this.stored.set(key, stored)
    if (part === undefined || part === null) return new TorchStorage(stored, 0, elements)
    const [, first, partElements] = isKind(part, 'tuple') ? part.items : []
    if (!isCount(first) || !isCount(partElements) || first + partElements > elements) throw new MalformedCheckpoint(`a part of storage ${shown(key)} reaches beyond it`)
    return new TorchStorage(stored, first, partElements)
  }
}

/** A view that expands a storage may be larger than it, but not without bound. */
const maxExpanded = 2 ** 24
/** 1 GiB as float32, above ten times the largest table of these models: what one tensor may make us allocate. */
const maxElements = 2 ** 28

function rebuildTensor(storage: PickleValue | undefined, offset: PickleValue | undefined, shape: PickleValue | undefined, strides: PickleValue | undefined): TorchTensor {
  const sizes = isKind(shape, 'tuple') ? shape.items.filter(isCount) : []
  const steps = isKind(strides, 'tuple') ? strides.items.filter(isCount) : []
  const wellFormed = storage instanceof TorchStorage && isCount(offset) && isKind(shape, 'tuple') && isKind(strides, 'tuple')
    && sizes.length === shape.items.length && steps.length === strides.items.length && sizes.length === steps.length
  if (!wellFormed) throw new MalformedCheckpoint('a tensor is described in a way that makes no sense')
  const tensor = new TorchTensor(storage, offset, sizes, steps)
  const { count, span } = tensor
  if (offset + span > storage.elements || count > Math.max(storage.elements, maxExpanded)) throw new MalformedCheckpoint('a tensor reaches beyond its storage')
  if (count > maxElements || span > maxElements) throw new MalformedCheckpoint(`a tensor has ${Math.max(count, span)} values, more than any of a model`)
  return tensor
}

const isCount = (value: PickleValue | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
