import { concat, gatherRows } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'

/**
 * Tokens of a batch of videos as a matrix [batch · tokens, channels]. Layer norms and linear layers do not
 * care about the order of rows, so rows stay in the order of the last window partition until another is needed.
 * `order`: for each row of one video the token (frame-major index) it holds.
 */
export interface TokenStream {
  readonly tokens: Tensor
  readonly batch: number
  readonly order: Int32Array
}

export const frameMajor = (count: number): Int32Array => Int32Array.from({ length: count }, (_, index) => index)

/**
 * Rows for the tokens asked for, one gather: [batch · tokens.length, channels]. A token −1 gives a row of zeros.
 */
export function takeTokens(stream: TokenStream, tokens: Int32Array): Tensor {
  const perVideo = stream.order.length
  const rowOf = new Int32Array(perVideo)
  for (const [row, token] of stream.order.entries()) rowOf[token] = row
  const zeroRow = stream.batch * perVideo
  const rows = new Int32Array(stream.batch * tokens.length)
  for (let video = 0; video < stream.batch; video++) {
    for (const [index, token] of tokens.entries()) {
      rows[video * tokens.length + index] = token < 0 ? zeroRow : video * perVideo + (rowOf[token] ?? 0)
    }
  }
  if (!rows.includes(zeroRow)) return gatherRows(stream.tokens, rows)
  const channels = size(stream.tokens.shape, 1)
  return gatherRows(concat([stream.tokens, constant(new Float32Array(channels), [1, channels])], 0), rows)
}

/** The same tokens in another order of rows. */
export function reorder(stream: TokenStream, order: Int32Array): TokenStream {
  return { tokens: takeTokens(stream, order), batch: stream.batch, order }
}
