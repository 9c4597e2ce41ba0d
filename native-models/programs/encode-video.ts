import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { input } from '../graph/tensor.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import type { Form } from '../lfvila/configuration/form.ts'
import { project, videoGlobalEmbedding, videoLocalEmbedding } from '../lfvila/video/projections.ts'
import { videoEncoder } from '../lfvila/video/video-encoder.ts'
import { poolVideo } from '../lfvila/video/video-pooling.ts'

export interface EncodeVideoOptions {
  /** Segments per run. */
  readonly batch: number
  /** uint8 frames in 0–255, or float32 in 0–1. */
  readonly input: 'uint8' | 'float32'
  /** Whether the checkpoint has `video_local_proj`; without it the global projection stands in for clips. */
  readonly localProjection: boolean
  /** 'explicit' by default, which is right everywhere; 'fused' is for the CPU. */
  readonly form?: Form
}

/**
 * Frames to embeddings. Input `video` [B, T, H, W, 3]; outputs `videoGlobal` [B, dimension] and `videoLocal`
 * [B, clips, dimension], both L2-normalised, and `videoClips` [B, clips, C], the clip means before projection.
 */
export function encodeVideo(config: LfVilaConfig, options: EncodeVideoOptions): Program {
  const [height, width] = config.video.inputSize
  const video = input('video', options.input, [options.batch, config.video.frames, height, width, 3])
  const encoding = videoEncoder(video, config.video, options.form)
  const { clips } = poolVideo(encoding.norm, config.clips)
  return makeProgram('encode-video', {
    videoGlobal: videoGlobalEmbedding(clips, config.dimension),
    videoClips: clips,
    videoLocal: options.localProjection
      ? videoLocalEmbedding(encoding, clips, config)
      : project(clips, 'video_global_proj', config.dimension),
  })
}
