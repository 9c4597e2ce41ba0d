import { join } from 'node:path'
import type { Engine } from '../../main/engine/index.ts'
import { ModelRegistry, untrainedId, type LfVilaEncoder } from '../../main/models/index.ts'
import { registerModel } from '../../main/models/register.ts'
import { parseConfig } from '../../native-models/lfvila/config.ts'
import { encodeText } from '../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../native-models/programs/encode-video.ts'
import { randomWeights } from '../../native-models/starter/random-weights.ts'
import { untrainedModel } from '../../native-models/starter/untrained.ts'

/** The published video encoder; of the text encoder only two layers, which no measurement here touches. */
const modelConfig = {
  VideoEncoder: {
    patch_size: [1, 8, 8], embed_dim: 128, depths: [2, 2, 14, 2, 2, 2], num_heads: [4, 8, 16, 16, 16, 32], stages: [0, 1, 2, 2, 2, 3], downsample_stages: [0, 1, 4],
    window_size: [[2, 3, 5], [4, 3, 5], [8, 3, 5], [16, 3, 5], [16, 3, 5], [32, 3, 5]], patch_norm: true, local_window: 8,
  },
  type_vocab_size: 8, num_local_layers: 1, stage1_layers: 2, final_num_patches: 6, stage: 1,
  DATA: { sample_frame: 32, sample_clip: 4, input_res: [192, 320] },
  TRAINING: { temp: 0.05, time_temp: 0.05, ct_global_loss_weight: 1, ct_time_loss_weight: 0.25, num_key: 2, num_value: 2, num_other_neg: 3 },
}

/** The model that the program makes on its first start. */
export async function openSmallModel(workspace: string, engine: Engine): Promise<LfVilaEncoder> {
  const registry = new ModelRegistry(workspace)
  await registry.ensureUntrained()
  return registry.open(untrainedId, engine)
}

/** LF-VILA at its published size, embed_dim 128 and 32 frames of 192 × 320, with random weights. */
export async function openFullSizeModel(workspace: string, engine: Engine): Promise<LfVilaEncoder> {
  const { vocabulary } = untrainedModel()
  const bertConfig = {
    model_type: 'bert', vocab_size: vocabulary.length, hidden_size: 1024, num_attention_heads: 16, num_hidden_layers: 2, intermediate_size: 4096,
    max_position_embeddings: 512, type_vocab_size: 2, layer_norm_eps: 1e-12, hidden_act: 'gelu',
  }
  const config = parseConfig(modelConfig, bertConfig)
  const parameters = [
    ...encodeVideo(config, { batch: 1, input: 'uint8', localProjection: true }).parameters,
    ...encodeText(config, { batch: 1, sentences: config.clips, length: 50, localProjection: true }).parameters,
  ]
  await registerModel(join(workspace, 'models'), 'full-size', {
    kind: 'pretrain-stage1', trained: false, source: 'random weights', config: { model: modelConfig, bert: bertConfig },
    weights: parameters.map(({ name, shape }) => ({ name, shape, read: () => randomWeights(name, shape, 1) })),
    vocabulary: { name: 'vocab.txt', content: `${vocabulary.join('\n')}\n` },
  })
  return new ModelRegistry(workspace).open('full-size', engine)
}
