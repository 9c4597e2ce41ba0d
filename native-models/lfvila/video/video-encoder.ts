import { perSample, reshape } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { VideoConfig } from '../configuration/config.ts'
import type { Form } from '../configuration/form.ts'
import { patchGrid, tokenCount, videoGeometry } from '../configuration/token-grid.ts'
import type { TokenGrid } from '../configuration/token-grid.ts'
import { layerNormLayer } from '../layers/layers.ts'
import { patchEmbedding, videoEpsilon } from './patch-embedding.ts'
import { patchMerging } from './patch-merging.ts'
import { blockLayout, swinBlock } from './swin-block.ts'
import { frameMajor, reorder } from './token-stream.ts'
import type { TokenStream } from './token-stream.ts'

/** Everything the video encoder computes on the way; what a program does not ask for is not part of it. */
export interface VideoEncoding {
  /** [B, T, rows, columns, channels] after patch embedding. */
  readonly patchEmbed: Tensor
  /** Output of each layer, after its patch merging: [B, T, rows, columns, channels]. */
  readonly layers: readonly Tensor[]
  /** Softmax of each block of each layer: [B · windows, heads, positions, positions]. */
  readonly attention: readonly (readonly Tensor[])[]
  /** The final map after `norm`: [B, T, rows, columns, channels]. */
  readonly norm: Tensor
  /**
   * `only_local`: what enters the first layer with a long temporal window, merged and normalised; null when no layer
   * has one.
   */
  readonly local: Tensor | null
}

/**
 * The hierarchical temporal window attention encoder, `video_encoder` (paper section 3.2, REFERENCE §1).
 * @param video [B, T, H, W, 3], uint8 in 0–255 or float32 in 0–1.
 * @param form with 'fused', asking for a softmax as well computes its products twice.
 */
export function videoEncoder(video: Tensor, config: VideoConfig, form: Form = 'explicit'): VideoEncoding {
  const batch = size(video.shape, 0)
  const { stages, final } = videoGeometry(config)
  const patches = patchEmbedding(video, config)
  const patchMap = patchGrid(config)
  let stream: TokenStream = { tokens: patches, batch, order: frameMajor(tokenCount(patchMap)) }
  const layers: Tensor[] = []
  const attention: Tensor[][] = []
  let local: Tensor | null = null
  const blocks = stages.reduce((sum, { depth }) => sum + depth, 0)
  let blocksBefore = 0
  for (const [index, stage] of stages.entries()) {
    const name = `video_encoder.layers.${index}`
    if (local === null && stage.configured[0] > config.localWindow) local = localFeature(stream, stage.grid)
    const softmaxes: Tensor[] = []
    for (let block = 0; block < stage.depth; block++) {
      const skipped = blocks > 1 ? (config.dropPath * blocksBefore++) / (blocks - 1) : 0
      const result = swinBlock(stream, {
        stage,
        name: `${name}.blocks.${block}`,
        layout: blockLayout(stage, block),
        form,
        skipped,
      })
      stream = { ...result.stream, tokens: perSample(result.stream.tokens) }
      softmaxes.push(result.attention.probabilities)
    }
    attention.push(softmaxes)
    const next = stages[index + 1]
    if (stage.merges) {
      const first = next && blockLayout(next, 0)
      stream = patchMerging(stream, stage.grid, {
        name: `${name}.downsample`,
        order: first && !first.padded ? first.tokens : undefined,
      })
    }
    layers.push(frameMajorMap(stream, next?.grid ?? final))
  }
  const norm = frameMajorMap(
    { ...stream, tokens: layerNormLayer(stream.tokens, 'video_encoder.norm', videoEpsilon) },
    final,
  )
  return { patchEmbed: reshape(patches, mapShape(batch, patchMap)), layers, attention, norm, local }
}

function localFeature(stream: TokenStream, grid: TokenGrid): Tensor {
  const merged = patchMerging(stream, grid, { name: 'video_encoder.local_feat_proj' })
  const normalised = layerNormLayer(merged.tokens, 'video_encoder.norm_local', videoEpsilon)
  return reshape(
    normalised,
    mapShape(stream.batch, {
      ...grid,
      rows: Math.ceil(grid.rows / 2),
      columns: Math.ceil(grid.columns / 2),
      channels: 2 * grid.channels,
    }),
  )
}

function frameMajorMap(stream: TokenStream, grid: TokenGrid): Tensor {
  return reshape(reorder(stream, frameMajor(tokenCount(grid))).tokens, mapShape(stream.batch, grid))
}

const mapShape = (batch: number, grid: TokenGrid): number[] => [
  batch,
  grid.frames,
  grid.rows,
  grid.columns,
  grid.channels,
]
