import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { ByteSource } from './byte-source.ts'
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'

const maxIndexBytes = 16 * 2 ** 20
const maxFiles = 1000
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * Opens a checkpoint that lies in several files beside an index (`*.safetensors.index.json`, `pytorch_model.bin.index.json`).
 * @param open Opens one of the files.
 * @throws MalformedCheckpoint when it is no such index, or a file lacks a tensor that it should hold.
 */
export async function openSharded(index: ByteSource, open: (path: string) => Promise<Checkpoint>): Promise<Checkpoint> {
  if (index.size > maxIndexBytes) throw new MalformedCheckpoint('it is too large for the index of a checkpoint')
  const { weight_map: files } = parseIndex(new TextDecoder().decode(await index.read(0, index.size)))
  const names = [...new Set(Object.values(files))]
  if (names.length > maxFiles) throw new MalformedCheckpoint(`it names ${names.length} files, more than any checkpoint has`)
  const outside = names.find(name => name === '' || name !== basename(name) || name.includes('\\') || name.startsWith('..'))
  if (outside !== undefined) throw new MalformedCheckpoint(`it names the file ${shown(outside)}, which does not lie beside it`)
  const shards = new Map<string, Checkpoint>()
  const close = async (): Promise<void> => { await Promise.all([index.close(), ...[...shards.values()].map(shard => shard.close())]) }
  try {
    for (const name of names) shards.set(name, await open(join(dirname(index.name), name)))
    const tensors = new Map<string, CheckpointTensor>()
    for (const [key, name] of Object.entries(files)) {
      const tensor = shards.get(name)?.tensors.get(key)
      if (!tensor) throw new MalformedCheckpoint(`${shown(name)} does not hold ${shown(key)} as the index says`)
      tensors.set(key, tensor)
    }
    if (tensors.size === 0) throw new MalformedCheckpoint('it names no tensors')
    return { format: [...shards.values()][0]!.format, tensors, close }
  } catch (error) {
    await Promise.all([...shards.values()].map(shard => shard.close()))
    throw error
  }
}

function parseIndex(text: string): z.infer<typeof indexSchema> {
  try {
    return indexSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new MalformedCheckpoint('it is JSON, but not the index (weight_map) of a checkpoint in several files', { cause })
  }
}
