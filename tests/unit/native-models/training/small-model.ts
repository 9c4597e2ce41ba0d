import type { TensorValue } from '../../../../main/engine/onnxruntime.ts'
import { elementCount } from '../../../../native-models/graph/tensor.ts'
import type { Shape } from '../../../../native-models/graph/tensor.ts'
import { parseConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import type { LfVilaKind } from '../../../../native-models/lfvila/configuration/state-dict.ts'
import type { ModelShapes } from '../../../../native-models/lfvila/models/models.ts'
import { normalStream } from '../../../../native-models/starter/random.ts'
import { smallConfig, windows } from '../../../support/models/small-config.ts'

const { model, bert } = smallConfig({
  VideoEncoder: {
    embed_dim: 8,
    depths: [2, 1, 1, 1, 1, 2],
    num_heads: [1, 2, 2, 2, 2, 4],
    window_size: windows(2, 2, 4, 4, 4, 8),
  },
  stage1_layers: 2,
  type_vocab_size: 4,
  bert: {
    vocab_size: 40,
    hidden_size: 32,
    num_hidden_layers: 3,
    intermediate_size: 48,
    max_position_embeddings: 64,
  },
})

/**
 * Every part of the published model — shifted, padded and clamped windows, merging, three text stages — with as few
 * numbers as possible.
 */
export const smallModel = { ...parseConfig(model, bert), labels: 5 }
const {
  clips,
  video: { frames, inputSize },
} = smallModel

const [sentences, length, choices] = [clips, 5, 3]

export function smallShapes(kind: LfVilaKind, batch: number): ModelShapes {
  const paragraphs = kind === 'qa-multichoice' ? [batch, choices, sentences, length] : [batch, sentences, length]
  return {
    video: [batch, frames, ...inputSize, 3],
    pixels: 'float32',
    text: kind === 'video-classification' ? null : paragraphs,
  }
}

/** Something to feed each input of a model with; the batch of one is the first sample of a larger one. */
export function smallFeed(name: string, dtype: TensorValue['dtype'], shape: Shape): TensorValue {
  const count = elementCount(shape)
  const next = normalStream(name.length)
  const whole = (value: (index: number) => number): TensorValue => ({
    dtype: 'int32',
    dims: [...shape],
    data: Int32Array.from({ length: count }, (_, index) => value(index)),
  })
  switch (name) {
    case 'textIds':
      return whole(index => ((index * 7) % 39) + 1)
    // The last words of every second sentence are padding.
    case 'attentionMask':
      return whole(index => (Math.floor(index / length) % 2 === 1 && index % length > 2 ? 0 : 1))
    case 'mlmLabels':
      return whole(index => (index % 3 === 0 ? (index * 5) % 40 : -100))
    case 'labels':
      return whole(index => index % 3)
    case 'spanLabels':
      return whole(index => index % 2)
    case 'keyIndices':
      return whole(index => index % 2)
    case 'valueIndices':
      return whole(index => 1 - (index % 2))
    case 'otherNegativeIndices':
      return whole(index => index % 2)
    default:
      return { dtype, dims: [...shape], data: Float32Array.from({ length: count }, () => Math.abs(next()) / 3) }
  }
}
