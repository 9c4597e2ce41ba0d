import { oc } from '@orpc/contract'
import { z } from 'zod'
import { datasetChoice, split, task } from './datasets.ts'
import { mediaPath } from './media.ts'
import { evaluationStates, tieRules } from './rules.ts'

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

export const evaluationChoice = z.object({
  dataset: datasetChoice,
  /** The split to evaluate; null: the test split, else the validation split. */
  split: split.nullable().default(null),
  model: z.string(),
  /** `reference`: a tie counts once for every place it covers, as in the published code. */
  ties: z.enum(tieRules).default('average'),
  /** Locate sentences that have times among the clips of their video: a dense pass over each. */
  alignment: z.boolean().default(true),
  /** Examples of one batch, for the mean over batches that the published code reports. */
  batchSize: z.number().int().min(1).default(16),
})
export type EvaluationChoice = z.infer<typeof evaluationChoice>

export const evaluation = z.object({
  id: z.string(),
  choice: evaluationChoice,
  /** Retrieval for every model that embeds videos and texts, else the model's kind. */
  task,
  split,
  state: z.enum(evaluationStates),
  jobId: z.number().int().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  figures: figures.nullable(),
  problem: z.string().nullable(),
  /** Examples left out, a split that also chose the checkpoint, an untrained model. */
  warnings: z.array(z.string()),
  dataHash: z.string(),
  modelHash: z.string(),
})
export type Evaluation = z.infer<typeof evaluation>

/** An example that the model got wrong, with what it took instead. Worst first. */
export const failure = z.object({
  source: z.string(),
  video: z.string(),
  thumbnail: mediaPath.nullable(),
  text: z.array(z.string()),
  /** Retrieval: the rank of the right video. */
  rank: z.number().nullable(),
  /** What was right and what the model said: labels, answers, or videos. */
  right: z.string(),
  said: z.array(z.object({ name: z.string(), score: z.number() })),
})
export type Failure = z.infer<typeof failure>

const one = z.object({ id: z.string() })

export const evaluationContract = {
  start: oc.input(evaluationChoice).output(evaluation),
  list: oc.output(z.array(evaluation)),
  info: oc.input(one).output(evaluation),
  remove: oc.input(one).output(z.void()),
  failures: oc
    .input(
      one.extend({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(200).default(50) }),
    )
    .output(z.object({ total: z.number().int(), failures: z.array(failure) })),
  /** Counts by right label (rows) and said label (columns); null where there are no labels. */
  confusion: oc
    .input(one)
    .output(z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number().int())) }).nullable()),
}
