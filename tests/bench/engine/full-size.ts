import { elementCount } from '../../../native-models/graph/tensor.ts'
import type { Shape } from '../../../native-models/graph/tensor.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { hashName } from '../../../native-models/starter/random.ts'

/** The published model's configuration: embed_dim 128, 32 frames of 192 × 320. */
export const fullSizeModelConfig = {
  VideoEncoder: {
    patch_size: [1, 8, 8],
    embed_dim: 128,
    depths: [2, 2, 14, 2, 2, 2],
    num_heads: [4, 8, 16, 16, 16, 32],
    downsample_stages: [0, 1, 4],
    window_size: [
      [2, 3, 5],
      [4, 3, 5],
      [8, 3, 5],
      [16, 3, 5],
      [16, 3, 5],
      [32, 3, 5],
    ],
  },
  DATA: { sample_frame: 32, sample_clip: 4, input_res: [192, 320] },
}

export function fullSizeConfig(): LfVilaConfig {
  return parseConfig(fullSizeModelConfig, {
    vocab_size: 30522,
    hidden_size: 1024,
    num_attention_heads: 16,
    num_hidden_layers: 24,
    intermediate_size: 4096,
    max_position_embeddings: 512,
  })
}

/**
 * Uniform weights that keep activations of the order of 1, so that no arithmetic is unusually fast or slow. Cheap:
 * there are 89 million.
 */
export function cheapRandomWeights(name: string, shape: Shape): Float32Array {
  const values = new Float32Array(elementCount(shape))
  const isScale = shape.length === 1 && !name.endsWith('bias')
  const spread = shape.length === 1 ? 0.1 : Math.sqrt((3 * (shape[0] ?? 1)) / values.length)
  // Layers must differ: ONNX Runtime keeps equal weights once.
  let state = hashName(name)
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    values[i] = (isScale ? 1 : 0) + spread * (state / 2 ** 31 - 1)
  }
  return values
}
