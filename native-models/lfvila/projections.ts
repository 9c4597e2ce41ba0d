import { l2Normalise, reduceMean, reshape } from '../graph/build.ts'
import { size } from '../graph/shape.ts'
import type { Tensor } from '../graph/tensor.ts'
import { linearLayer } from './layers.ts'

/** The four projections into the shared space; retrieval checkpoints have only the global ones. */
export type Projection = 'video_global_proj' | 'text_global_proj' | 'video_local_proj' | 'text_local_proj'

/** L2-normalised projection of the last axis: [..., in] → [..., dimension]. */
export function project(features: Tensor, projection: Projection, dimension: number): Tensor {
  const inner = size(features.shape, -1)
  const leading = features.shape.slice(0, -1)
  const flat = reshape(features, [leading.reduce((product, length) => product * length, 1), inner])
  return reshape(l2Normalise(linearLayer(flat, projection, dimension)), [...leading, dimension])
}

/** Global video embedding [B, dimension] of clip means [B, clips, C]. */
export const videoGlobalEmbedding = (clips: Tensor, dimension: number): Tensor => project(reduceMean(clips, [1]), 'video_global_proj', dimension)
