import { size } from '../shape.ts'
import type { TensorType } from '../tensor.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

/**
 * Multi-head self-attention in one op: Q, K, V = X · weight + bias, softmax(Q · Kᵀ / √headDim + logitBias) · V.
 * X [groups, positions, channels], weight [channels, 3 · channels], bias [3 · channels],
 * logitBias [1 or groups, 1 or heads, positions, positions]. The softmax itself is not available.
 */
const selfAttention: Op<{ heads: number }> = {
  infer(inputs, { heads }) {
    const [x, weight, bias, logitBias] = [at(inputs, 0), at(inputs, 1), at(inputs, 2), at(inputs, 3)]
    const [groups, positions, channels] = [size(x.shape, 0), size(x.shape, 1), size(x.shape, 2)]
    if (channels % heads !== 0) throw new Error(`${heads} heads do not divide ${channels} channels`)
    if (weight.shape.join() !== [channels, 3 * channels].join() || bias.shape.join() !== String(3 * channels)) {
      throw new Error(`attention weights of [${weight.shape.join(', ')}] do not fit ${channels} channels`)
    }
    assertLogitBias(logitBias, [groups, heads, positions, positions])
    return x
  },
  onnx: ([x = '', weight = '', bias = '', logitBias = ''], { heads }) => ({
    opType: 'Attention',
    domain: 'com.microsoft',
    inputs: [x, weight, bias, '', '', logitBias],
    attributes: { num_heads: { int: heads } },
  }),
}

/**
 * softmax(Q · Kᵀ / √headDim + logitBias) · V of projected Q, K and V [groups, positions, channels];
 * logitBias [1 or groups, 1 or heads, positions, positions].
 */
const multiHeadAttention: Op<{ heads: number }> = {
  infer(inputs, { heads }) {
    const [query, key, value, logitBias] = [at(inputs, 0), at(inputs, 1), at(inputs, 2), at(inputs, 3)]
    if (size(query.shape, 2) % heads !== 0) {
      throw new Error(`${heads} heads do not divide ${size(query.shape, 2)} channels`)
    }
    if (key.shape.join() !== query.shape.join() || value.shape.join() !== query.shape.join()) {
      throw new Error('queries, keys and values of one attention have one shape')
    }
    assertLogitBias(logitBias, [size(query.shape, 0), heads, size(query.shape, 1), size(query.shape, 1)])
    return query
  },
  onnx: ([query = '', key = '', value = '', logitBias = ''], { heads }) => ({
    opType: 'MultiHeadAttention',
    domain: 'com.microsoft',
    inputs: [query, key, value, '', '', logitBias],
    attributes: { num_heads: { int: heads } },
  }),
}

function assertLogitBias({ shape }: TensorType, full: readonly number[]): void {
  if (shape.length !== 4 || shape.some((length, axis) => length !== full[axis] && (length !== 1 || axis > 1))) {
    throw new Error(`a logit bias of [${shape.join(', ')}] does not fit [${full.join(', ')}]`)
  }
}

export const attention = { SelfAttention: selfAttention, MultiHeadAttention: multiHeadAttention }
