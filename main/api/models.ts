import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  biasResizes,
  exportFormats,
  limits,
  modelKinds,
  randomStarts,
  weightOrigins,
  weightPrecisions,
  passes,
} from './common/rules.ts'
import { within } from './common/within.ts'
import { task } from './training/datasets.ts'
import { trainedWith } from './training/training.ts'

/** As in the reference: which heads the checkpoint has. */
export const modelKind = z.enum(modelKinds)
export type ModelKind = z.infer<typeof modelKind>

/** Models of LF-VILA's kinds, and pairs of towers given as ONNX files. */
export const registeredKind = z.enum([...modelKind.options, 'dual-encoder'])
export type RegisteredKind = z.infer<typeof registeredKind>

/**
 * How near a model's embeddings in a precision are to those in fp32, measured on its own weights when the precision was
 * first used on a device.
 */
export const parityCheck = z.object({
  precision: z.enum(['fp16', 'int8', 'int7']),
  device: z.string(),
  /** The lowest over a few segments, their clips and a paragraph. */
  cosine: z.number(),
  /** Largest difference over the largest value. */
  maxRelDiff: z.number(),
})
export type ParityCheck = z.infer<typeof parityCheck>

/** How a model came of another one and of captions that were corrected. Of sentences, counts. */
export const learnedFrom = z.object({
  from: z.string(),
  /** Of the model whose weights embed videos, and under which their embeddings are kept. */
  videoHash: z.string(),
  /** Where that model is from; null in records of before, which do not say. */
  videoSource: z.string().nullable().default(null),
  /** What was trained. */
  projection: z.enum(['text_local_proj', 'text_global_proj']),
  pass: z.enum(passes),
  videos: z.number().int(),
  sentences: z.number().int(),
  /** Those whose most similar clip is in their span: with the model before; with this one, on the same sentences. */
  before: z.number().int(),
  after: z.number().int(),
  /** The same, each by what the others taught: it was left out of learning. */
  leftOut: z.number().int(),
})
export type LearnedFrom = z.infer<typeof learnedFrom>

/** What only LF-VILA's architecture has is null for a dual encoder. */
export const model = z.object({
  id: z.string(),
  kind: registeredKind,
  /** False for random weights: the screen says that results mean nothing. */
  trained: z.boolean(),
  inUse: z.boolean(),
  /** Number of weights. */
  parameters: z.number().int(),
  /** Dimension of the shared embedding. */
  dimension: z.number().int(),
  /** Whether clips and sentences have their own (local) projections; otherwise the global ones stand in. */
  localProjections: z.boolean(),
  /** Answers or classes that a classifying model chooses from, else null. */
  labels: z.number().int().nullable(),
  /** Hash of weights and configuration; embeddings are keyed by it. */
  hash: z.string(),
  createdAt: z.number(),
  source: z.string(),
  /** Why it cannot be the model that indexes and searches, in one sentence; null when it can. */
  cannotSearch: z.string().nullable(),
  /** What it is evaluated by. */
  evaluatedBy: task,
  /** Whether a run can begin with it. */
  trainable: z.boolean(),
  /** Whether it can be written out for other programs; a pair of towers is in files already. */
  exportable: z.boolean(),
  /** Whether it can be removed, once it is not in use: what ships cannot. */
  removable: z.boolean(),
  /** What it cannot do for want of something, one sentence each; that it is untrained is not among them. */
  warnings: z.array(z.string()),
  agreements: z.array(parityCheck),
  /** Null where it is not known: of models that were imported. */
  training: trainedWith.nullable(),
  /** Null for a model that did not learn from corrected captions. */
  learned: learnedFrom.nullable(),
  video: z.object({
    embedDim: z.number().int().nullable(),
    depths: z.array(z.number().int()).nullable(),
    heads: z.array(z.number().int()).nullable(),
    windows: z.array(z.tuple([z.number().int(), z.number().int(), z.number().int()])).nullable(),
    frames: z.number().int(),
    clips: z.number().int(),
    inputSize: z.tuple([z.number().int(), z.number().int()]),
  }),
  text: z.object({
    hidden: z.number().int().nullable(),
    layers: z.number().int().nullable(),
    heads: z.number().int().nullable(),
    vocabulary: z.number().int(),
    /** Of one text that the text encoder reads at once; null sentences: a paragraph may have any number. */
    tokens: z.number().int(),
    sentences: z.number().int().nullable(),
  }),
})
export type Model = z.infer<typeof model>

/**
 * How a weight of an imported model came about: as it is in the checkpoint, with rows added, resized, or made of
 * something else.
 */
