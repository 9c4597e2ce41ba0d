import type { ByteSource } from '../files/byte-source.ts'
import type { CheckpointLayout } from '../files/checkpoint-layout.ts'
import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'
import type { ZipDirectory } from '../files/zip-directory.ts'
import { interpretPickle } from './pickle.ts'
import { TorchObjects } from './torch-objects.ts'
import { torchLayout } from './torch-tensors.ts'

/** The pickle of the largest known checkpoint is under 1 MB. */
export const maxPickleBytes = 16 * 2 ** 20

/** The folder that holds `data.pkl` when a zip is a checkpoint of PyTorch; null when it is some other archive. */
export function torchFolder({ members }: ZipDirectory): string | null {
  const [folder, another] = [...members.keys()].flatMap(name => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? [])
  return folder !== undefined && another === undefined ? folder : null
}

/**
 * What is where in a checkpoint written by `torch.save` since 1.6: a zip of stored entries, `data.pkl` and one
 * `data/{key}` per storage.
 * @param key of the state dict in it, or null. @throws MalformedCheckpoint saying what is wrong with it; see also
 * {@link torchLayout}.
 */
export async function torchZipLayout(
  directory: ZipDirectory,
  folder: string,
  key: string | null,
): Promise<CheckpointLayout> {
  const { source, members } = directory
  const member = (name: string) => {
    const found = members.get(folder + name)
    if (!found) throw new MalformedCheckpoint(`its part ${shown(name)} is missing`)
    if (found.packing !== 'stored') {
      throw new MalformedCheckpoint(`its part ${shown(name)} is compressed or encrypted, which PyTorch never does`)
    }
    return found
  }
  const content = (name: string): Promise<ByteSource> => directory.packed(member(name))
  if (members.has(`${folder}byteorder`)) {
    const order = await content('byteorder')
    if (new TextDecoder().decode(await order.read(0, Math.min(order.size, 16))) === 'big') {
      throw new MalformedCheckpoint('it was written on a big-endian machine')
    }
  }
  const pickle = await content('data.pkl')
  if (pickle.size > maxPickleBytes) {
    throw new MalformedCheckpoint(`its data.pkl has ${pickle.size} bytes, more than any checkpoint`)
  }
  const objects = new TorchObjects()
  const { value } = interpretPickle(await pickle.read(0, pickle.size), objects)
  for (const { key: storage, width, elements } of objects.stored.values()) {
    if (elements * width > member(`data/${storage}`).size) {
      throw new MalformedCheckpoint(`storage ${shown(storage)} is shorter than its tensors`)
    }
  }
  return torchLayout(value, source, { key, bytesOf: stored => content(`data/${stored.key}`) })
}
