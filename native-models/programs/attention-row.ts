import { gather, multiply, reduceSum } from '../graph/build.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { constant, input } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import { tokenCount, videoGeometry } from '../lfvila/configuration/token-grid.ts'
import type { TokenGrid } from '../lfvila/configuration/token-grid.ts'
import { blockLayout } from '../lfvila/video/swin-block.ts'
import { videoEncoder } from '../lfvila/video/video-encoder.ts'

/**
 * The raw softmax row of one query token of one block. Inputs `video` [1, T, H, W, 3] and `query` int32 [3]: frame, row
 * and column in that stage's token grid. Outputs `weights` [heads, positions], and `keys` int32 [positions, 3]: the
 * frame, row and column of each key position, (−1, −1, −1) where the window reaches into padding. Computes no further
 * than that block.
 * @throws RangeError when the stage or block does not exist.
 */
export function attentionRow(
  config: LfVilaConfig,
  { stage, block }: { stage: number; block: number },
  pixels: 'uint8' | 'float32' = 'uint8',
): Program {
  const geometry = videoGeometry(config.video).stages[stage]
  const [height, width] = config.video.inputSize
  const probabilities = videoEncoder(input('video', pixels, [1, config.video.frames, height, width, 3]), config.video)
    .attention[stage]?.[block]
  if (!geometry || !probabilities) throw new RangeError(`there is no block ${block} in stage ${stage}`)
  const layout = blockLayout(geometry, block)
  const { grid } = geometry
  const token = reduceSum(
    multiply(input('query', 'int32', [3]), constant(Int32Array.of(grid.rows * grid.columns, grid.columns, 1), [3])),
    [0],
  )
  const place = new Int32Array(tokenCount(grid))
  for (const [index, held] of layout.tokens.entries()) if (held >= 0) place[held] = index
  const lookUp = (of: (place: number) => number): Tensor => gather(constant(place.map(of), [place.length]), token)
  const window = lookUp(index => Math.floor(index / layout.positions))
  const rows = gather(probabilities, window)
  const keys = gather(constant(coordinates(layout.tokens, grid), [layout.windows, layout.positions, 3]), window)
  return makeProgram('attention-row', {
    weights: gather(
      rows,
      lookUp(index => index % layout.positions),
      1,
    ),
    keys,
  })
}

function coordinates(tokens: Int32Array, { rows, columns }: TokenGrid): Int32Array {
  return Int32Array.from(
    [...tokens].flatMap(token =>
      token < 0
        ? [-1, -1, -1]
        : [Math.floor(token / (rows * columns)), Math.floor(token / columns) % rows, token % columns],
    ),
  )
}
