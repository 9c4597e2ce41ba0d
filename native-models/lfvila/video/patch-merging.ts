import { reshape } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { mergedGrid, tokenCount } from '../configuration/token-grid.ts'
import type { TokenGrid } from '../configuration/token-grid.ts'
import { layerNormLayer, linearLayer } from '../layers/layers.ts'
import { videoEpsilon } from './patch-embedding.ts'
import { frameMajor, takeTokens } from './token-stream.ts'
import type { TokenStream } from './token-stream.ts'

/** Offsets (row, column) of the four tokens that become one, in the order their channels are concatenated. */
const quadrants = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

interface Merging {
  readonly name: string
  /** The order wanted for the merged tokens (frame-major by default). */
  readonly order?: Int32Array
}

/**
 * Joins 2 × 2 neighbouring tokens: concatenation, LayerNorm, Linear without bias. An odd row or column is padded with
 * zeros.
 */
export function patchMerging(
  stream: TokenStream,
  grid: TokenGrid,
  { name, order = frameMajor(tokenCount(mergedGrid(grid))) }: Merging,
): TokenStream {
  const merged = mergedGrid(grid)
  const sources = new Int32Array(order.length * quadrants.length)
  let at = 0
  for (const token of order) {
    const column = token % merged.columns
    const row = Math.floor(token / merged.columns) % merged.rows
    const frame = Math.floor(token / (merged.columns * merged.rows))
    for (const [down, right] of quadrants) {
      const [r, c] = [2 * row + down, 2 * column + right]
      sources[at++] = r < grid.rows && c < grid.columns ? (frame * grid.rows + r) * grid.columns + c : -1
    }
  }
  const quads: Tensor = reshape(takeTokens(stream, sources), [
    stream.batch * order.length,
    quadrants.length * size(stream.tokens.shape, 1),
  ])
  const tokens = linearLayer(layerNormLayer(quads, `${name}.norm`, videoEpsilon), `${name}.reduction`, {
    out: merged.channels,
    bias: false,
  })
  return { tokens, batch: stream.batch, order }
}
