import { elementCount } from '../../graph/tensor.ts'
import type { StateEntry } from '../../lfvila/configuration/state-dict.ts'
import { hashName, normalStream, uniformStream } from '../../starter/random.ts'
import type { InitialWeight } from './initialisation.ts'

/** `published`, which suits a width of 1,024; `scaled` suits any. */
export interface RandomStart {
  readonly seed: number
  readonly start: 'published' | 'scaled'
}

const layerNorm = /(^|\.)(norm\d?|norm_local|LayerNorm)\.(weight|bias)$/
const wordEmbeddings = 'text_encoder.bert.embeddings.word_embeddings.weight'

/**
 * What the published classes start a weight with that nothing was trained for: both encoders and the token positions
 * normal(0, 0.02), sentence embeddings normal(0, 1), single layers and the patch convolution PyTorch's uniform; biases
 * of the encoders zero, layer norms the identity. Seeded by name: a weight's values do not depend on which others are
 * initialised. `scaled` starts the products of the encoders with normal(0, 1/√inputs), so that a narrow layer hands on
 * as much as it is given, and the sentence embeddings with normal(0, 0.1), so that they do not drown the words.
 * @param entries the state dict the weight is of.
 */
export function randomWeight(
  entries: readonly StateEntry[],
  name: string,
  { seed, start }: RandomStart,
): InitialWeight {
  const shape = shapeOf(entries, name)
  const count = elementCount(shape)
  const filled = (value: 0 | 1): InitialWeight => ({
    from: value === 0 ? 'zeros' : 'ones',
    read: () => Promise.resolve(new Float32Array(count).fill(value)),
  })
  const drawn = (
    words: string,
    stream: (seed: number) => () => number,
    value: (drawn: number) => number,
  ): InitialWeight => ({
    from: `random numbers, ${words}, seed ${seed}`,
    read: () => {
      const next = stream(hashName(name) ^ Math.imul(seed, 0x9e3779b9))
      const values = Float32Array.from({ length: count }, () => value(next()))
      // The padding token's row is zero.
      return Promise.resolve(name === wordEmbeddings ? values.fill(0, 0, shape[1]) : values)
    },
  })
  if (layerNorm.test(name)) return filled(name.endsWith('weight') ? 1 : 0)
  const uniform =
    !/^(text_encoder|video_encoder|video_token_pos|sent_embedding)\./.test(name) ||
    name.startsWith('video_encoder.patch_embed.')
  if (uniform) {
    const fanIn = elementCount(shapeOf(entries, name.replace(/bias$/, 'weight')).slice(1))
    const bound = 1 / Math.sqrt(fanIn)
    return drawn(`uniform(±${bound.toPrecision(3)})`, uniformStream, value => (2 * value - 1) * bound)
  }
  if (name.endsWith('.bias')) return filled(0)
  const isEmbedding = /embeddings|^sent_embedding|^video_token_pos|pos_embed|bias_table/.test(name)
  const deviation = name.startsWith('sent_embedding.')
    ? { published: 1, scaled: 0.1 }[start]
    : start === 'published' || isEmbedding
      ? 0.02
      : Number((1 / Math.sqrt(elementCount(shape.slice(1)))).toPrecision(3))
  return drawn(`normal(0, ${deviation})`, normalStream, value => deviation * value)
}

function shapeOf(entries: readonly StateEntry[], name: string): readonly number[] {
  const entry = entries.find(one => one.name === name)
  if (!entry) throw new Error(`the model has no weight ${name}`)
  return entry.shape
}
