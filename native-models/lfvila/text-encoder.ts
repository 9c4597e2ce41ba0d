import { ExpectedError } from '../expected-error.ts'
import { add, cast, concat, gather, multiply, reduceMean, reshape, slice, subtract } from '../graph/build.ts'
import { size } from '../graph/shape.ts'
import { constant, parameter, scalar } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import { bertLayer } from './bert-layer.ts'
import type { TextConfig } from './config.ts'
import { layerNormLayer } from './layers.ts'

/**
 * Added to the logits of padded positions. transformers before 4.21 used −10000, later ones the most negative
 * finite float; they differ only in sentences that are padding altogether (REFERENCE §2).
 */
export type MaskValue = number | 'lowest'
export const defaultMaskValue: MaskValue = -10000
const lowestFloat = -3.4028234663852886e38

export interface TextEncoding {
  /** BertEmbeddings, [B · M, L, hidden]. */
  readonly embeddings: Tensor
  /** After the layers that see one sentence at a time, [B · M, L, hidden]. */
  readonly stage0: Tensor
  /** With position in the paragraph and sentence added, [B, M · L, hidden]. */
  readonly sentence: Tensor
  /** After the layers that see the paragraph, the global token first: [B, 1 + M · L, hidden]. */
  readonly stage1: Tensor
  /** First token of each sentence after stage 0, [B, M, hidden]. */
  readonly sentenceTokens: Tensor
  /** The global token after stage 1, [B, hidden]. */
  readonly globalToken: Tensor
}

/**
 * Stages 0 and 1 of the text encoder.
 * @param textIds int32 [B, M, L] (sentences M, tokens L; M · L within the position table, M within the segment table).
 * @param attentionMask int32 [B, M, L], 1 for tokens and 0 for padding.
 * @throws ExpectedError when the tables are too small for so many sentences or tokens.
 */
export function textEncoder(textIds: Tensor, attentionMask: Tensor, config: TextConfig, maskValue: MaskValue = defaultMaskValue): TextEncoding {
  const [batch, sentences, length] = [size(textIds.shape, 0), size(textIds.shape, 1), size(textIds.shape, 2)]
  const { hidden } = config
  if (sentences * length > config.positions || sentences > config.segments) {
    throw new ExpectedError('text-size', `${sentences} sentences of ${length} tokens do not fit this model, which has ${config.positions} positions for at most ${config.segments} sentences; take fewer or shorter sentences.`)
  }
  const embedded = tokenEmbeddings(textIds, config)
  const mask = cast(attentionMask, 'float32')

  let x = embedded
  const sentenceMask = additiveMask(reshape(mask, [batch * sentences, 1, 1, length]), maskValue)
  for (let layer = 0; layer < config.localLayers; layer++) x = bertLayer(x, sentenceMask, layer, config)
  const stage0 = reshape(x, [batch * sentences, length, hidden])

  const sentence = sentenceEmbedding(x, batch, sentences, length, config)
  const firstTokens = gather(reshape(sentence, [batch, sentences, length, hidden]), constant(Int32Array.of(0), []), 2)
  const global = reduceMean(firstTokens, [1], true)
  const paragraph = 1 + sentences * length
  const ones = constant(new Float32Array(batch).fill(1), [batch, 1])
  const paragraphMask = additiveMask(reshape(concat([ones, reshape(mask, [batch, sentences * length])], 1), [batch, 1, 1, paragraph]), maskValue)
  x = reshape(concat([global, sentence], 1), [batch * paragraph, hidden])
  for (let layer = config.localLayers; layer < config.pairLayers; layer++) x = bertLayer(x, paragraphMask, layer, config)
  const stage1 = reshape(x, [batch, paragraph, hidden])
  const first = constant(Int32Array.of(0), [])
  return {
    embeddings: reshape(embedded, [batch * sentences, length, hidden]), stage0, sentence, stage1,
    sentenceTokens: reshape(gather(stage0, first, 1), [batch, sentences, hidden]), globalToken: gather(stage1, first, 1),
  }
}

/** BertEmbeddings: word, token type 0 and position, LayerNorm. [B · M · L, hidden] */
function tokenEmbeddings(textIds: Tensor, config: TextConfig): Tensor {
  const name = 'text_encoder.bert.embeddings'
  const { hidden } = config
  const length = size(textIds.shape, -1)
  const words = gather(parameter(`${name}.word_embeddings.weight`, [config.vocabulary, hidden]), reshape(textIds, [textIds.shape.reduce((a, b) => a * b, 1) / length, length]))
  const types = slice(parameter(`${name}.token_type_embeddings.weight`, [config.tokenTypes, hidden]), 0, 0, 1)
  const positions = slice(parameter(`${name}.position_embeddings.weight`, [config.positions, hidden]), 0, 0, length)
  return reshape(layerNormLayer(add(add(words, types), positions), `${name}.LayerNorm`, config.epsilon), [words.shape.slice(0, 2).reduce((a, b) => a * b, 1), hidden])
}

/** `sent_embedding`: position in the paragraph and a segment per sentence, LayerNorm. [B, M · L, hidden] */
function sentenceEmbedding(x: Tensor, batch: number, sentences: number, length: number, config: TextConfig): Tensor {
  const { hidden } = config
  const positions = slice(parameter('sent_embedding.position_embeddings.weight', [config.positions, hidden]), 0, 0, sentences * length)
  const sentenceOf = Int32Array.from({ length: sentences * length }, (_, position) => Math.floor(position / length))
  const segments = gather(parameter('sent_embedding.segment_embeddings.weight', [config.segments, hidden]), constant(sentenceOf, [sentences * length]))
  return layerNormLayer(add(reshape(x, [batch, sentences * length, hidden]), add(positions, segments)), 'sent_embedding.norm', config.epsilon)
}

function additiveMask(mask: Tensor, maskValue: MaskValue): Tensor {
  return multiply(subtract(scalar(1), mask), scalar(maskValue === 'lowest' ? lowestFloat : maskValue))
}
