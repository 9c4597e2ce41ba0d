import type { ByteSource } from '../files/byte-source.ts'
import type { CheckpointLayout } from '../files/checkpoint-layout.ts'
import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'
import { isKind } from './pickle-values.ts'
import type { PickleValue } from './pickle-values.ts'
import { interpretPickle } from './pickle.ts'
import { TorchObjects } from './torch-objects.ts'
import { torchLayout } from './torch-tensors.ts'
import { maxPickleBytes } from './torch-zip.ts'

const magicNumber = 0x1950a86a20f9469cfc6cn
const knownProtocol = 1001
/** Each storage is preceded by the number of its elements. */
const countBytes = 8

/**
 * What is where in a checkpoint as `torch.save` wrote them before 1.6: five pickles in a row (magic number, protocol,
 * machine, object, keys of the storages), then the storages in the order of the keys. Only the pickles and the counts
 * are read.
 * @param key of the state dict in it, or null. @throws MalformedCheckpoint saying what is wrong with it; see also
 * {@link torchLayout}.
 */
export async function legacyTorchLayout(source: ByteSource, key: string | null): Promise<CheckpointLayout> {
  const bytes = await source.read(0, Math.min(source.size, maxPickleBytes))
  const objects = new TorchObjects()
  let end = 0
  const next = (): PickleValue => {
    const pickle = interpretPickle(bytes, objects, end)
    end = pickle.end
    return pickle.value
  }
  if (next() !== magicNumber) throw new MalformedCheckpoint('it is a pickle, but not one that torch.save wrote')
  if (next() !== knownProtocol) {
    throw new MalformedCheckpoint('it is of an unknown version of the format before PyTorch 1.6')
  }
  const machine = next()
  if (isKind(machine, 'dict') && machine.entries.get('little_endian') === false) {
    throw new MalformedCheckpoint('it was written on a big-endian machine')
  }
  const root = next()
  const starts = await storageStarts(source, objects, { keys: next(), end })
  return torchLayout(root, source, {
    key,
    bytesOf: async stored => source.part(source.name, starts.get(stored.key)!, stored.elements * stored.width),
  })
}

/** The offset of every storage's first value, walking from count to count. */
async function storageStarts(
  source: ByteSource,
  { stored }: TorchObjects,
  { keys, end }: { readonly keys: PickleValue; readonly end: number },
): Promise<Map<string, number>> {
  const starts = new Map<string, number>()
  let at = end
  for (const key of isKind(keys, 'list') ? keys.items : []) {
    const storage = typeof key === 'string' ? stored.get(key) : undefined
    if (!storage || starts.has(storage.key)) {
      throw new MalformedCheckpoint('its list of storages does not belong to its tensors')
    }
    const { buffer, byteOffset } = await source.read(at, countBytes)
    if (Number(new DataView(buffer, byteOffset).getBigInt64(0, true)) !== storage.elements) {
      throw new MalformedCheckpoint(
        `storage ${shown(storage.key)} does not have the ${storage.elements} values that its tensors ask for`,
      )
    }
    starts.set(storage.key, at + countBytes)
    at += countBytes + storage.elements * storage.width
    if (at > source.size) {
      throw new MalformedCheckpoint(`storage ${shown(storage.key)} reaches beyond the end of the file`, {
        incomplete: true,
      })
    }
  }
  for (const key of stored.keys()) {
    if (!starts.has(key)) throw new MalformedCheckpoint(`storage ${shown(key)} is missing`)
  }
  return starts
}
