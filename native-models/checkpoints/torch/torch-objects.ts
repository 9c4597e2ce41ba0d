import { english } from '../../english.ts'
import { elementCount } from '../../graph/tensor.ts'
import type { CheckpointDType } from '../files/checkpoint-tensor.ts'
import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'
import { assertHarmless } from './harmful-names.ts'
import { isKind, PickleOpaque } from './pickle-values.ts'
import type { PickleGlobal, PickleObject, PickleValue } from './pickle-values.ts'
import type { PickleMeanings, Spend } from './pickle.ts'

/** A block of values of one type; where its bytes lie is the file format's matter. */
export interface StoredValues {
  readonly key: string
  /** Null for a type that no weight has. */
  readonly dtype: CheckpointDType | null
  /** As PyTorch calls it. */
  readonly type: string
  /** Bytes of one value. */
  readonly width: number
  readonly elements: number
}

/** A storage as tensors see it: all of the stored values or, in old files, a part of them from element `first`. */
class TorchStorage implements PickleObject {
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

  constructor(storage: TorchStorage, { offset, shape, strides }: Pick<TorchTensor, 'offset' | 'shape' | 'strides'>) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
    this.count = shape.includes(0) ? 0 : elementCount(shape)
    this.span = this.count === 0 ? 0 : 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), 0)
  }
}

/** A tensor of a kind that no weight has: of complex numbers, quantised, sparse, of 8-bit floats. */
export class UnreadableTensor implements PickleObject {
  readonly kind = 'object'
  readonly what: string

  constructor(what: string) {
    this.what = what
  }
}

const readable = (dtype: CheckpointDType, width: number) => ({ dtype, width, type: dtype })
const unreadable = (type: string, width: number) => ({ dtype: null, width, type })
const storageTypes: Readonly<Record<string, Pick<StoredValues, 'dtype' | 'type' | 'width'>>> = {
  'torch.FloatStorage': readable('float32', 4),
  'torch.HalfStorage': readable('float16', 2),
  'torch.BFloat16Storage': readable('bfloat16', 2),
  'torch.DoubleStorage': readable('float64', 8),
  'torch.LongStorage': readable('int64', 8),
  'torch.IntStorage': readable('int32', 4),
  'torch.ShortStorage': readable('int16', 2),
  'torch.CharStorage': readable('int8', 1),
  'torch.ByteStorage': readable('uint8', 1),
  'torch.BoolStorage': readable('bool', 1),
  'torch.ComplexFloatStorage': unreadable('complex64', 8),
  'torch.ComplexDoubleStorage': unreadable('complex128', 16),
  'torch.QInt8Storage': unreadable('qint8', 1),
  'torch.QUInt8Storage': unreadable('quint8', 1),
  'torch.QInt32Storage': unreadable('qint32', 4),
  'torch.storage.UntypedStorage': unreadable('untyped', 1),
  'torch.UntypedStorage': unreadable('untyped', 1),
}

type Call = (args: readonly PickleValue[], spend: Spend) => PickleValue

/** Sets and lists share the items that they are made of: copying them could be asked for without end. */
const list: Call = ([items]) => ({
  kind: 'list',
  items: isKind(items, 'list') || isKind(items, 'tuple') ? (items.items as PickleValue[]) : [],
})
const tensorOf: Call = ([tensor]) => {
  if (tensor instanceof UnreadableTensor) return tensor
  if (!(tensor instanceof TorchTensor)) {
    throw new MalformedCheckpoint('a parameter is made of something that is no tensor')
  }
  return tensor
}
const rebuilt: Call = ([storage, offset, shape, strides]) => rebuildTensor(storage, { offset, shape, strides })
/**
 * Of a type that has no storage of its own; the arguments are those of `_rebuild_tensor_v2`, two more, then the type.
 */
const rebuiltOfType: Call = ([, , , , , , dtype]) =>
  new UnreadableTensor(isKind(dtype, 'global') ? dtype.name.replace(/^torch\./, '') : 'unknown')
const special =
  (what: string): Call =>
  () =>
    new UnreadableTensor(what)

