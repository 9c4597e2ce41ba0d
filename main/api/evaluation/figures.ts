import { z } from 'zod'
import { momentLengths, overlapThresholds } from '../common/rules.ts'

/** Fractions 0–1 for recall; ranks count from 1. */
export const retrievalMetricsSchema = z.object({
  r1: z.number(),
  r5: z.number(),
  r10: z.number(),
  r50: z.number(),
  medianRank: z.number(),
  meanRank: z.number(),
  /** Number of ranks the figures are taken over. */
  count: z.number().int(),
})
export type RetrievalMetrics = z.infer<typeof retrievalMetricsSchema>

/** A fraction of `count` examples. */
const accuracy = z.object({ accuracy: z.number(), count: z.number().int() })

/** By the least overlap at which a window is right. */
const byOverlap = z.record(z.enum(overlapThresholds), z.number())

/**
 * Moments of one length: recall of the first window, mean average precision of the first ten, and the mean overlap of
 * the first window; fractions 0–1 of `count` queries, rounded as the public evaluator rounds.
 */
const momentLength = z.object({
  count: z.number().int(),
  r1: byOverlap,
  mAP: z.record(z.enum([...overlapThresholds, 'average']), z.number()),
  mIoU: z.number(),
})

/** Mean average precision of the clips' scores, and how often the best of them is a highlight. */
const highlightLevel = z.object({ mAP: z.number(), hit1: z.number() })

const momentFigures = z.object({
  task: z.literal('moments'),
  count: z.number().int(),
  /** Null for a length that no query has a moment of. */
  lengths: z.record(z.enum(momentLengths), momentLength.nullable()),
  /** Null where nobody has rated the clips, or they have no scores. */
  highlights: z
    .object({ count: z.number().int(), fair: highlightLevel, good: highlightLevel, veryGood: highlightLevel })
    .nullable(),
})

/**
 * What an evaluation found, by task. Where rows have groups: how often one is told from the others of its group, such
 * as a video from its twin in another order, and what guessing would give. Where captions have times: the share of
 * clips whose best sentence is one that tells of them, and the mean temporal overlap (IoU) of each sentence's best run
 * of clips with its span.
 */
export const figures = z.discriminatedUnion('task', [
  z.object({
    task: z.literal('retrieval'),
    textToVideo: retrievalMetricsSchema,
    videoToText: retrievalMetricsSchema,
    groups: z
      .object({ textToVideo: z.number(), videoToText: z.number(), random: z.number(), count: z.number().int() })
      .nullable()
      .default(null),
    alignment: z
      .object({
        clipAccuracy: z.number(),
        temporalIoU: z.number(),
        clips: z.number().int(),
        sentences: z.number().int(),
      })
      .nullable(),
  }),
  z.object({ task: z.literal('qa-classification'), ...accuracy.shape, batchMean: z.number() }),
  z.object({ task: z.literal('qa-multichoice'), ...accuracy.shape, batchMean: z.number(), span: accuracy.nullable() }),
  z.object({ task: z.literal('video-classification'), ...accuracy.shape, batchMean: z.number() }),
  momentFigures,
])
export type Figures = z.infer<typeof figures>
