import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { ByteSource } from './files/byte-source.ts'
import { closeAll } from './files/checkpoint-layout.ts'
import type { CheckpointLayout, TensorLocation } from './files/checkpoint-layout.ts'
import { MalformedCheckpoint, shown } from './files/malformed-checkpoint.ts'

const maxIndexBytes = 16 * 2 ** 20
const maxFiles = 1000
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * What is where in a checkpoint that lies in several files beside an index (`*.safetensors.index.json`,
 * `pytorch_model.bin.index.json`).
 * @param open the layout of one of the files.
 * @throws MalformedCheckpoint when it is no such index, or a file lacks a tensor that it should hold.
 */
export async function shardedLayout(
  index: ByteSource,
  open: (path: string) => Promise<CheckpointLayout>,
): Promise<CheckpointLayout> {
  if (index.size > maxIndexBytes) throw new MalformedCheckpoint('it is too large for the index of a checkpoint')
  const { weight_map: files } = parseIndex(new TextDecoder().decode(await index.read(0, index.size)))
  const names = [...new Set(Object.values(files))]
  if (names.length > maxFiles) {
    throw new MalformedCheckpoint(`it names ${names.length} files, more than any checkpoint has`)
  }
  const outside = names.find(
    name => name === '' || name !== basename(name) || name.includes('\\') || name.startsWith('..'),
  )
  if (outside !== undefined) {
    throw new MalformedCheckpoint(`it names the file ${shown(outside)}, which does not lie beside it`)
  }
  const shards = new Map<string, { layout: CheckpointLayout; firstSource: number }>()
  const sources: ByteSource[] = []
  try {
    for (const name of names) {
      const layout = await open(join(dirname(index.name), name))
      shards.set(name, { layout, firstSource: sources.length })
      sources.push(...layout.sources)
    }
    const tensors = new Map<string, TensorLocation>()
    const skipped = [...shards.values()].flatMap(({ layout }) => layout.skipped)
    const left = new Set(skipped.map(({ key }) => key))
    for (const [key, name] of Object.entries(files)) {
      const shard = shards.get(name)
      const place = shard?.layout.tensors.get(key)
      if (shard && place) {
        tensors.set(key, { ...place, source: shard.firstSource + place.source })
      } else if (!left.has(shown(key))) {
        throw new MalformedCheckpoint(`${shown(name)} does not hold ${shown(key)} as the index says`)
      }
    }
    const [first] = shards.values()
    if (tensors.size === 0 || !first) throw new MalformedCheckpoint('it names no tensors')
    return { format: first.layout.format, sources, tensors, skipped }
  } catch (error) {
    await closeAll(sources)
    throw error
  } finally {
    await index.close()
  }
}

function parseIndex(text: string): z.infer<typeof indexSchema> {
  try {
    return indexSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new MalformedCheckpoint('it is JSON, but not the index (weight_map) of a checkpoint in several files', {
      cause,
    })
  }
}
