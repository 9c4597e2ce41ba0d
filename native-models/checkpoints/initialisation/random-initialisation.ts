import { english } from '../../english.ts'
import { elementCount } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../../lfvila/configuration/config.ts'
import type { StateEntry } from '../../lfvila/configuration/state-dict.ts'
import { biasTableRows } from '../../lfvila/configuration/windows.ts'
import { hashName, normalStream, uniformStream } from '../../starter/random.ts'
import type { InitialWeight } from './initialisation.ts'

/** `published`, which suits a width of 1,024; `scaled` suits any. */
export interface RandomStart {
  readonly seed: number
  readonly start: 'published' | 'scaled'
}

/** A model and its state dict. */
export interface InitialisedModel {
  readonly config: LfVilaConfig
  readonly entries: readonly StateEntry[]
}

const layerNorm = /(^|\.)(norm\d?|norm_local|LayerNorm)\.(weight|bias)$/
const biasTable = /layers\.(\d+)\.blocks\.\d+\.attn\.relative_position_bias_table$/
const wordEmbeddings = 'text_encoder.bert.embeddings.word_embeddings.weight'

/**
 * What the published classes start a weight with that nothing was trained for: both encoders and the token positions
 * normal(0, 0.02), sentence embeddings normal(0, 1), single layers and the patch convolution PyTorch's uniform; biases
 * of the encoders zero, layer norms the identity. Seeded by name: a weight's values do not depend on which others are
 * initialised. `scaled` starts the products of the encoders with normal(0, 1/√inputs), so that a narrow layer hands on
 * as much as it is given. What tells places apart begins as large as what it is added to, for a step of AdamW hardly
 * moves it: sentence embeddings normal(0, 0.7), and in the bias tables one number of normal(0, 1) for each head and
 * distance in time, the same for every distance in space.
 */
export function randomWeight(
  { entries, config }: InitialisedModel,
  name: string,
  { seed, start }: RandomStart,
): InitialWeight {
  const shape = shapeOf(entries, name)
  const count = elementCount(shape)
  const filled = (value: 0 | 1): InitialWeight => ({
    from: value === 0 ? 'zeros' : 'ones',
    read: () => Promise.resolve(new Float32Array(count).fill(value)),
  })
  const numbers = (stream: (seed: number) => () => number, scale: (drawn: number) => number, size = count) => {
    const next = stream(hashName(name) ^ Math.imul(seed, 0x9e3779b9))
    return Float32Array.from({ length: size }, () => scale(next()))
  }
  const drawn = (words: string, values: () => Float32Array): InitialWeight => ({
    from: english`random numbers, ${words}, seed ${seed}`,
    // The padding token's row is zero.
    read: () => Promise.resolve(name === wordEmbeddings ? values().fill(0, 0, shape[1]) : values()),
  })
  if (layerNorm.test(name)) return filled(name.endsWith('weight') ? 1 : 0)
  const uniform =
    !/^(text_encoder|video_encoder|video_token_pos|sent_embedding)\./.test(name) ||
    name.startsWith('video_encoder.patch_embed.')
  if (uniform) {
    const fanIn = elementCount(shapeOf(entries, name.replace(/bias$/, 'weight')).slice(1))
    const bound = 1 / Math.sqrt(fanIn)
    return drawn(`uniform(±${bound.toPrecision(3)})`, () => numbers(uniformStream, value => (2 * value - 1) * bound))
  }
  if (name.endsWith('.bias')) return filled(0)
  const window = config.video.stages[Number(biasTable.exec(name)?.[1])]?.window
  if (start === 'scaled' && window && window[0] > 1) {
    const heads = shape[1] ?? 0
    const inSpace = biasTableRows([1, window[1], window[2]])
    return drawn(english`normal(0, 1) for each head and distance in time`, () => {
      const inTime = numbers(normalStream, value => value, count / inSpace)
      return new Float32Array(count).map(
        (_, at) => inTime[Math.floor(at / heads / inSpace) * heads + (at % heads)] ?? 0,
      )
    })
  }
  const isEmbedding = /embeddings|^sent_embedding|^video_token_pos|pos_embed|bias_table/.test(name)
  const deviation = name.startsWith('sent_embedding.')
    ? { published: 1, scaled: 0.7 }[start]
    : start === 'published' || isEmbedding
      ? 0.02
      : Number((1 / Math.sqrt(elementCount(shape.slice(1)))).toPrecision(3))
  return drawn(`normal(0, ${deviation})`, () => numbers(normalStream, value => deviation * value))
}

function shapeOf(entries: readonly StateEntry[], name: string): readonly number[] {
  const entry = entries.find(one => one.name === name)
  if (!entry) throw new Error(`the model has no weight ${name}`)
  return entry.shape
}