export const importedWeight = z.object({
  key: z.string(),
  shape: z.array(z.number().int()),
  how: z.enum(weightOrigins),
  /** The file, and what was done with it; or how the values were made. */
  from: z.string(),
})
export type ImportedWeight = z.infer<typeof importedWeight>

/** What was read off the files of a folder from Hugging Face, in words. */
export const derivedSetting = z.object({ name: z.string(), value: z.string() })
export type DerivedSetting = z.infer<typeof derivedSetting>

/** Key by key, what an import did. */
export const importReport = z.object({
  model: z.string(),
  kind: registeredKind,
  parameters: z.number().int(),
  /** Keys that came from the checkpoint, as they are, extended or resized. */
  taken: z.number().int(),
  /** Keys of the files that are not in the model, or not in this file's version. */
  skipped: z.array(z.object({ key: z.string(), reason: z.string() })),
  /** Every weight of the model in the order of the published class, then second keys of the same weight. */
  weights: z.array(importedWeight),
  /** How the towers are fed, where that was derived from a folder; else empty. */
  settings: z.array(derivedSetting),
  /** What the model cannot do for want of something, one sentence each, and whether its weights are random. */
  warnings: z.array(z.string()),
})
export type ImportReport = z.infer<typeof importReport>

/** The report of `model verify`; `null` differences: the output could not be computed, see `problem`. */
export const verifyReport = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      pass: z.boolean(),
      /** One sentence when the case could not be run, for instance because it is not supported. */
      problem: z.string().nullable(),
      outputs: z.array(
        z.object({
          name: z.string(),
          maxAbsDiff: z.number().nullable(),
          maxRelDiff: z.number().nullable(),
          cosine: z.number().nullable(),
          tolerance: z.number(),
          pass: z.boolean(),
        }),
      ),
    }),
  ),
})
export type VerifyReport = z.infer<typeof verifyReport>

export const importInput = z.object({
  /** Checkpoint files, later ones over earlier ones; may be empty when `init` names something. */
  weights: z.array(z.string()),
  /** Null for a dual encoder, whose one JSON file, or folder from Hugging Face, stands in the place of the weights. */
  config: z.string().nullable().default(null),
  /** Of the ONNX files in such a folder, as in `fp16`; by default the plain ones. */
  variant: z.string().optional(),
  bertConfig: z.string().nullable().default(null),
  vocab: z.string().nullable().default(null),
  kind: modelKind.nullable().default(null),
  name: z.string().nullable().default(null),
  /**
   * What gives the weights that the checkpoint lacks: a 2-D Swin transformer, BERT, and for the rest seeded random
   * numbers. Null refuses a checkpoint that lacks weights.
   */
  init: z
    .object({
      swin: z.string().nullable().default(null),
      bert: z.string().nullable().default(null),
      seed: within(limits.initialSeed).default(0),
      /** How the random numbers are drawn: as the published classes start, or scaled to the width of each layer. */
      start: z.enum(randomStarts).default('published'),
    })
    .nullable()
    .default(null),
  /**
   * Bias tables of other windows are resized to the configuration's: of windows that differ in time only, or in any
   * axis.
   */
  resizeBias: z.enum(biasResizes).nullable().default(null),
})
export type ImportInput = z.infer<typeof importInput>

export const verifyInput = z.object({
  fixture: z.string(),
  cases: z.array(z.string()).default([]),
  device: z.string().nullable().default(null),
  precision: z.enum(weightPrecisions).default('fp32'),
})
export type VerifyInput = z.infer<typeof verifyInput>

export const exportFormat = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof exportFormat>

export const exportInput = z.object({
  id: z.string(),
  /** The published state dict as one file of PyTorch or safetensors, or a folder of ONNX programs. */
  format: exportFormat,
  precision: z.enum(weightPrecisions).default('fp32'),
  /** The file or folder to write, absolute. */
  path: z.string(),
  overwrite: z.boolean().default(false),
  /** Sentences that an ONNX program answers questions from; null for as many as the published task has. */
  sentences: z.number().int().positive().nullable().default(null),
})
export type ExportInput = z.infer<typeof exportInput>

const one = z.object({ id: z.string() })

export const modelsContract = {
  list: oc.output(z.array(model)),
  /** How many videos of the library each model that can search has indexed, under the present settings, by its id. */
  indexed: oc.output(z.record(z.string(), z.number().int())),
  info: oc.input(one).output(model),
  /** Makes it the model that indexes, searches and inspects. */
  use: oc.input(one).output(model),
  import: oc.input(importInput).output(importReport),
  /** Starts an `export` job; what cannot be exported, or a path that is taken, is said at once. */
  export: oc.input(exportInput).output(z.object({ jobId: z.number().int() })),
  remove: oc.input(one).output(z.void()),
  verify: oc.input(verifyInput).output(verifyReport),
}
