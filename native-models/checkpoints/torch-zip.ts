import type { Checkpoint } from './checkpoint.ts'
import type { ByteSource } from './byte-source.ts'
import { bytesPerElement } from './dtypes.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'
import { interpretPickle } from './pickle.ts'
import { TorchObjects } from './torch-objects.ts'
import { torchTensors } from './torch-tensors.ts'
import type { ZipDirectory } from './zip-directory.ts'

/** The pickle of the largest known checkpoint is under 1 MB. */
export const maxPickleBytes = 16 * 2 ** 20

/** The folder that holds `data.pkl` when a zip is a checkpoint of PyTorch; null when it is some other archive. */
export function torchFolder({ members }: ZipDirectory): string | null {
  const [folder, another] = [...members.keys()].flatMap(name => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? [])
  return folder !== undefined && another === undefined ? folder : null
}

/**
 * Opens a checkpoint written by `torch.save` since 1.6: a zip of stored entries, `data.pkl` and one `data/{key}` per storage.
 * @throws MalformedCheckpoint saying what is wrong with it.
 */
export async function openTorchZip(directory: ZipDirectory, folder: string): Promise<Checkpoint> {
  const { source, members } = directory
  const member = (name: string) => {
    const found = members.get(folder + name)
    if (!found) throw new MalformedCheckpoint(`its part ${shown(name)} is missing`)
    if (found.packing !== 'stored') throw new MalformedCheckpoint(`its part ${shown(name)} is compressed or encrypted, which PyTorch never does`)
    return found
  }
  const content = (name: string): Promise<ByteSource> => directory.packed(member(name))
  if (members.has(`${folder}byteorder`)) {
    const order = await content('byteorder')
    if (new TextDecoder().decode(await order.read(0, Math.min(order.size, 16))) === 'big') throw new MalformedCheckpoint('it was written on a big-endian machine')
  }
  const pickle = await content('data.pkl')
  if (pickle.size > maxPickleBytes) throw new MalformedCheckpoint(`its data.pkl has ${pickle.size} bytes, more than any checkpoint`)
  const objects = new TorchObjects()
  const { value } = interpretPickle(await pickle.read(0, pickle.size), objects)
  const tensors = torchTensors(value, source.name, ({ key }) => content(`data/${key}`))
  for (const { key, dtype, elements } of objects.stored.values()) {
    if (elements * bytesPerElement[dtype] > member(`data/${key}`).size) throw new MalformedCheckpoint(`storage ${shown(key)} is shorter than its tensors`)
  }
  return { format: 'torch', tensors, close: () => source.close() }
}
