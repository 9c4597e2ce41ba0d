import type { Precision } from '../../../native-models/graph/precision/precision.ts'
import type { Framing } from '../../media/sampling/framing.ts'
import type { TextReading } from '../../model-folder/paragraph.ts'

/**
 * What the rest of the workbench knows of a model: a video tower and a text tower into one space.
 * LF-VILA is one implementation; any other dual encoder can be another.
 */

/** Sampled RGB frames of one segment, [frames, height, width, 3]; uint8 in 0–255 or float32 in 0–1. */
export type SegmentFrames = { dtype: 'uint8'; data: Uint8Array } | { dtype: 'float32'; data: Float32Array }

/** L2-normalised embeddings of one segment: the whole, and each of its clips in order. */
export interface VideoEmbedding {
  global: Float32Array
  clips: Float32Array[]
}

export interface ParagraphEmbedding {
  embedding: Float32Array
  warnings: string[]
  reading: TextReading
}

/** Frame × frame attention of one block: `maps` is [heads][frames / window][window][window], rows sum to 1. */
export interface BlockAttention {
  stage: number
  block: number
  heads: number
  window: number
  maps: Float32Array
}

/** One query patch of one block; `row` and `column` in that stage's patch grid. */
export interface QueryPatch {
  stage: number
  block: number
  frame: number
  row: number
  column: number
}

export interface AttentionGrid {
  window: number
  heads: number
  blocks: number
  rows: number
  columns: number
}

/**
 * Softmax row of a query patch over the whole patch grid of its temporal window: [heads][window][rows][columns], 0
 * outside the window.
 */
export interface QueryAttention {
  firstFrame: number
  weights: Float32Array
}

export interface VideoTextEncoder {
  readonly id: string
  /** Hash of weights and configuration. */
  readonly hash: string
  /** Of the model whose weights for videos it has; absent: its own. */
  readonly videoHash?: string | undefined
  /** In which its products are computed, fp32 when absent; embeddings of different precisions are not mixed. */
  readonly precision?: Precision
  readonly trained: boolean
  /** Whether the weights that embed videos have seen drawn stories alone; absent: they have not. */
  readonly drawingsOnly?: boolean | undefined
  readonly dimension: number
  /** Frames of one segment, clips of one segment, sentences of one paragraph. */
  readonly frames: number
  readonly clips: number
  readonly sentences: number
  /** Of the contrastive loss it was trained with; absent where it is not known. */
  readonly temperature?: number | undefined
  readonly height: number
  readonly width: number
  /** How frames are brought to that size; absent: by LF-VILA's published transform. */
  readonly framing?: Framing | undefined
  /**
   * What a reader of results must know of this model (for instance that it is untrained, or has no local projections).
   */
  readonly warnings: string[]
  /**
   * The warning that embeddings of whole videos and paragraphs stand in for those of clips and sentences; absent where
   * they do not.
   */
  readonly standIn?: string | undefined
  encodeVideo(frames: SegmentFrames, signal?: AbortSignal): Promise<VideoEmbedding>
  /** Surplus sentences are merged as in the reference; `warnings` says what was shortened. */
  encodeParagraph(sentences: string[], signal?: AbortSignal): Promise<ParagraphEmbedding>
  /** One local embedding per sentence. */
  encodeSentences(
    sentences: string[],
    signal?: AbortSignal,
  ): Promise<{ embeddings: Float32Array[]; warnings: string[] }>
  /** Null when the model has no temporal windows to show. */
  readonly stages: AttentionGrid[] | null
  attention(frames: SegmentFrames, signal?: AbortSignal): Promise<BlockAttention[]>
  attentionRow(frames: SegmentFrames, query: QueryPatch, signal?: AbortSignal): Promise<QueryAttention>
}

/** A model in use: it holds programs in the engine. */
export interface OpenModel extends VideoTextEncoder {
  /** Frees the programs in the engine; the next use loads them again. */
  dispose(): Promise<void>
}
