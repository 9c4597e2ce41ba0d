import { z } from 'zod'
import { momentRecalls, recalls } from '../common/rules.ts'

export const share = z.object({ there: z.number().int(), all: z.number().int() })

/** How many of the videos and queries that a split names a score is of, and what it could be of all. */
export const survivors = z.object({
  videos: share,
  queries: share,
  /** Fractions 0–1; recall from text to video or of first windows, or accuracy. Empty where nothing is missing. */
  bounds: z.array(
    z.object({
      metric: z.enum([...recalls, ...momentRecalls, 'accuracy']),
      /** Every missing query would be right. */
      best: z.number(),
      /** Every missing query would be wrong. */
      asMisses: z.number(),
      /** Besides, every missing video would stand before the right one of every query. */
      worst: z.number(),
    }),
  ),
})
export type Survivors = z.infer<typeof survivors>