/** What calls of these names stand for; any other call stands for an object that is never made. */
const calls: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': ([pairs], spend) => {
    const entries = new Map<PickleValue, PickleValue>()
    if (isKind(pairs, 'list')) {
      spend(pairs.items.length)
      for (const pair of pairs.items) {
        if ((isKind(pair, 'tuple') || isKind(pair, 'list')) && pair.items.length === 2) {
          entries.set(pair.items[0] as PickleValue, pair.items[1] as PickleValue)
        }
      }
    }
    return { kind: 'dict', entries }
  },
  'collections.defaultdict': () => ({ kind: 'dict', entries: new Map() }),
  '__builtin__.set': list,
  'builtins.set': list,
  'torch.Size': list,
  'torch.device': list,
  'torch._utils._rebuild_tensor': rebuilt,
  'torch._utils._rebuild_tensor_v2': rebuilt,
  'torch._utils._rebuild_tensor_v3': rebuiltOfType,
  'torch._utils._rebuild_parameter': tensorOf,
  'torch._utils._rebuild_parameter_with_state': tensorOf,
  'torch._utils._rebuild_qtensor': special('quantised'),
  'torch._utils._rebuild_sparse_tensor': special('sparse'),
  'torch._utils._rebuild_sparse_csr_tensor': special('sparse'),
  'torch._utils._rebuild_nested_tensor': special('nested'),
  'torch._utils._rebuild_meta_tensor_no_storage': special(english`meta, without values`),
  'torch._utils._rebuild_device_tensor_from_numpy': special(english`another device`),
}
/** Calls another function for a class derived from Tensor: `(function, class, arguments, state)`. */
const rebuildsDerived = 'torch._tensor._rebuild_from_type_v2'

/**
 * What the names in a PyTorch checkpoint stand for. Whatever is no tensor, dictionary or list is an object that is
 * never made. One for each file.
 */
export class TorchObjects implements PickleMeanings {
  /** By key: every storage the pickle refers to. */
  readonly stored = new Map<string, StoredValues>()

  global(name: string): PickleGlobal {
    assertHarmless(name)
    return { kind: 'global', name }
  }

  call(name: string, args: readonly PickleValue[], spend: Spend): PickleValue {
    if (name === rebuildsDerived) {
      const [callee, , inner] = args
      if (isKind(callee, 'global') && callee.name !== rebuildsDerived && isKind(inner, 'tuple')) {
        return this.call(callee.name, inner.items, spend)
      }
    }
    return Object.hasOwn(calls, name) ? calls[name]!(args, spend) : new PickleOpaque(name)
  }

  persistent(id: PickleValue): PickleValue {
    const [tag, type, key, , elements, part] = isKind(id, 'tuple') ? id.items : []
    const known = isKind(type, 'global') && Object.hasOwn(storageTypes, type.name) ? storageTypes[type.name] : undefined
    if (tag !== 'storage' || !known || typeof key !== 'string' || !isCount(elements)) {
      throw new MalformedCheckpoint('it refers to something that is no storage')
    }
    const before = this.stored.get(key)
    if (before && (before.type !== known.type || before.elements !== elements)) {
      throw new MalformedCheckpoint(`it describes storage ${shown(key)} twice and differently`)
    }
    const stored = before ?? { key, ...known, elements }
    this.stored.set(key, stored)
    if (part === undefined || part === null) return new TorchStorage(stored, 0, elements)
    const [, first, partElements] = isKind(part, 'tuple') ? part.items : []
    if (!isCount(first) || !isCount(partElements) || first + partElements > elements) {
      throw new MalformedCheckpoint(`a part of storage ${shown(key)} reaches beyond it`)
    }
    return new TorchStorage(stored, first, partElements)
  }
}

/** A view that expands a storage may be larger than it, but not without bound. */
const maxExpanded = 2 ** 24
/** 1 GiB as float32, above ten times the largest table of these models: what one tensor may make us allocate. */
const maxElements = 2 ** 28

/** As many as PyTorch allows. */
const maxDimensions = 64

function rebuildTensor(
  storage: PickleValue | undefined,
  { offset, shape, strides }: Readonly<Record<'offset' | 'shape' | 'strides', PickleValue | undefined>>,
): TorchTensor | UnreadableTensor {
  if (storage instanceof TorchStorage && storage.stored.dtype === null) return new UnreadableTensor(storage.stored.type)
  if (isKind(shape, 'tuple') && shape.items.length > maxDimensions) {
    throw new MalformedCheckpoint(`a tensor has ${shape.items.length} dimensions, beyond its storage and any tensor's`)
  }
  const sizes = isKind(shape, 'tuple') ? shape.items.filter(isCount) : []
  const steps = isKind(strides, 'tuple') && strides.items.length === sizes.length ? strides.items.filter(isCount) : []
  const wellFormed =
    storage instanceof TorchStorage &&
    isCount(offset) &&
    isKind(shape, 'tuple') &&
    isKind(strides, 'tuple') &&
    sizes.length === shape.items.length &&
    steps.length === strides.items.length &&
    sizes.length === steps.length
  if (!wellFormed) throw new MalformedCheckpoint('a tensor is described in a way that makes no sense')
  const tensor = new TorchTensor(storage, { offset, shape: sizes, strides: steps })
  const { count, span } = tensor
  if (offset + span > storage.elements || count > Math.max(storage.elements, maxExpanded)) {
    throw new MalformedCheckpoint('a tensor reaches beyond its storage')
  }
  if (count > maxElements || span > maxElements) {
    throw new MalformedCheckpoint(`a tensor has ${Math.max(count, span)} values, more than any of a model`)
  }
  return tensor
}

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
