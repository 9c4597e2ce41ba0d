import { parseConfig } from '../lfvila/configuration/config.ts'
import { stateDict } from '../lfvila/configuration/state-dict.ts'
import { randomWeights } from './random-weights.ts'
import { starterVocabulary } from './vocabulary.ts'

export interface NamedWeights {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface UntrainedModel {
  /** The reference's model configuration and BERT configuration, as JSON. */
  readonly modelConfig: object
  readonly bertConfig: object
  readonly kind: 'pretrain-stage1'
  /** WordPiece vocabulary in id order. */
  readonly vocabulary: readonly string[]
  /** One at a time, made when asked for. */
  parameters(): Iterable<NamedWeights>
}

const seed = 20221

const modelConfig = {
  VideoEncoder: {
    patch_size: [1, 8, 8],
    embed_dim: 16,
    depths: [2, 2, 2, 2, 2, 2],
    num_heads: [1, 2, 2, 2, 2, 4],
    stages: [0, 1, 2, 2, 2, 3],
    downsample_stages: [0, 1, 4],
    window_size: [
      [2, 3, 5],
      [4, 3, 5],
      [8, 3, 5],
      [16, 3, 5],
      [16, 3, 5],
      [32, 3, 5],
    ],
    patch_norm: true,
    local_window: 8,
  },
  type_vocab_size: 8,
  num_local_layers: 2,
  stage1_layers: 4,
  final_num_patches: 6,
  stage: 1,
  DATA: { sample_frame: 32, sample_clip: 4, input_res: [192, 320] },
  TRAINING: {
    temp: 0.05,
    time_temp: 0.05,
    ct_global_loss_weight: 1,
    ct_time_loss_weight: 0.25,
    num_key: 2,
    num_value: 2,
    num_other_neg: 3,
  },
}

/**
 * The model that is there before any trained one: LF-VILA's architecture, small, with seeded random weights and a
 * vocabulary of our own. It exercises everything and means nothing.
 */
export function untrainedModel(): UntrainedModel {
  const vocabulary = starterVocabulary()
  const bertConfig = {
    model_type: 'bert',
    vocab_size: vocabulary.length,
    hidden_size: 128,
    num_attention_heads: 4,
    num_hidden_layers: 4,
    intermediate_size: 256,
    max_position_embeddings: 256,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
    hidden_act: 'gelu',
  }
  const config = parseConfig(modelConfig, bertConfig)
  return {
    modelConfig,
    bertConfig,
    kind: 'pretrain-stage1',
    vocabulary,
    *parameters() {
      for (const { role, name, shape } of stateDict('pretrain-stage1', config)) {
        if (role === 'weight') yield { name, shape, data: randomWeights(name, shape, seed) }
      }
    },
  }
}
