import { add, gatherRows, multiply, reshape, slice } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, input, scalar, elementCount } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import { matchingLogits, wordLogits } from '../layers/heads.ts'
import { accuracy, crossEntropy } from '../losses/cross-entropy.ts'
import { crossModalEncoder, pooler, videoTokens } from '../text/cross-modal-encoder.ts'
import { pair } from './contrastive.ts'
import { lazy } from './model.ts'
import type { ModelOutputs, ModelShapes } from './model.ts'

/**
 * LFVILA_Pretrain, stage 2: masked words are guessed from text and video, and pairs are told from non-pairs. The first
 * half of a batch gets the videos of its neighbours; its masked words do not count in the loss. With two or three
 * samples that half is one sample, which keeps its own video and is still labelled a non-pair (REFERENCE §3).
 * Input `mlmLabels` int32 [B, M · L]: the masked words, −100 elsewhere.
 */
export function pretrainingStage2(config: LfVilaConfig, shapes: ModelShapes): ModelOutputs {
  const { video, text, outputs } = pair(config, shapes)
  if (!text) return outputs
  const [batch] = shapes.video
  const half = Math.floor(batch / 2)
  const words = size(text.encoding.mask.shape, 1) - 1
  const labels = input('mlmLabels', 'int32', [batch, words])
  const matches = constant(
    Int32Array.from({ length: batch }, (_, sample) => (sample < half ? 0 : 1)),
    [batch],
  )

  const sequence = lazy(() => {
    const shuffled = Int32Array.from({ length: batch }, (_, sample) =>
      sample < half ? (sample + half - 1) % half : sample,
    )
    const tokens = gatherRows(videoTokens(video.pooled.tokens, config), shuffled)
    return crossModalEncoder(text.encoding, tokens, config.text).sequence
  })
  const vtmLogits = lazy(() => matchingLogits(pooler(sequence(), config.text)))
  const mlmLogits = (): Tensor =>
    reshape(wordLogits(rows(sequence()), config.text), [batch, size(sequence().shape, 1), config.text.vocabulary])
  // Only words have labels: the global token and the patches need no scores where just a loss or an accuracy is asked
  // for.
  const wordRows = (first: number): Tensor =>
    wordLogits(rows(slice(slice(sequence(), 0, first, batch), 1, 1, 1 + words)), config.text)
  const wordLabels = (first: number): Tensor => reshape(slice(labels, 0, first, batch), [(batch - first) * words])
  const mlm = lazy(() => multiply(crossEntropy(wordRows(half), wordLabels(half)), scalar(config.loss.mlmWeight)))
  const vtmWeighted = lazy(() => multiply(crossEntropy(vtmLogits(), matches), scalar(config.loss.vtmWeight)))
  return {
    ...outputs,
    'mlm.logits': mlmLogits,
    'vtm.logits': vtmLogits,
    'loss.mlm': mlm,
    'loss.vtmWeighted': vtmWeighted,
    loss: () => add(mlm(), vtmWeighted()),
    'accuracy.mlm': () => accuracy(wordRows(0), wordLabels(0)),
    'accuracy.vtm': () => accuracy(vtmLogits(), matches),
  }
}

/** [..., C] → [n, C] */
function rows(x: Tensor): Tensor {
  const channels = size(x.shape, -1)
  return reshape(x, [elementCount(x.shape.slice(0, -1)), channels])
}
