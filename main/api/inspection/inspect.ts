import { oc } from '@orpc/contract'
import { z } from 'zod'
import { frame, mediaPath } from '../common/media.ts'
import { mostProvenanceVideos, passes, samplings } from '../common/rules.ts'
import { caption } from '../library/library.ts'

/** Seconds from the start of the video. */
const clip = z.object({ start: z.number(), end: z.number(), thumbnail: mediaPath })

export const alignment = z.object({
  videoId: z.number().int(),
  duration: z.number(),
  pass: z.enum(passes),
  clips: z.array(clip),
  sentences: z.array(caption),
  /** Cosine similarity, [clips][sentences]. */
  similarity: z.array(z.array(z.number())),
  /** The best monotonic path: for each clip the index of its sentence (dynamic time warping over similarity). */
  path: z.array(z.number().int()),
  /** Where each sentence stands out most, wherever the others do; null where it does nowhere. Seconds. */
  windows: z.array(z.object({ start: z.number(), end: z.number() }).nullable()),
  /**
   * At which a softmax makes shares of the similarities: the model's own, the published one where that is not known.
   */
  temperature: z.number().positive(),
  model: z.string(),
  warnings: z.array(z.string()),
})
export type Alignment = z.infer<typeof alignment>

/**
 * One stage of HTWA. `window` in frames; `grid` the patch rows and columns; `mean` [frames][frames], heads and windows
 * averaged, last block.
 */
export const attentionStage = z.object({
  window: z.number().int(),
  heads: z.number().int(),
  blocks: z.number().int(),
  grid: z.object({ rows: z.number().int(), columns: z.number().int() }),
  mean: z.array(z.array(z.number())),
})
export type AttentionStage = z.infer<typeof attentionStage>

/** Seconds. */
const span = z.object({ start: z.number(), end: z.number() })

export const attentionOverview = z.object({
  videoId: z.number().int(),
  /** The segments of the dense pass, in order; the last one may begin within the one before. */
  segments: z.array(span),
  /** Which of them the frames are of, from 0; null for the overview of the whole video. */
  segment: z.number().int().nullable(),
  frames: z.array(frame),
  stages: z.array(attentionStage),
  model: z.string(),
  warnings: z.array(z.string()),
})
export type AttentionOverview = z.infer<typeof attentionOverview>

/**
 * One head of one block. `map` [frames][frames]: row = query frame; zero outside the temporal window; rows sum to 1.
 */
export const attentionHead = z.object({
  map: z.array(z.array(z.number())),
  /** Mean over rows of the entropy in nats. */
  entropy: z.number(),
  /** Mean distance |query − key| in frames. */
  distance: z.number(),
})
export type AttentionHead = z.infer<typeof attentionHead>

export const attentionBlock = z.object({
  stage: z.number().int(),
  block: z.number().int(),
  window: z.number().int(),
  heads: z.array(attentionHead),
})
export type AttentionBlock = z.infer<typeof attentionBlock>

/**
 * The raw softmax row of one query patch: `weights` [heads][frames of the window][rows][columns] over the whole patch
 * grid (0 outside the window).
 */
export const attentionRow = z.object({
  firstFrame: z.number().int(),
  weights: z.array(z.array(z.array(z.array(z.number())))),
})
export type AttentionRow = z.infer<typeof attentionRow>

/**
 * Attention rollout: how much of each frame has come into a frame by the end of each stage. `map` [frames][frames]:
 * row = the frame after the stage, column = the frame of the input; rows sum to 1.
 */
export const attentionRollout = z.object({
  stages: z.array(
    z.object({
      map: z.array(z.array(z.number())),
      /** Mean distance |row − column| in frames. */
      distance: z.number(),
    }),
  ),
  model: z.string(),
})
export type AttentionRollout = z.infer<typeof attentionRollout>

/** A place of the text as the model reads it: the global token (`sentence` null), or a piece of a sentence. */
const word = z.object({
  /** As the vocabulary writes it, `##ing`; empty for the global token. */
  text: z.string(),
  /** Which sentence it stands in, from 0. */
  sentence: z.number().int().nullable(),
  /** Neither a word nor a part of one: the global token, and those around a sentence. */
  special: z.boolean(),
})

