import { add, dropout, expand, multiply, reshape } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { input, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import { publishedSpanPatches, spanLogits } from '../layers/heads.ts'
import { linearLayer } from '../layers/layers.ts'
import { crossEntropy, weightedCrossEntropy } from '../losses/cross-entropy.ts'
import { crossModalEncoder, pooler, videoTokens } from '../text/cross-modal-encoder.ts'
import { encodedText, encodedVideo, labelCount, lazy } from './model.ts'
import type { ModelOutputs, ModelShapes } from './model.ts'

/**
 * LFVILA_QA_Classification: one of a fixed set of answers. Output `logits` [B, answers]; `loss` needs the input
 * `labels` int32 [B].
 */
export function questionClassification(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const video = encodedVideo(config, shapes)
  if (shapes.text === null) return video.outputs
  const text = encodedText(config, shapes.text)
  const [batch] = shapes.video
  const logits = lazy(() => {
    const { sequence } = crossModalEncoder(text.encoding, videoTokens(video.pooled.tokens, config), config.text)
    return linearLayer(dropout(pooler(sequence, config.text), config.text.dropout), 'text_encoder.classifier', {
      out: labelCount(config),
    })
  })
  return {
    ...video.outputs,
    ...text.outputs,
    logits,
    loss: () => crossEntropy(logits(), input('labels', 'int32', [batch]), config.loss.labelSmoothing),
  }
}

/**
 * LFVILA_QA_Multichoice: text is [B, choices, M, L], question and subtitles with each choice of an answer. Outputs
 * `logits` [B, choices] and `span.logits` [B, T, 2]: whether a frame belongs to the span that answers. The losses need
 * the inputs `labels` int32 [B], `spanLabels` int32 [B, T] and `spanLabelWeights` float32 [B, T].
 */
export function multipleChoice(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const video = encodedVideo(config, shapes)
  if (shapes.text === null) return video.outputs
  const [batch, frames] = shapes.video
  const [, choices = 0, sentences = 0, length = 0] = shapes.text
  const text = encodedText(
    config,
    shapes.text,
    config.mergesSentences ? [batch * choices, 1, sentences * length] : [batch * choices, sentences, length],
  )
  const sequence = lazy(() => {
    const tokens = videoTokens(video.pooled.tokens, config)
    const [visible, hidden] = [size(tokens.shape, 1), size(tokens.shape, 2)]
    const repeated = reshape(expand(reshape(tokens, [batch, 1, visible, hidden]), [batch, choices, visible, hidden]), [
      batch * choices,
      visible,
      hidden,
    ])
    return crossModalEncoder(text.encoding, repeated, config.text).sequence
  })
  const logits = lazy(() =>
    reshape(
      linearLayer(dropout(pooler(sequence(), config.text), config.text.dropout), 'text_encoder.classifier', { out: 1 }),
      [batch, choices],
    ),
  )
  const spanGeneralised = lazy(() => spanLogits(sequence(), { frames, patches: config.videoPatches, choices }))
  const span = config.corrections.spanPatches
    ? spanGeneralised
    : lazy(() => spanLogits(sequence(), { frames, patches: publishedSpanPatches, choices }))
  const loss = lazy(() => crossEntropy(logits(), input('labels', 'int32', [batch])))
  const spanLoss = lazy(() => {
    const flat = (tensor: Tensor): Tensor => reshape(tensor, [batch * frames])
    return weightedCrossEntropy(
      reshape(span(), [batch * frames, 2]),
      flat(input('spanLabels', 'int32', [batch, frames])),
      flat(input('spanLabelWeights', 'float32', [batch, frames])),
    )
  })
  const { spanWeight } = config.loss
  return {
    ...video.outputs,
    ...text.outputs,
    logits,
    loss,
    'span.logits': span,
    'span.logitsGeneralised': spanGeneralised,
    'loss.span': spanLoss,
    /** What the reference trains on. */
    'loss.total': () => (spanWeight === 0 ? loss() : add(loss(), multiply(spanLoss(), scalar(spanWeight)))),
  }
}
