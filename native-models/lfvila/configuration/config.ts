import { z } from 'zod'
import { english } from '../../english.ts'
import { ExpectedError } from '../../expected-error.ts'
import { correctionsSchema } from './corrections.ts'
import type { Corrections } from './corrections.ts'
import { poolingKernel } from './pooling-window.ts'
import { videoGeometry } from './token-grid.ts'

/** One temporal-spatial window: frames, patch rows, patch columns. */
export type Window = readonly [frames: number, rows: number, columns: number]

/** One of the six layers of the video encoder: blocks of one window size, optionally followed by patch merging. */
export interface VideoStage {
  readonly depth: number
  readonly heads: number
  readonly window: Window
  readonly merges: boolean
}

export interface VideoConfig {
  readonly patchSize: readonly [rows: number, columns: number]
  readonly embedDim: number
  readonly patchNorm: boolean
  readonly stages: readonly VideoStage[]
  /** Layers whose window is longer than this many frames see global, not local, time. */
  readonly localWindow: number
  /** In training: how often the last block is skipped; the blocks before it less often, down to never. */
  readonly dropPath: number
  readonly frames: number
  readonly inputSize: readonly [height: number, width: number]
  readonly corrections: Pick<Corrections, 'padToPatches' | 'ownWindowOffsets'>
}

export interface TextConfig {
  readonly hidden: number
  readonly heads: number
  readonly intermediate: number
  readonly vocabulary: number
  readonly positions: number
  readonly tokenTypes: number
  readonly epsilon: number
  /** Layers of stage 0, run on each sentence by itself. */
  readonly localLayers: number
  /** Layers of stages 0 and 1 together. */
  readonly pairLayers: number
  /** Layers of all three stages. */
  readonly layers: number
  /** Rows of the table that tells sentences of a paragraph apart. */
  readonly segments: number
  /** Tokens of a sentence, [CLS] and [SEP] included. */
  readonly tokensPerSentence: number
  readonly maskValue: MaskValue
  /** In training: the share of values left out, and of attention. */
  readonly dropout: number
  readonly attentionDropout: number
}

/**
 * Added to the logits of padded positions. transformers before 4.21 used −10000, later ones the most negative
 * finite float; they differ only in sentences that are padding altogether (REFERENCE §2).
 */
export type MaskValue = number | 'lowest'

export interface LossConfig {
  readonly temperature: number
  readonly timeTemperature: number
  readonly globalWeight: number
  /** 0 where the configuration does without (`use_time_match`). */
  readonly timeWeight: number
  /** Elements drawn per sample that ask, that are candidates, and the other samples that serve as negatives. */
  readonly keys: number
  readonly values: number
  readonly negatives: number
  /** Whether negatives come from other samples only; the published code begins with the sample itself. */
  readonly otherNegatives: boolean
  readonly mlmWeight: number
  readonly vtmWeight: number
  /** Weight of the span loss beside that of the answer; 0 where the configuration does without. */
  readonly spanWeight: number
  /** Share of the target that answer classification spreads evenly over all answers. */
  readonly labelSmoothing: number
}

export interface LfVilaConfig {
  readonly video: VideoConfig
  readonly text: TextConfig
  /** Clips of a segment, and the sentences its paragraph is padded or merged to. */
  readonly clips: number
  /** Dimension of the shared space: all projections are square in the published models. */
  readonly dimension: number
  /** Patches of a frame after pooling, as the table that tells them apart has them (`final_num_patches`). */
  readonly videoPatches: number
  /** Answers or classes of a classifying model; null when the configuration names no number. */
  readonly labels: number | null
  /** Whether multiple choice reads question, answer and subtitles as one sentence (`use_simple_merge_qas`). */
  readonly mergesSentences: boolean
  readonly corrections: Corrections
  readonly loss: LossConfig
}

/** Tokens of a sentence in the published code (REFERENCE §6); fewer where the table of positions is shorter. */
const publishedSentenceTokens = 50

const count = z.number().int().positive()
const rate = z.number().min(0).max(0.99)
const triple = z.tuple([count, count, count])

