import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { floatsOf } from '../../native-models/checkpoints/initialisation/initialisation.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../native-models/lfvila/configuration/state-dict.ts'
import { shippedModel, shippedWeights } from '../../native-models/starter/shipped.ts'
import type { ShippedId } from '../../native-models/starter/shipped.ts'
import { starterVocabulary } from '../../native-models/starter/vocabulary.ts'
import { trainedWith } from '../api/training/training.ts'
import { unfinishedName } from '../storage/files/left-overs.ts'
import { registerModel } from './register.ts'
import { shippedSource } from './shipped-source.ts'

/** Makes the folder of a model that ships. @throws ExpectedError `model-exists` when it is there already. */
export async function registerShipped(models: string, id: ShippedId): Promise<void> {
  const { kind, config, labels, training, sha256 } = await shippedModel(id)
  // Inside an installed app the weights lie in an archive, of which only whole files can be read.
  const copy = join(models, `${unfinishedName()}.safetensors`)
  try {
    await writeFile(copy, await shippedWeights(id))
    const checkpoint = await openCheckpoint(copy)
    try {
      await registerModel(models, id, {
        model: {
          kind,
          trained: true,
          source: shippedSource({ sha256 }),
          config,
          labels,
          training: trainedWith.parse(training),
          vocabulary: { name: 'vocab.txt', content: `${starterVocabulary().join('\n')}\n` },
          weights: stateDict(kind, parseConfig(config.model, config.bert)).flatMap(entry => {
            if (entry.role !== 'weight') return []
            const tensor = checkpoint.tensors.get(entry.name)
            if (!tensor) throw new Error(`The shipped model ${id} has no ${entry.name}.`)
            return [{ name: entry.name, shape: entry.shape, read: () => floatsOf(entry.name, tensor) }]
          }),
        },
      })
    } finally {
      await checkpoint.close()
    }
  } finally {
    await rm(copy, { force: true })
  }
}
