import { z } from 'zod'
import { tieRules } from '../common/rules.ts'
import { datasetFormat, rowTask, split, splitRule, textsRule } from '../training/datasets.ts'
import { conditions } from './conditions.ts'
import { figures } from './figures.ts'
import { evaluatedProtocol, protocolName } from './protocol.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** How frames came to the model. */
export const evaluationSampling = z.object({
  frames: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  mode: z.literal('exact'),
  /** Of the N frames of a video, as numpy writes it. */
  choice: z.string(),
  /** How a frame is brought to that size, where not by the published transform. */
  framing: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  /** Frames per second of the dense pass that sentences are located by; null where there was none. */
  denseRate: z.number().nullable(),
})
export type EvaluationSampling = z.infer<typeof evaluationSampling>

/** What computed. */
export const computer = z.object({
  program: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  ffmpeg: z.string(),
  platform: z.string(),
  cpu: z.string(),
  provider: z.string(),
  precision: z.literal('fp32'),
})
export type Computer = z.infer<typeof computer>

/** One example: where it stands, its video and that file's identity, and how the model did. */
export const certifiedRow = z.object({
  source: z.string(),
  video: z.string(),
  /** 32 digits of SHA-256 over the file's size and blocks spread over it; null where it could not be read. */
  file: z.string().nullable(),
  /**
   * Of what is right, from 1 and with ties averaged; of moments, of the first window with an overlap of 0.5; null where
   * the video could not be read.
   */
  rank: z.number().nullable(),
  /** Similarity with the right video, the probability of the right answer, or the overlap of the first window. */
  score: z.number().nullable(),
  /** The first four numbers of the video's and the text's embedding, or eight of the logits or windows. */
  numbers: z.array(z.number()),
})
export type CertifiedRow = z.infer<typeof certifiedRow>

/** All that is needed to evaluate again and to see whether the same came out. */
export const certificate = z.object({
  format: z.literal('lfvila-evaluation/1'),
  evaluation: z.string(),
  finished: z.string(),
  /** Of a file of predictions, its name and SHA-256. */
  model: z.object({ id: z.string(), hash: z.string() }),
  /** The file that holds what a model elsewhere has predicted; null where a model was asked. */
  predictions: z.string().nullable().default(null),
  data: z.object({
    folder: z.string(),
    videos: z.string().nullable(),
    format: datasetFormat.nullable(),
    task: rowTask.nullable(),
    splits: splitRule.nullable(),
    texts: textsRule.nullable(),
    split,
    /** Over all rows as read, in every split. */
    hash: z.string(),
    count: z.number().int(),
  }),
  protocol: z.object({
    task: rowTask,
    ties: z.enum(tieRules),
    batchSize: z.number().int(),
    alignment: z.boolean(),
    /** The published one that was asked for, by whose rows it was evaluated; and which it is. */
    asked: protocolName.nullable().default(null),
    published: evaluatedProtocol.nullable().default(null),
  }),
  /** Null where no video was looked at. */
  sampling: evaluationSampling.nullable(),
  /** More than one where it was interrupted and went on elsewhere. */
  computers: z.array(computer),
  figures,
  /** What moves the figures beside the model; not given by certificates from before it was kept. */
  conditions: conditions.nullable().default(null),
  /**
   * Similarities [texts][videos], the texts of a video together, or logits [examples][answers], or predicted windows
   * (start, end, score) and clip scores: float64, little-endian, row by row.
   */
  matrix: z.object({ rows: z.number().int(), columns: z.number().int(), sha256 }),
  /** Of all float32 embeddings, little-endian, in the order of the rows; null for models that answer. */
  embeddings: z.object({ dimension: z.number().int(), videos: sha256, texts: sha256 }).nullable(),
  rows: z.array(certifiedRow),
})
export type Certificate = z.infer<typeof certificate>

/** What evaluating again from a certificate found, in the order in which one thing follows from another. */
export const agreement = z.object({
  /** The evaluation that the certificate is of. */
  evaluation: z.string(),
  /** Whether files, sampling, ranks and figures are the same. */
  equal: z.boolean(),
  /** Where it differs first: one sentence; null where everything is the same to the last bit. */
  first: z.string().nullable(),
  checks: z.array(
    z.object({
      what: z.enum(['files', 'sampling', 'computer', 'embeddings', 'scores', 'ranks', 'figures']),
      equal: z.boolean(),
      /** One sentence: what is equal, or within what the numbers agree. */
      sentence: z.string(),
    }),
  ),
})
export type Agreement = z.infer<typeof agreement>