const modelSchema = z.object({
  VideoEncoder: z.object({
    patch_size: triple,
    embed_dim: count,
    depths: z.array(count).min(1),
    num_heads: z.array(count),
    downsample_stages: z.array(z.number().int().min(0)),
    window_size: z.array(triple),
    patch_norm: z.boolean().default(true),
    local_window: count.default(8),
    drop_path_rate: rate.default(0.2),
  }),
  type_vocab_size: count.default(8),
  num_local_layers: count.default(8),
  stage1_layers: count.default(12),
  final_num_patches: count.default(6),
  use_simple_merge_qas: z.boolean().default(false),
  label_smoothing: z.number().min(0).max(1).default(0),
  /** Not in the reference's files: which transformers the weights were trained with decides. */
  mask_value: z
    .union([z.number().negative(), z.literal('lowest')], { error: english`expected a negative number or "lowest"` })
    .default(-10000),
  corrections: correctionsSchema,
  DATA: z.object({
    sample_frame: count,
    sample_clip: count,
    input_res: z.tuple([count, count]),
    /** Not in the reference's files, whose code has the number in it. */
    sentence_tokens: count.min(3).optional(),
    classification_labels: count.nullable().default(null),
  }),
  TRAINING: z
    .object({
      temp: z.number().positive().default(0.05),
      time_temp: z.number().positive().default(0.05),
      ct_global_loss_weight: z.number().default(1),
      ct_time_loss_weight: z.number().default(0.25),
      num_key: count.default(2),
      num_value: count.default(2),
      num_other_neg: z.number().int().min(0).default(3),
      mlm_loss_weight: z.number().default(1),
      vtm_loss_weight: z.number().default(10),
      use_time_match: z.boolean().default(true),
      use_span_loss: z.boolean().default(true),
      span_loss_weight: z.number().default(1),
    })
    .prefault({}),
})

const bertSchema = z.object({
  hidden_size: count,
  num_attention_heads: count,
  num_hidden_layers: count,
  intermediate_size: count,
  vocab_size: count,
  max_position_embeddings: count,
  type_vocab_size: count.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  hidden_act: z.literal('gelu').default('gelu'),
})

/**
 * Reads the reference's model configuration and its BERT configuration, both as parsed JSON or YAML.
 * @throws ExpectedError naming the field that is missing or does not fit.
 */