/**
 * One head of one layer that reads text and video together, or the mean of its heads. `map` [places][places]: row =
 * query, column = key, where the places are the words and then the frames; a frame as key has the sum over its patches,
 * as query the mean over them; rows sum to 1.
 */
export const attentionWords = z.object({
  videoId: z.number().int(),
  segments: z.array(span),
  segment: z.number().int().nullable(),
  frames: z.array(frame),
  /** The model divides the frames into so many clips, each as long as the others. */
  clips: z.number().int(),
  /** As they were read: where there were too many, some are joined. */
  sentences: z.array(z.string()),
  words: z.array(word),
  /** Of each layer and head, the share of attention that words give to the video. */
  shares: z.array(z.array(z.number())),
  layer: z.number().int(),
  head: z.number().int().nullable(),
  map: z.array(z.array(z.number())),
  model: z.string(),
  warnings: z.array(z.string()),
})
export type AttentionWords = z.infer<typeof attentionWords>

/** Where a result comes from, for files that leave the workbench. `contentId`: hash of the video file's content. */
export const provenance = z.object({
  version: z.string(),
  /** `hash` of weights and configuration; null for a model that is not here any more. */
  model: z.object({ id: z.string(), hash: z.string().nullable() }),
  sampling: z.enum(samplings),
  /** Frames per second of the dense pass. */
  denseRate: z.number(),
  precision: z.string(),
  /** In the order asked for; a video that is not in the library any more is left out. */
  videos: z.array(z.object({ id: z.number().int(), path: z.string(), contentId: z.string().nullable() })),
})
export type Provenance = z.infer<typeof provenance>

/** What an alignment compares, of unit length: `clips` and `sentences` [count][dimension]. */
export const alignedEmbeddings = z.object({
  clips: z.array(z.array(z.number())),
  sentences: z.array(z.array(z.number())),
})
export type AlignedEmbeddings = z.infer<typeof alignedEmbeddings>

/** The model that is looked into, or a checkpoint of a run as `RUN@STEP`; null for the one in use. */
const inspected = z.string().nullable().default(null)
const watched = z.object({ videoId: z.number().int(), model: inspected })

/** `at`, seconds: the segment of the dense pass that has this moment; null for the overview of the whole video. */
const lookedAt = watched.extend({ at: z.number().min(0).nullable().default(null) })

const alignmentInput = watched.extend({ text: z.string().nullable(), pass: z.enum(passes).default('dense') })

const position = lookedAt.extend({ stage: z.number().int().min(0), block: z.number().int().min(0) })

export const wordsInput = lookedAt.extend({
  /** Split into sentences; null takes the captions beside the video, of a segment those that tell of it. */
  text: z.string().nullable(),
  /** Counted from 0; null is the last. */
  layer: z.number().int().min(0).nullable().default(null),
  /** Counted from 0; null is the mean of all. */
  head: z.number().int().min(0).nullable().default(null),
})
export type WordsInput = z.infer<typeof wordsInput>

export const inspectContract = {
  /** Clips × sentences. The text is split into sentences; null takes the captions beside the video. */
  align: oc.input(alignmentInput).output(alignment),
  embeddings: oc.input(alignmentInput).output(alignedEmbeddings),
  /** `model` null for the one in use. */
  provenance: oc
    .input(z.object({ model: z.string().nullable(), videoIds: z.array(z.number().int()).max(mostProvenanceVideos) }))
    .output(provenance),
  /** All stages over the frames of one segment. Its first call runs the model once; the maps are then kept. */
  attention: oc.input(lookedAt).output(attentionOverview),
  attentionRollout: oc.input(lookedAt).output(attentionRollout),
  attentionBlock: oc.input(position).output(attentionBlock),
  attentionRow: oc
    .input(position.extend({ frame: z.number().int(), row: z.number().int(), column: z.number().int() }))
    .output(attentionRow),
  /** Of a model that reads text and video together, which may be one that answers questions. */
  attentionWords: oc.input(wordsInput).output(attentionWords),
}
