import { concat, reduceMean, reduceSum, reshape, slice } from '../graph/build.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { size } from '../graph/shape.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import type { LfVilaKind } from '../lfvila/configuration/state-dict.ts'
import { encodedText, encodedVideo } from '../lfvila/models/model.ts'
import { crossModalEncoder, videoTokens } from '../lfvila/text/cross-modal-encoder.ts'

export interface WordAttentionOptions {
  /** Sentences of the text, and tokens of a sentence, padding included. */
  readonly sentences: number
  readonly length: number
  readonly pixels: 'uint8' | 'float32'
}

/** Name of the output that holds the attention of one cross-modal layer, counted from 0. */
export const wordAttentionOutput = (layer: number): string => `attention.${layer}`

/** How many layers read text and video together (REFERENCE §2.1, stage 2). */
export const crossModalLayers = ({ text }: LfVilaConfig): number => text.layers - text.pairLayers

/**
 * The attention of the cross-modal encoder over one text and one video. Inputs `video` [1, T, H, W, 3], `textIds` and
 * `attentionMask` int32 [1, M, L]; outputs `attention.K` [heads, places, places] for every layer, where the places are
 * the global token, the M · L words and the T frames. A frame as key has the sum over its patches, as query the mean
 * over them, so that rows sum to 1. The kind says how a text is read.
 */
export function wordAttention(
  config: LfVilaConfig,
  kind: LfVilaKind,
  { sentences, length, pixels }: WordAttentionOptions,
): Program {
  const { frames, inputSize } = config.video
  const video = encodedVideo(config, { video: [1, frames, ...inputSize, 3], pixels, text: null })
  const merged = kind === 'qa-multichoice' && config.mergesSentences
  const text = encodedText(config, [1, sentences, length], merged ? [1, 1, sentences * length] : undefined)
  const { attention } = crossModalEncoder(text.encoding, videoTokens(video.pooled.tokens, config), config.text)
  const words = 1 + sentences * length
  return makeProgram(
    'word-attention',
    Object.fromEntries(
      attention.map((softmax, layer) => [wordAttentionOutput(layer), byFrame(softmax, words, frames)]),
    ),
  )
}

/** softmax [1, heads, S, S] over words and patches → [heads, words + frames, words + frames]. */
function byFrame(softmax: Tensor, words: number, frames: number): Tensor {
  const [heads, places] = [size(softmax.shape, 1), size(softmax.shape, 3)]
  const patches = (places - words) / frames
  const all = reshape(softmax, [heads, places, places])
  const toFrames = reduceSum(reshape(slice(all, 2, words, places), [heads, places, frames, patches]), [3])
  const columns = concat([slice(all, 2, 0, words), toFrames], 2)
  const width = words + frames
  const fromFrames = reduceMean(reshape(slice(columns, 1, words, places), [heads, frames, patches, width]), [2])
  return concat([slice(columns, 1, 0, words), fromFrames], 1)
}
