import { z } from 'zod'
import { comparisonOutcomes, momentRecalls, pairOrders, recalls } from '../common/rules.ts'
import { evaluatedProtocol } from './protocol.ts'

/**
 * How an interval was made: `units` videos, each with its queries, were drawn with replacement `resamples` times from
 * the seed; the limits are percentiles of the differences found, which hold `confidence` of them (0–1).
 */
export const bootstrap = z.object({
  resamples: z.number().int(),
  seed: z.number().int(),
  confidence: z.number(),
  units: z.number().int(),
})

/**
 * Two evaluations on the queries that both have, their videos alone in the gallery. `better`: queries whose right video
 * ranks higher in the second, or that it alone answers rightly; `chance` of so uneven a split (sign test).
 */
export const comparison = z.object({
  queries: z.object({ common: z.number().int(), first: z.number().int(), second: z.number().int() }),
  videos: z.number().int(),
  /** Which published protocol the queries that both have are; null where that was not found out of one of them. */
  protocol: evaluatedProtocol.nullable(),
  /**
   * Recall (0–1) and ranks from text to video, or of moments that of the first window, or accuracy; and the bootstrap
   * interval of the difference, second less first.
   */
  metrics: z.array(
    z.object({
      metric: z.enum([...recalls, 'medianRank', 'meanRank', ...momentRecalls, 'mIoU', 'accuracy']),
      first: z.number(),
      second: z.number(),
      interval: z.object({ low: z.number(), high: z.number() }),
    }),
  ),
  bootstrap,
  better: z.number().int(),
  worse: z.number().int(),
  equal: z.number().int(),
  chance: z.number(),
})
export type Comparison = z.infer<typeof comparison>

/** How a query did in one of the two: `said` is what the model took instead of what is right, null where it did not. */
const paired = z.object({
  /** Of the right video or answer, from 1; null for moments. */
  rank: z.number().nullable(),
  /** Similarity, probability of the right answer, or overlap with the right moment (0–1). */
  score: z.number(),
  said: z.string().nullable(),
})

/** One query that both have. `videoId`: of its video in the library, null where it is not there. */
export const comparedQuery = z.object({
  source: z.string(),
  video: z.string(),
  videoId: z.number().int().nullable(),
  text: z.array(z.string()),
  outcome: z.enum(comparisonOutcomes),
  first: paired,
  second: paired,
})
export type ComparedQuery = z.infer<typeof comparedQuery>

export const pairOrder = z.enum(pairOrders)
export type PairOrder = z.infer<typeof pairOrder>
