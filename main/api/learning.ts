import { oc } from '@orpc/contract'
import { z } from 'zod'
import { passes } from './common/rules.ts'

/** A video whose captions were corrected on the timeline. */
export const correctedCaptions = z.object({
  videoId: z.number().int(),
  path: z.string(),
  /** Those with times. */
  sentences: z.number().int(),
})
export type CorrectedCaptions = z.infer<typeof correctedCaptions>

export const learningInput = z.object({
  /** Whose captions, as they are edited now, are learnt from. */
  videoIds: z.array(z.number().int()).min(1),
  /** Which clips they are compared with. */
  pass: z.enum(passes).default('dense'),
  /** Of the model that comes of it; null for one made of that of the model in use. */
  name: z.string().nullable().default(null),
})
export type LearningInput = z.infer<typeof learningInput>

export const learningContract = {
  corrected: oc.output(z.array(correctedCaptions)),
  /**
   * Starts a `learn` job: a new model, the one in use with its projection of sentences trained on the captions. Neither
   * that nor which one is in use is changed.
   */
  start: oc.input(learningInput).output(z.object({ jobId: z.number().int(), model: z.string() })),
}
