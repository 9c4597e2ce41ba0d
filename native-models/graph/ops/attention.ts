import { at } from './op.ts'
import type { Op } from './op.ts'

/**
 * softmax(scale · Q · Kᵀ + bias) · V per head, in one op. Q, K and V are [groups, positions, heads · headDim];
 * bias is [1 or groups, 1 or heads, positions, positions]. The softmax itself is not available.
 */
const multiHeadAttention: Op<{ heads: number, scale: number }> = {
  infer(inputs, { heads }) {
    const [query, bias] = [at(inputs, 0), at(inputs, 3)]
    const [groups = 0, positions = 0, channels = 0] = query.shape
    if (channels % heads !== 0) throw new Error(`${heads} heads do not divide ${channels} channels`)
    const expected = [groups, heads, positions, positions]
    if (bias.shape.length !== 4 || bias.shape.some((size, axis) => size !== expected[axis] && (size !== 1 || axis > 1))) throw new Error(`an attention bias of [${bias.shape.join(', ')}] does not fit [${expected.join(', ')}]`)
    return query
  },
  onnx: ([query = '', key = '', value = '', bias = ''], { heads, scale }) => ({
    opType: 'MultiHeadAttention',
    domain: 'com.microsoft',
    inputs: [query, key, value, '', '', bias],
    attributes: { num_heads: { int: heads }, scale: { float: scale } },
  }),
}

export const attention = { MultiHeadAttention: multiHeadAttention }
