import { oc } from '@orpc/contract'
import { z } from 'zod'
import { mediaPath } from '../common/media.ts'
import { evaluationStates, frameVariants, limits, longestCertificate, textVariants, tieRules } from '../common/rules.ts'
import { within } from '../common/within.ts'
import { datasetChoice, rowTask, split } from '../training/datasets.ts'
import { agreement, computer, evaluationSampling } from './certificate.ts'
import { comparedQuery, comparison, pairOrder } from './comparison.ts'
import { conditions } from './conditions.ts'
import { figures } from './figures.ts'
import { evaluatedProtocol, protocolName } from './protocol.ts'
import { survivors } from './survivors.ts'

export const frameVariant = z.enum(frameVariants)
export type FrameVariant = z.infer<typeof frameVariant>
export const textVariant = z.enum(textVariants)
export type TextVariant = z.infer<typeof textVariant>
export const probeVariant = z.enum([...frameVariants, ...textVariants])
export type ProbeVariant = z.infer<typeof probeVariant>

/** Recall@1 of the text-to-video direction, or accuracy, before and after a change; fractions 0–1. */
const change = z.object({ before: z.number(), after: z.number() })

/**
 * What became of the figures when time was taken away or turned round, in the order of the variants. `count` queries
 * could be changed, and the figures are of these; `worse` and `better` ones rank otherwise than before (of questions:
 * are answered wrongly or rightly that were not). `chance`: how likely so uneven a split is by itself (sign test).
 * `groups`: the share that is told from the others of its group, where rows have groups.
 */
export const timeProbe = z.object({
  seed: z.number().int(),
  variants: z.array(
    z.object({
      variant: probeVariant,
      count: z.number().int(),
      figure: change,
      groups: change.nullable(),
      worse: z.number().int(),
      better: z.number().int(),
      chance: z.number(),
    }),
  ),
})
export type TimeProbe = z.infer<typeof timeProbe>

/** How a query did: the rank of what is right, from 1, and its score (similarity, or probability of an answer). */
const standing = z.object({ rank: z.number(), score: z.number() })

/** One query before and after a change of the time probe. */
export const probedQuery = z.object({
  source: z.string(),
  video: z.string(),
  text: z.array(z.string()),
  before: standing,
  after: standing,
})
export type ProbedQuery = z.infer<typeof probedQuery>

export const evaluationChoice = z.object({
  dataset: datasetChoice,
  /** The split to evaluate; null: the test split, else the validation split. */
  split: split.nullable().default(null),
  /** A published protocol that is asked for: its rows alone are evaluated, and other folders are refused. */
  protocol: protocolName.nullable().default(null),
  /** Of a file of predictions, its name. */
  model: z.string(),
  /** A file of what a model elsewhere has predicted, which is scored instead of asking one; for moments only. */
  predictions: z.string().min(1).nullable().default(null),
  /** `reference`: a tie counts once for every place it covers, as in the published code. */
  ties: z.enum(tieRules).default('average'),
  /** Locate sentences that have times among the clips of their video: a dense pass over each. */
  alignment: z.boolean().default(true),
  /** Examples of one batch, for the mean over batches that the published code reports. */
  batchSize: z.number().int().min(1).default(16),
  /** Dual softmax also of more similarities than are kept in memory, which are then computed twice more. */
  dualSoftmax: z.boolean().default(false),
  /** A folder with the originals of the videos, where those are copies: some are embedded as well and compared. */
  originals: z.string().min(1).nullable().default(null),
  /** Evaluate again with the order of time taken away or turned round; frames are shuffled from the seed. */
  timeProbe: z
    .object({ seed: within(limits.runSeed) })
    .nullable()
    .default(null),
})
export type EvaluationChoice = z.infer<typeof evaluationChoice>

