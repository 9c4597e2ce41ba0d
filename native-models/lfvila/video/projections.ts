import { l2Normalise, reduceMean, reshape } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { elementCount } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import { linearLayer } from '../layers/layers.ts'
import type { VideoEncoding } from './video-encoder.ts'
import { poolVideo } from './video-pooling.ts'

/**
 * The projections into the shared space. Retrieval checkpoints have the global ones, video classification that of whole
 * videos and that of frames.
 */
export type Projection =
  'video_global_proj' | 'text_global_proj' | 'video_local_proj' | 'text_local_proj' | 'video_frame_proj'

/** L2-normalised projection of the last axis: [..., in] → [..., dimension]. */
export function project(features: Tensor, projection: Projection, dimension: number): Tensor {
  const inner = size(features.shape, -1)
  const leading = features.shape.slice(0, -1)
  const flat = reshape(features, [elementCount(leading), inner])
  return reshape(l2Normalise(linearLayer(flat, projection, { out: dimension })), [...leading, dimension])
}

/**
 * Clip embeddings [B, clips, dimension]. The reference computes local features for them, throws them away and takes the
 * final map; with the correction `localFeatures` they are what is projected.
 * @param clips [B, clips, C], means over the final map.
 */
export function videoLocalEmbedding({ local }: VideoEncoding, clips: Tensor, config: LfVilaConfig): Tensor {
  const features = config.corrections.localFeatures && local ? poolVideo(local, config.clips).clips : clips
  return project(features, 'video_local_proj', config.dimension)
}

/** Global video embedding [B, dimension] of clip means [B, clips, C]. */
export const videoGlobalEmbedding = (clips: Tensor, dimension: number): Tensor =>
  project(reduceMean(clips, [1]), 'video_global_proj', dimension)
