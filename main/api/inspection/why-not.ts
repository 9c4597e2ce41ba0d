import { z } from 'zod'
import { flipEdits, flipEnds, flipSubjects, limits } from '../common/rules.ts'
import { within } from '../common/within.ts'

/** Seconds of a video. */
const momentSpan = z.object({ start: z.number(), end: z.number() })

/** Two results of a ranking: why is `wanted` not above `over`? */
export const whyNotQuestion = z.object({
  text: z.string(),
  wanted: z.number().int(),
  over: z.number().int(),
  /** Where moments are ranked, the two of these videos; null where whole videos are. Of moments no clips are cut. */
  moments: z.object({ wanted: momentSpan, over: momentSpan }).nullable().default(null),
  /** Null for the model in use. */
  model: z.string().nullable().default(null),
  /** Most edited texts, and most cut videos, that are asked of the model. */
  texts: within(limits.flipTexts).default(300),
  videos: within(limits.flipVideos).default(32),
})
export type WhyNotQuestion = z.infer<typeof whyNotQuestion>

/** Cosine similarities of the text with both videos, or of the best sentence with the best clip of both moments. */
export const pairScores = z.object({ wanted: z.number(), over: z.number() })
export type PairScores = z.infer<typeof pairScores>

export const flipEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal(flipEdits[0]), word: z.string() }),
  z.object({ kind: z.literal(flipEdits[1]), word: z.string(), by: z.string() }),
  z.object({ kind: z.literal(flipEdits[2]), sentence: z.string() }),
  /** Seconds of the clip that is cut out of one of the two videos. */
  z.object({ kind: z.literal(flipEdits[3]), of: z.enum(['wanted', 'over']), start: z.number(), end: z.number() }),
])
export type FlipEdit = z.infer<typeof flipEdit>

/**
 * One search for a change after which `wanted` is above: its steps in their order, each with the scores after it.
 * `end`: null while it goes on; `stuck` where no single edit helps any more, `limit` where it may try no more.
 */
export const flipSearch = z.object({
  subject: z.enum(flipSubjects),
  trials: z.number().int(),
  most: z.number().int(),
  steps: z.array(z.object({ edit: flipEdit, after: pairScores })),
  /** The text as the steps leave it; null where videos are cut. */
  text: z.string().nullable(),
  end: z.enum(flipEnds).nullable(),
})
export type FlipSearch = z.infer<typeof flipSearch>

export const whyNot = z.object({
  model: z.string(),
  before: pairScores,
  searches: z.array(flipSearch),
  warnings: z.array(z.string()),
})
export type WhyNot = z.infer<typeof whyNot>