export const evaluation = z.object({
  id: z.string(),
  choice: evaluationChoice,
  /** Retrieval for every model that embeds videos and texts unless moments are asked for, else the model's kind. */
  task: rowTask,
  split,
  state: z.enum(evaluationStates),
  jobId: z.number().int().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  figures: figures.nullable(),
  timeProbe: timeProbe.nullable().default(null),
  sampling: evaluationSampling.nullable().default(null),
  computers: z.array(computer).default([]),
  survivors: survivors.nullable().default(null),
  conditions: conditions.nullable().default(null),
  /** What the split names that is not there; null where splits are drawn, from what is there. */
  absent: z.object({ queries: z.number().int(), videos: z.number().int() }).nullable().default(null),
  /** Which published protocol it is of; null in evaluations from before that was found out. */
  protocol: evaluatedProtocol.nullable().default(null),
  /** Where it was asked for by a certificate: whether the same came out. */
  agreement: agreement.nullable().default(null),
  problem: z.string().nullable(),
  /** Examples left out, a split that also chose the checkpoint, an untrained model. */
  warnings: z.array(z.string()),
  dataHash: z.string(),
  modelHash: z.string(),
})
export type Evaluation = z.infer<typeof evaluation>

/** True and predicted windows, [start, end] in seconds, those predicted the likeliest first; and the video's length. */
export const momentWindows = z.object({
  length: z.number(),
  truth: z.array(z.tuple([z.number(), z.number()])),
  predicted: z.array(z.tuple([z.number(), z.number()])),
})
export type MomentWindows = z.infer<typeof momentWindows>

/** An example that the model got wrong, with what it took instead. Worst first. */
export const failure = z.object({
  source: z.string(),
  video: z.string(),
  thumbnail: mediaPath.nullable(),
  /** Whether its video lies in an archive, which a library does not list. */
  inArchive: z.boolean(),
  text: z.array(z.string()),
  /** Retrieval: the rank of the right video. */
  rank: z.number().nullable(),
  /** What was right and what the model said: labels, answers, or videos. */
  right: z.string(),
  said: z.array(z.object({ name: z.string(), score: z.number() })),
  /** Of a query for moments, windows in seconds of the named video. */
  moments: momentWindows.nullable(),
})
export type Failure = z.infer<typeof failure>

/** How a video did in an evaluation, over the queries about it. */
export const videoStanding = z.object({
  path: z.string(),
  queries: z.number().int(),
  /** From 0 to 1: of one over the rank of what is right; of moments, of the overlap that counts for R1. */
  mean: z.number(),
})
export type VideoStanding = z.infer<typeof videoStanding>

const one = z.object({ id: z.string() })
const twoEvaluations = z.object({
  first: z.string(),
  second: z.string(),
  resamples: within(limits.resamples).default(5000),
  seed: within(limits.runSeed).default(0),
})

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
  /** How each video did, of an evaluation that has come to its end. */
  videos: oc.input(one).output(z.array(videoStanding)),
  /** What was predicted for moments, as the text of a file in the published form: a line of JSON for each query. */
  predictions: oc.input(one).output(z.object({ text: z.string() })),
  /** One that has come to its end, as the text of a file to evaluate again from; see `certificate`. */
  certificate: oc.input(one).output(z.object({ text: z.string() })),
  /**
   * Evaluates what the text of a certificate says, with the model of the same hash, and compares. `name` is what its
   * file is called; data that lie elsewhere now are given.
   */
  startFrom: oc
    .input(
      z.object({
        text: z.string().max(longestCertificate),
        name: z.string(),
        folder: z.string().min(1).nullable().default(null),
        videos: z.string().nullable().default(null),
      }),
    )
    .output(evaluation),
  /** Two evaluations on the queries that both have. */
  compare: oc.input(twoEvaluations).output(comparison),
  /** The queries that both have, one by one. */
  compared: oc
    .input(
      twoEvaluations.extend({
        order: pairOrder.default('lost'),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(z.object({ total: z.number().int(), queries: z.array(comparedQuery) })),
  /** Adds the time probe to an evaluation that has come to its end. */
  probeTime: oc.input(one.extend({ seed: within(limits.runSeed).default(0) })).output(evaluation),
  /** Every query that one change of the time probe concerns, those that lost most first. */
  probed: oc
    .input(
      one.extend({
        variant: probeVariant,
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(z.object({ total: z.number().int(), queries: z.array(probedQuery) })),
  /** Counts by right label (rows) and said label (columns); null where there are no labels. */
  confusion: oc
    .input(one)
    .output(z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number().int())) }).nullable()),
}
