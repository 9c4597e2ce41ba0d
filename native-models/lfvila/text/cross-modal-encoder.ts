import { ExpectedError } from '../../expected-error.ts'
import { add, concat, reshape, slice, tanh } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, parameter } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig, TextConfig } from '../configuration/config.ts'
import { bertLayers } from '../layers/bert-layer.ts'
import type { BertOutput } from '../layers/bert-layer.ts'
import { layerNormLayer, linearLayer } from '../layers/layers.ts'
import { videoEpsilon } from '../video/patch-embedding.ts'
import type { TextEncoding } from './text-encoder.ts'

/**
 * `video_token_pos`: tells the pooled patches of a video apart by place and by frame, LayerNorm.
 * @param tokens [B, T, patches, hidden]. @returns [B, T · patches, hidden].
 * @throws ExpectedError when the video has other frames or patches than the tables, or another width than the text.
 */
export function videoTokens(tokens: Tensor, config: LfVilaConfig): Tensor {
  const [batch, frames, patches, channels] = [0, 1, 2, 3].map(axis => size(tokens.shape, axis)) as [
    number,
    number,
    number,
    number,
  ]
  const { hidden } = config.text
  if (channels !== hidden) {
    throw new ExpectedError(
      'model-config',
      `The video encoder ends ${channels} wide and the text encoder is ${hidden} wide; to read them together they must agree.`,
    )
  }
  if (patches !== config.videoPatches) {
    throw new ExpectedError(
      'model-config',
      `Frames of this size keep ${patches} patches, but the model tells ${config.videoPatches} apart (final_num_patches); take frames of the size it was made for.`,
    )
  }
  const places = parameter('video_token_pos.s_pos_embed', [1, 1, patches, hidden])
  const times = parameter('video_token_pos.t_pos_embed', [1, frames, 1, hidden])
  return reshape(layerNormLayer(add(add(tokens, places), times), 'video_token_pos.norm', videoEpsilon), [
    batch,
    frames * patches,
    hidden,
  ])
}

/**
 * Stage 2 of the text encoder: the paragraph after stage 1 and the video's tokens, read together.
 * @param video [B, N, hidden] from {@link videoTokens}.
 * @returns the sequence [B, 1 + M · L + N, hidden]: global token, words, patches; and each layer's attention over it.
 */
export function crossModalEncoder(text: TextEncoding, video: Tensor, config: TextConfig): BertOutput {
  const visible = size(video.shape, 1)
  const batch = size(video.shape, 0)
  const mask = concat([text.mask, constant(new Float32Array(batch * visible).fill(1), [batch, visible])], 1)
  return bertLayers(concat([text.stage1, video], 1), mask, { range: [config.pairLayers, config.layers], config })
}

/** `pooler`: tanh of a Linear layer on the first token. [B, S, hidden] → [B, hidden]. */
export function pooler(sequence: Tensor, { hidden }: TextConfig): Tensor {
  return tanh(
    linearLayer(
      reshape(slice(sequence, 1, 0, 1), [size(sequence.shape, 0), hidden]),
      'text_encoder.bert.pooler.dense',
      { out: hidden },
    ),
  )
}
