import { ExpectedError } from '../../expected-error.ts'
import {
  add,
  cast,
  concat,
  dropout,
  embedding,
  gather,
  perSample,
  reduceMean,
  reshape,
  slice,
} from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, parameter, elementCount } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { TextConfig } from '../configuration/config.ts'
import { bertLayers } from '../layers/bert-layer.ts'
import { layerNormLayer } from '../layers/layers.ts'

export interface TextEncoding {
  /** BertEmbeddings, [B · M, L, hidden]. */
  readonly embeddings: Tensor
  /** After the layers that see one sentence at a time, [B · M, L, hidden]. */
  readonly stage0: Tensor
  /** With position in the paragraph and sentence added, [B, M · L, hidden]. */
  readonly sentence: Tensor
  /** After the layers that see the paragraph, the global token first: [B, 1 + M · L, hidden]. */
  readonly stage1: Tensor
  /** float32 [B, 1 + M · L], 1 for the tokens of stage 1 and 0 for padding. */
  readonly mask: Tensor
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
export function textEncoder(textIds: Tensor, attentionMask: Tensor, config: TextConfig): TextEncoding {
  const [batch, sentences, length] = [size(textIds.shape, 0), size(textIds.shape, 1), size(textIds.shape, 2)]
  const { hidden } = config
  if (sentences * length > config.positions || sentences > config.segments) {
    throw new ExpectedError(
      'text-too-long',
      `${sentences} sentences of ${length} tokens do not fit this model, which has ${config.positions} positions for at most ${config.segments} sentences; take fewer or shorter sentences.`,
    )
  }
  const embedded = tokenEmbeddings(textIds, config)
  const mask = cast(attentionMask, 'float32')

  const { sequence: stage0 } = bertLayers(embedded, reshape(mask, [batch * sentences, length]), {
    range: [0, config.localLayers],
    config,
  })
  const sentence = sentenceEmbedding(stage0, { batch, sentences, length, config })
  const firstTokens = gather(reshape(sentence, [batch, sentences, length, hidden]), constant(Int32Array.of(0), []), 2)
  const global = reduceMean(firstTokens, [1], true)
  const ones = constant(new Float32Array(batch).fill(1), [batch, 1])
  const paragraphMask = concat([ones, reshape(mask, [batch, sentences * length])], 1)
  const { sequence: stage1 } = bertLayers(concat([global, sentence], 1), paragraphMask, {
    range: [config.localLayers, config.pairLayers],
    config,
  })
  const first = constant(Int32Array.of(0), [])
  return {
    embeddings: embedded,
    stage0,
    sentence,
    stage1,
    mask: paragraphMask,
    sentenceTokens: perSample(reshape(gather(stage0, first, 1), [batch, sentences, hidden])),
    globalToken: perSample(gather(stage1, first, 1)),
  }
}

/** The id of padding, whose embedding is never trained. */
const paddingId = 0

/** BertEmbeddings: word, token type 0 and position, LayerNorm. [B · M, L, hidden] */
function tokenEmbeddings(textIds: Tensor, config: TextConfig): Tensor {
  const name = 'text_encoder.bert.embeddings'
  const { hidden } = config
  const length = size(textIds.shape, -1)
  const words = embedding(
    parameter(`${name}.word_embeddings.weight`, [config.vocabulary, hidden]),
    reshape(textIds, [elementCount(textIds.shape) / length, length]),
    paddingId,
  )
  const types = slice(parameter(`${name}.token_type_embeddings.weight`, [config.tokenTypes, hidden]), 0, 0, 1)
  const positions = slice(parameter(`${name}.position_embeddings.weight`, [config.positions, hidden]), 0, 0, length)
  return dropout(layerNormLayer(add(add(words, types), positions), `${name}.LayerNorm`, config.epsilon), config.dropout)
}

interface Paragraphs {
  readonly batch: number
  readonly sentences: number
  readonly length: number
  readonly config: TextConfig
}

/**
 * `sent_embedding`: position in the paragraph and a segment per sentence, LayerNorm. x [B · M, L, hidden] → [B, M · L,
 * hidden]
 */
function sentenceEmbedding(x: Tensor, { batch, sentences, length, config }: Paragraphs): Tensor {
  const { hidden } = config
  const positions = slice(
    parameter('sent_embedding.position_embeddings.weight', [config.positions, hidden]),
    0,
    0,
    sentences * length,
  )
  const sentenceOf = Int32Array.from({ length: sentences * length }, (_, position) => Math.floor(position / length))
  const segments = gather(
    parameter('sent_embedding.segment_embeddings.weight', [config.segments, hidden]),
    constant(sentenceOf, [sentences * length]),
  )
  return dropout(
    layerNormLayer(
      add(reshape(x, [batch, sentences * length, hidden]), add(positions, segments)),
      'sent_embedding.norm',
      config.epsilon,
    ),
    config.dropout,
  )
}
