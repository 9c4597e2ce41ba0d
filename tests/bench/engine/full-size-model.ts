import { join } from 'node:path'
import type { Engine } from '../../../main/engine/engine.ts'
import { registerModel } from '../../../main/model-folder/register.ts'
import type { OpenModel } from '../../../main/models/encoders/encoder.ts'
import { ModelRegistry, starterId } from '../../../main/models/registry/registry.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { encodeText } from '../../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { starterVocabulary } from '../../../native-models/starter/vocabulary.ts'
import { cheapRandomWeights, fullSizeModelConfig } from './full-size.ts'

/** The model that the program makes on its first start. */
export async function openSmallModel(workspace: string, engine: Engine): Promise<OpenModel> {
  const registry = new ModelRegistry(workspace)
  await registry.ensureShipped()
  return registry.open(starterId, engine)
}

/**
 * The video encoder at its published size with random weights; of the text encoder only two layers, which indexing does
 * not touch.
 */
export async function openFullSizeModel(workspace: string, engine: Engine): Promise<OpenModel> {
  const vocabulary = starterVocabulary()
  const modelConfig = { ...fullSizeModelConfig, num_local_layers: 1, stage1_layers: 2 }
  const bertConfig = {
    vocab_size: vocabulary.length,
    hidden_size: 1024,
    num_attention_heads: 16,
    num_hidden_layers: 2,
    intermediate_size: 4096,
    max_position_embeddings: 512,
  }
  const config = parseConfig(modelConfig, bertConfig)
  const parameters = [
    ...encodeVideo(config, { batch: 1, input: 'uint8', localProjection: true }).parameters,
    ...encodeText(config, { batch: 1, sentences: config.clips, length: 50, localProjection: true }).parameters,
  ]
  await registerModel(join(workspace, 'models'), 'full-size', {
    model: {
      kind: 'pretrain-stage1',
      trained: false,
      source: 'random weights',
      config: { model: modelConfig, bert: bertConfig },
      weights: parameters.map(({ name, shape }) => ({ name, shape, read: () => cheapRandomWeights(name, shape) })),
      vocabulary: { name: 'vocab.txt', content: `${vocabulary.join('\n')}\n` },
    },
  })
  return new ModelRegistry(workspace).open('full-size', engine)
}
