import { size } from '../shape.ts'
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
    if (weight.shape.join() !== [channels, 3 * channels].join() || bias.shape.join() !== String(3 * channels)) throw new Error(`attention weights of [${weight.shape.join(', ')}] do not fit ${channels} channels`)
    const full = [groups, heads, positions, positions]
    if (logitBias.shape.length !== 4 || logitBias.shape.some((length, axis) => length !== full[axis] && (length !== 1 || axis > 1))) throw new Error(`a logit bias of [${logitBias.shape.join(', ')}] does not fit [${full.join(', ')}]`)
    return x
  },
  onnx: ([x = '', weight = '', bias = '', logitBias = ''], { heads }) => ({
    opType: 'Attention', domain: 'com.microsoft', inputs: [x, weight, bias, '', '', logitBias], attributes: { num_heads: { int: heads } },
  }),
}

export const attention = { SelfAttention: selfAttention }
