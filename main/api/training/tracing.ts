import { z } from 'zod'
import { limits } from '../common/rules.ts'
import { within } from '../common/within.ts'

/** A query of a run: a row of its validation or test split that has a paragraph. */
export const tracedQuery = z.object({ source: z.string(), video: z.string(), text: z.array(z.string()) })
export type TracedQuery = z.infer<typeof tracedQuery>

/** Steps whose weights are there, ascending, step 0 before the first; and the queries that can be followed. */
export const traceable = z.object({ steps: z.array(z.number().int()), queries: z.array(tracedQuery) })
export type Traceable = z.infer<typeof traceable>

/** A run whose checkpoints can be opened as models, `RUN@STEP`, and their steps, ascending. */
export const runCheckpoints = z.object({ run: z.string(), name: z.string(), steps: z.array(z.number().int()) })
export type RunCheckpoints = z.infer<typeof runCheckpoints>

export const traceChoice = z.object({
  run: z.string(),
  /** Of the query's row. */
  source: z.string(),
  /** Most videos that the right one is ranked among: the first of the query's split, and its own. */
  gallery: within(limits.traceGallery).default(32),
  /** Only the checkpoints between which the right video comes first or stops being it, found by halving. */
  bisect: z.boolean().default(false),
})
export type TraceChoice = z.infer<typeof traceChoice>

/** The query with the weights of one step. */
export const tracePoint = z.object({
  step: z.number().int(),
  /** Of the right video, from 1; equal ones share the mean of their places. */
  rank: z.number(),
  /** Cosine similarity with the right video. */
  score: z.number(),
  /** The other video that is most similar, and how similar it is; null where there is no other. */
  rival: z.object({ video: z.string(), score: z.number() }).nullable(),
})
export type TracePoint = z.infer<typeof tracePoint>

export const queryTrace = z.object({
  query: tracedQuery,
  /** Videos that the right one was ranked among, itself included. */
  videos: z.number().int(),
  /** Checkpoints that there are; of those in `points` it is known how the query did. */
  steps: z.array(z.number().int()),
  points: z.array(tracePoint),
  /** Neighbours among the points between which the right video came first (`won`) or stopped being it. */
  flips: z.array(z.object({ after: z.number().int(), by: z.number().int(), won: z.boolean() })),
})
export type QueryTrace = z.infer<typeof queryTrace>
