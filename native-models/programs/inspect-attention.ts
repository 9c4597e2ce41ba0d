import { multiply, reduceSum, reshape, transpose } from '../graph/build.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { size } from '../graph/shape.ts'
import { constant, input } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import { videoGeometry } from '../lfvila/configuration/token-grid.ts'
import type { WindowLayout } from '../lfvila/configuration/windows.ts'
import { blockLayout } from '../lfvila/video/swin-block.ts'
import { videoEncoder } from '../lfvila/video/video-encoder.ts'

/** Name of the output that holds one block's frame × frame maps. */
export const attentionOutput = (stage: number, block: number): string => `attention.${stage}.${block}`

/**
 * Every block's attention of one segment, reduced to frames: input `video` [1, T, H, W, 3]; outputs `attention.S.B`
 * [heads, temporal windows, window, window], where row q, column k is the share of attention that patches of
 * frame q give to frame k of their temporal window, averaged over those patches. Rows sum to 1.
 */
export function inspectAttention(config: LfVilaConfig, pixels: 'uint8' | 'float32' = 'uint8'): Program {
  const [height, width] = config.video.inputSize
  const { attention } = videoEncoder(input('video', pixels, [1, config.video.frames, height, width, 3]), config.video)
  const outputs = videoGeometry(config.video).stages.flatMap((stage, s) =>
    (attention[s] ?? []).map(
      (probabilities, b) => [attentionOutput(s, b), frameMaps(probabilities, blockLayout(stage, b))] as const,
    ),
  )
  return makeProgram('inspect-attention', Object.fromEntries(outputs))
}

/** probabilities [windows, heads, positions, positions] → [heads, temporal windows, frames, frames]. */
function frameMaps(probabilities: Tensor, layout: WindowLayout): Tensor {
  const heads = size(probabilities.shape, 1)
  const frames = layout.window[0]
  const patches = layout.positions / frames
  const spatial = layout.windows / layout.temporalWindows
  const perKeyFrame = reduceSum(reshape(probabilities, [layout.windows, heads, layout.positions, frames, patches]), [4])
  const weighted = multiply(perKeyFrame, constant(queryWeights(layout), [layout.windows, 1, layout.positions, 1]))
  const perQueryFrame = reduceSum(reshape(weighted, [layout.windows, heads, frames, patches, frames]), [3])
  const perTemporalWindow = reduceSum(
    reshape(perQueryFrame, [layout.temporalWindows, spatial, heads, frames, frames]),
    [1],
  )
  return transpose(perTemporalWindow, [1, 0, 2, 3])
}

/** One over the number of real patches of a query's frame, zero for padding: the weights of a mean over patches. */
function queryWeights(layout: WindowLayout): Float32Array {
  const frames = layout.window[0]
  const patches = layout.positions / frames
  const spatial = layout.windows / layout.temporalWindows
  const frameOf = (index: number): number =>
    Math.floor(Math.floor(index / layout.positions) / spatial) * frames +
    Math.floor((index % layout.positions) / patches)
  const counts = new Float32Array(layout.temporalWindows * frames)
  for (const [place, token] of layout.tokens.entries()) {
    if (token >= 0) counts[frameOf(place)] = (counts[frameOf(place)] ?? 0) + 1
  }
  return Float32Array.from(layout.tokens, (token, index) => (token < 0 ? 0 : 1 / (counts[frameOf(index)] ?? 1)))
}
