import { cast, concat, divide, expand, linear, reshape, slice, subtract, transpose } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, parameter, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { VideoConfig } from '../configuration/config.ts'
import { patchGrid, tokenCount } from '../configuration/token-grid.ts'
import { layerNormLayer } from '../layers/layers.ts'

/** Per channel, of RGB in 0–1. */
export const imagenetMean = [0.485, 0.456, 0.406]
export const imagenetDeviation = [0.229, 0.224, 0.225]
/** Epsilon of every LayerNorm of the video encoder. */
export const videoEpsilon = 1e-5

/**
 * Frames to tokens: ImageNet normalisation, the patch convolution as one matrix product, LayerNorm.
 * @param video [B, T, H, W, 3], uint8 in 0–255 or float32 in 0–1.
 * @returns [B · T · rows · columns, embedDim], frame-major.
 */
export function patchEmbedding(video: Tensor, config: VideoConfig): Tensor {
  const batch = size(video.shape, 0)
  const grid = patchGrid(config)
  const [rows, columns] = config.patchSize
  const values = rows * columns * 3
  const frames = fitToGrid(
    reshape(video, [batch * grid.frames, size(video.shape, 2), size(video.shape, 3) * 3]),
    grid.rows * rows,
    grid.columns * columns * 3,
  )
  const patches = transpose(
    reshape(frames, [batch * grid.frames, grid.rows, rows, grid.columns, columns * 3]),
    [0, 1, 3, 2, 4],
  )
  const pixels = cast(reshape(patches, [batch * tokenCount(grid), values]), 'float32')
  const perValue = (perChannel: readonly number[], scale: number): Tensor =>
    constant(
      Float32Array.from({ length: values }, (_, index) => scale * (perChannel[index % 3] ?? 0)),
      [1, values],
    )
  // The convolution's kernel is [out, 3, 1, rows, columns]; patches hold channels last.
  const kernel = parameter('video_encoder.patch_embed.proj.weight', [config.embedDim, 3, 1, rows, columns])
  const weight = reshape(transpose(reshape(kernel, [config.embedDim, 3, rows, columns]), [0, 2, 3, 1]), [
    config.embedDim,
    values,
  ])
  // Scaling the few weights instead of all pixels spares two passes over the largest tensor there is.
  const range = frames.dtype === 'uint8' ? 255 : 1
  const scaled = divide(weight, perValue(imagenetDeviation, range))
  const tokens = linear(
    subtract(pixels, perValue(imagenetMean, range)),
    scaled,
    parameter('video_encoder.patch_embed.proj.bias', [config.embedDim]),
  )
  return config.patchNorm ? layerNormLayer(tokens, 'video_encoder.patch_embed.norm', videoEpsilon) : tokens
}

const toUnit = (pixels: Tensor): Tensor =>
  pixels.dtype === 'uint8' ? divide(cast(pixels, 'float32'), scalar(255)) : pixels

/**
 * Frames [n, height, width · 3] cut or padded, at the bottom and right, to `height` and `width` · 3; padding becomes
 * zero by normalisation.
 */
function fitToGrid(frames: Tensor, height: number, width: number): Tensor {
  let fitted = frames
  for (const [axis, wanted] of [
    [1, height],
    [2, width],
  ] as const) {
    const missing = wanted - size(fitted.shape, axis)
    if (missing < 0) fitted = slice(fitted, axis, 0, wanted)
    if (missing <= 0) continue
    const shape = fitted.shape.with(axis, missing)
    const meanRow = constant(
      Float32Array.from({ length: size(shape, 2) }, (_, index) => imagenetMean[index % 3] ?? 0),
      [1, 1, size(shape, 2)],
    )
    fitted = concat([toUnit(fitted), expand(meanRow, shape)], axis)
  }
  return fitted
}
