import { ExpectedError } from '../../expected-error.ts'
import { add, multiply } from '../../graph/build.ts'
import { input, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import { globalContrastiveLoss, temporalContrastiveLoss } from '../losses/losses.ts'
import { project, videoGlobalEmbedding, videoLocalEmbedding } from '../video/projections.ts'
import { encodedText, encodedVideo, lazy } from './model.ts'
import type { EncodedText, EncodedVideo, ModelOutputs, ModelShapes } from './model.ts'

/** The two towers, their embeddings and the loss that compares them. */
export interface Pair {
  readonly video: EncodedVideo
  readonly text: EncodedText | null
  readonly outputs: ModelOutputs
}

/** Both encoders with their global projections: `videoGlobal`, `textGlobal`, and `loss.global` of the two. */
export function pair(config: LfVilaConfig, shapes: ModelShapes): Pair {
  const video = encodedVideo(config, shapes)
  const videoGlobal = lazy(() => videoGlobalEmbedding(video.pooled.clips, config.dimension))
  if (shapes.text === null) return { video, text: null, outputs: { ...video.outputs, videoGlobal } }
  const text = encodedText(config, shapes.text)
  const textGlobal = lazy(() => project(text.encoding.globalToken, 'text_global_proj', config.dimension))
  const outputs = {
    ...video.outputs,
    ...text.outputs,
    videoGlobal,
    textGlobal,
    'loss.global': lazy(() => globalContrastiveLoss(videoGlobal(), textGlobal(), config.loss)),
  }
  return { video, text, outputs }
}

/** LFVILA_Retrieval. */
export function retrieval(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const { outputs } = pair(config, shapes)
  const loss = outputs['loss.global']
  return loss ? { ...outputs, loss } : outputs
}

/**
 * LFVILA_Pretrain, stage 1. Its inputs `keyIndices`, `valueIndices` [B, 2] and `otherNegativeIndices` [B] say which
 * elements the temporal loss compares.
 */
export function pretrainingStage1(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const { video, text, outputs } = pair(config, shapes)
  const videoLocal = lazy(() => videoLocalEmbedding(video.encoding, video.pooled.clips, config))
  const global = outputs['loss.global']
  if (!text || !global) return { ...outputs, videoLocal }
  const textLocal = lazy(() => project(text.encoding.sentenceTokens, 'text_local_proj', config.dimension))
  const [batch] = shapes.video
  const { keys, values, timeWeight } = config.loss
  const time = lazy(() => {
    if (config.clips < Math.max(keys, values)) throw tooFewClips(config)
    return temporalContrastiveLoss(textLocal(), videoLocal(), {
      indices: {
        key: input('keyIndices', 'int32', [batch, keys]),
        value: input('valueIndices', 'int32', [batch, values]),
        otherNegative: input('otherNegativeIndices', 'int32', [batch]),
      },
      config: config.loss,
    })
  })
  const timeWeighted = lazy(() => multiply(time(), scalar(timeWeight)))
  const loss = (): Tensor => (timeWeight === 0 ? global() : add(global(), timeWeighted()))
  return { ...outputs, videoLocal, textLocal, 'loss.time': time, 'loss.timeWeighted': timeWeighted, loss }
}

function tooFewClips({ clips, loss: { keys, values } }: LfVilaConfig): ExpectedError {
  const drawn = `${keys} keys and ${values} values`
  return new ExpectedError(
    'model-config',
    `The temporal contrastive loss draws ${drawn} among the clips of a video, but the model divides one into ${clips}; give it more clips (sample_clip).`,
  )
}
