import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { mediaPath } from '../common/media.ts'
import { mostAnswers } from '../common/rules.ts'

export const videoQuestion = z.object({
  videoId: z.number().int(),
  model: z.string(),
  /** Empty for a model of classes, which is asked nothing. */
  question: z.string(),
  /** To choose from; empty for a model that has answers or classes of its own. */
  answers: z.array(z.string()).max(mostAnswers),
})
export type VideoQuestion = z.infer<typeof videoQuestion>

/** A part of the video, seconds, and what happens to the answer when its frames are hidden. */
const evidence = z.object({
  start: z.number(),
  end: z.number(),
  thumbnail: mediaPath,
  /** Probability of the first answer without the part; null as long as it is not computed. */
  without: z.number().nullable(),
  /** The likeliest answer without the part; null likewise. */
  answerWithout: z.string().nullable(),
})

export const videoAnswer = z.object({
  videoId: z.number().int(),
  model: z.string(),
  /** A softmax of the logits, the likeliest first. Of a model's own answers the first ten. */
  answers: z.array(z.object({ text: z.string(), probability: z.number() })),
  evidence: z.array(evidence),
  /** How probable it is that a frame belongs to the part that answers; null where the model has no head for that. */
  span: z.array(z.object({ time: z.number(), probability: z.number() })).nullable(),
  warnings: z.array(z.string()),
})
export type VideoAnswer = z.infer<typeof videoAnswer>

export const questionsContract = {
  /**
   * What a model answers to a question about a video. The answer comes first, and again each time the evidence of one
   * more part is known.
   */
  ask: oc.input(videoQuestion).output(eventIterator(videoAnswer)),
}
