import { ExpectedError } from '../../expected-error.ts'
import { gelu, linear, reduceMax, reduceMean, reshape, slice } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { parameter } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { TextConfig } from '../configuration/config.ts'
import { layerNormLayer, linearLayer } from './layers.ts'

/**
 * Masked language modelling: scores of every word of the vocabulary. The decoder has weights of its own, not those of
 * the word embedding, and its bias is also known as `decoder.bias` (REFERENCE §2).
 * @param tokens [n, hidden]. @returns [n, vocabulary].
 */
export function wordLogits(tokens: Tensor, { hidden, vocabulary, epsilon }: TextConfig): Tensor {
  const name = 'text_encoder.cls.predictions'
  const transformed = layerNormLayer(
    gelu(linearLayer(tokens, `${name}.transform.dense`, { out: hidden })),
    `${name}.transform.LayerNorm`,
    epsilon,
  )
  return linear(
    transformed,
    parameter(`${name}.decoder.weight`, [vocabulary, hidden]),
    parameter(`${name}.bias`, [vocabulary]),
  )
}

/** Video–text matching: [B, hidden] of the pooler → [B, 2], not matching and matching. */
export const matchingLogits = (pooled: Tensor): Tensor =>
  linearLayer(pooled, 'text_encoder.seq_relationship', { out: 2 })

/** Patches of a frame that the published span head takes, whatever the frame size. */
export const publishedSpanPatches = 6

interface SpanQuestion {
  readonly frames: number
  /** Positions taken per frame. */
  readonly patches: number
  readonly choices: number
}

/**
 * Whether each frame belongs to the span that answers, the largest score over the choices.
 * @param sequence [B · choices, S, hidden] from the cross-modal encoder, whose last positions are patches, frame by
 * frame.
 * @returns [B, T, 2].
 * @throws ExpectedError when so many patches per frame are more than the sequence is long.
 */
export function spanLogits(sequence: Tensor, { frames, patches, choices }: SpanQuestion): Tensor {
  const [groups, length, hidden] = [size(sequence.shape, 0), size(sequence.shape, 1), size(sequence.shape, 2)]
  if (frames * patches > length) {
    throw new ExpectedError(
      'model-config',
      `The published span head takes ${patches} patches of each of ${frames} frames, more than there are; set the correction spanPatches.`,
    )
  }
  const taken = slice(sequence, 1, length - frames * patches, length)
  const perFrame = reduceMean(reshape(taken, [groups * frames, patches, hidden]), [1])
  const scores = linearLayer(perFrame, 'text_encoder.span_classifier', { out: 2 })
  return reduceMax(reshape(scores, [groups / choices, choices, frames, 2]), [1])
}