export function parseConfig(modelConfig: unknown, bertConfig: unknown): LfVilaConfig {
  const model = parse(modelSchema, modelConfig, 'model')
  const bert = parse(bertSchema, bertConfig, 'BERT')
  const encoder = model.VideoEncoder
  const [patchFrames, patchRows, patchColumns] = encoder.patch_size
  const { depths, num_heads: heads, window_size: windows } = encoder
  assert(
    heads.length === depths.length && windows.length === depths.length,
    english`depths, num_heads and window_size must be equally long`,
  )
  assert(patchFrames === 1, english`patch_size must start with 1, one frame at a time`)
  assert(model.num_local_layers <= model.stage1_layers, english`num_local_layers must not exceed stage1_layers`)
  assert(
    model.DATA.sample_clip <= model.type_vocab_size,
    english`sample_clip ${model.DATA.sample_clip} must not exceed type_vocab_size ${model.type_vocab_size}, which tells sentences apart`,
  )
  const fittingTokens = Math.floor(bert.max_position_embeddings / model.DATA.sample_clip)
  const tokensPerSentence = model.DATA.sentence_tokens ?? Math.min(publishedSentenceTokens, fittingTokens)
  assert(
    tokensPerSentence <= fittingTokens,
    english`sample_clip ${model.DATA.sample_clip} sentences of sentence_tokens ${tokensPerSentence} need ${model.DATA.sample_clip * tokensPerSentence} positions, but max_position_embeddings of the BERT configuration is ${bert.max_position_embeddings}`,
  )
  assert(
    bert.hidden_size % bert.num_attention_heads === 0,
    english`hidden_size must be a multiple of num_attention_heads`,
  )
  const stages = depths.map((depth, index): VideoStage => ({
    depth,
    heads: heads[index] ?? 0,
    window: windows[index] ?? [0, 0, 0],
    merges: encoder.downsample_stages.includes(index),
  }))
  let channels = encoder.embed_dim
  for (const [index, stage] of stages.entries()) {
    assert(
      channels % stage.heads === 0,
      english`layer ${index} has ${channels} channels, which ${stage.heads} heads do not divide`,
    )
    if (stage.merges) channels *= 2
  }
  assert(
    channels === bert.hidden_size,
    english`the video encoder gives ${channels} channels (embed_dim ${encoder.embed_dim}, doubled by each of downsample_stages), but hidden_size of the BERT configuration is ${bert.hidden_size}`,
  )
  const video: VideoConfig = {
    patchSize: [patchRows, patchColumns],
    embedDim: encoder.embed_dim,
    patchNorm: encoder.patch_norm,
    stages,
    localWindow: encoder.local_window,
    dropPath: encoder.drop_path_rate,
    frames: model.DATA.sample_frame,
    inputSize: model.DATA.input_res,
    corrections: model.corrections,
  }
  assertInputFits(video, model.DATA.sample_clip)
  return {
    video,
    text: {
      hidden: bert.hidden_size,
      heads: bert.num_attention_heads,
      intermediate: bert.intermediate_size,
      vocabulary: bert.vocab_size,
      positions: bert.max_position_embeddings,
      tokenTypes: bert.type_vocab_size,
      epsilon: bert.layer_norm_eps,
      localLayers: model.num_local_layers,
      pairLayers: model.stage1_layers,
      layers: bert.num_hidden_layers,
      segments: model.type_vocab_size,
      tokensPerSentence,
      maskValue: model.mask_value,
      dropout: bert.hidden_dropout_prob,
      attentionDropout: bert.attention_probs_dropout_prob,
    },
    clips: model.DATA.sample_clip,
    dimension: bert.hidden_size,
    videoPatches: model.final_num_patches,
    labels: model.DATA.classification_labels,
    mergesSentences: model.use_simple_merge_qas,
    corrections: model.corrections,
    loss: {
      temperature: model.TRAINING.temp,
      timeTemperature: model.TRAINING.time_temp,
      globalWeight: model.TRAINING.ct_global_loss_weight,
      timeWeight: model.TRAINING.use_time_match ? model.TRAINING.ct_time_loss_weight : 0,
      keys: model.TRAINING.num_key,
      values: model.TRAINING.num_value,
      negatives: model.TRAINING.num_other_neg,
      otherNegatives: model.corrections.otherNegatives,
      mlmWeight: model.TRAINING.mlm_loss_weight,
      vtmWeight: model.TRAINING.vtm_loss_weight,
      spanWeight: model.TRAINING.use_span_loss ? model.TRAINING.span_loss_weight : 0,
      labelSmoothing: model.label_smoothing,
    },
  }
}

/**
 * Checks what the reference leaves to chance: where patches do not divide the width it pads time instead and then
 * fails.
 * @throws ExpectedError when frames of this size and number cannot be encoded.
 */
export function assertInputFits(video: VideoConfig, clips: number): void {
  const [height, width] = video.inputSize
  const [patchRows, patchColumns] = video.patchSize
  assert(
    video.corrections.padToPatches || width % patchColumns === 0,
    english`the width of input_res ${height}×${width} must be a multiple of the patch size ${patchRows}×${patchColumns}, or the published code fails; set the correction padToPatches to have frames padded`,
  )
  assert(video.frames % clips === 0, english`sample_frame ${video.frames} must be a multiple of sample_clip ${clips}`)
  const { final } = videoGeometry(video)
  const [rows, columns] = poolingKernel
  assert(
    final.rows >= rows && final.columns >= columns,
    english`input_res ${height}×${width} leaves ${final.rows}×${final.columns} patches where pooling needs ${rows}×${columns}`,
  )
}

function assert(fits: boolean, sentence: string): void {
  if (!fits) throw new ExpectedError('model-config', `The model configuration does not fit together: ${sentence}.`)
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const place = issue?.path.join('.')
  const why = issue?.message ?? english`unreadable`
  throw new ExpectedError(
    'model-config',
    place
      ? `The ${what} configuration is not one of LF-VILA at ${place}: ${why}.`
      : `The ${what} configuration is not one of LF-VILA: ${why}.`,
  )
}
