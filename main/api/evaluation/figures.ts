import { z } from 'zod'

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
])
export type Figures = z.infer<typeof figures>
