import { z } from 'zod'
import { trainedWith } from '../training/training.ts'
import { retrievalMetricsSchema } from './figures.ts'

/** What is said of an evaluation. */
const conditionNames = ['text', 'dualSoftmax', 'training', 'negatives', 'copies'] as const

const whole = z.number().int()

/** A row by where it stands and by its video. */
const row = { source: z.string(), video: z.string() }

/** How much of the texts the model read; tokens with the special ones around a sentence. */
export const textsRead = z.object({
  texts: whole,
  /** Of all texts as they were read, surplus sentences joined. */
  sentences: whole,
  tokens: whole,
  /** Tokens of a sentence that the model reads. */
  limit: whole,
  /** Texts and sentences of which the end was left out, and how many tokens that was; the longest sentence. */
  cut: z.object({
    texts: whole,
    sentences: whole,
    tokens: whole,
    worst: z.object({ ...row, sentence: whole, tokens: whole }).nullable(),
  }),
  /** Texts with more sentences than the model reads at once; the one with most. */
  joined: z.object({ texts: whole, worst: z.object({ ...row, given: whole, read: whole }).nullable() }),
})
export type TextsRead = z.infer<typeof textsRead>

/**
 * The same similarities with dual softmax, which uses the whole test set at once: not to be compared with figures of
 * retrieval without it.
 */
export const dualSoftmax = z.object({
  temperature: z.number(),
  textToVideo: retrievalMetricsSchema,
  videoToText: retrievalMetricsSchema,
})
export type DualSoftmax = z.infer<typeof dualSoftmax>

/** What the model was trained with, null where it is not known, and in what it is evaluated with something else. */
export const trainingConditions = z.object({
  trained: trainedWith.nullable(),
  differences: z.array(
    z.object({
      what: z.enum(['frames', 'clips', 'size', 'sampling', 'precision']),
      trained: z.string(),
      evaluated: z.string(),
    }),
  ),
})
export type TrainingConditions = z.infer<typeof trainingConditions>

/** How near the embeddings of evaluated videos are to those of the originals that they were made from. */
export const copiesFound = z.object({
  /** Videos that were evaluated, those whose original is there, and those for which it could be one of several. */
  videos: whole,
  found: whole,
  unclear: whole,
  /** Of those that were found a sample; what could not be read of it. */
  compared: whole,
  unreadable: whole,
  least: z.object({ video: z.string(), cosine: z.number() }).nullable(),
  median: z.number().nullable(),
})
export type CopiesFound = z.infer<typeof copiesFound>

/** What moves a number beside the model: it is said beside it. Null where it was not found out or is not asked. */
export const conditions = z.object({
  text: textsRead.nullable().default(null),
  dualSoftmax: dualSoftmax.nullable().default(null),
  training: trainingConditions.nullable().default(null),
  copies: copiesFound.nullable().default(null),
  /** The same in words: a sentence each; `moves` where it makes the figures other than they would be. */
  said: z.array(z.object({ what: z.enum(conditionNames), moves: z.boolean(), sentence: z.string() })),
})
export type Conditions = z.infer<typeof conditions>
