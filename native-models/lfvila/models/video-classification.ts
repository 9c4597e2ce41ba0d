import { reduceMean } from '../../graph/build.ts'
import { input } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import { linearLayer } from '../layers/layers.ts'
import { crossEntropy } from '../losses/cross-entropy.ts'
import { project, videoGlobalEmbedding } from '../video/projections.ts'
import { encodedVideo, labelCount, lazy } from './model.ts'
import type { ModelOutputs, ModelShapes } from './model.ts'

/**
 * LFVILA_Video_Classification: `logits` [B, classes] of the normalised global embedding; `loss` needs the input
 * `labels` int32 [B].
 */
export function videoClassification(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const video = encodedVideo(config, shapes)
  const [batch] = shapes.video
  const videoGlobal = lazy(() => videoGlobalEmbedding(video.pooled.clips, config.dimension))
  const logits = lazy(() => linearLayer(videoGlobal(), 'classifier', { out: labelCount(config) }))
  return {
    ...video.outputs,
    videoGlobal,
    logits,
    // The reference computes features of single frames and uses them nowhere.
    videoFrames: () => project(reduceMean(video.pooled.tokens, [2]), 'video_frame_proj', config.dimension),
    loss: () => crossEntropy(logits(), input('labels', 'int32', [batch])),
  }
}
