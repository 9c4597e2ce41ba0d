import { oc } from '@orpc/contract'
import { z } from 'zod'

/** As in the reference: which heads the checkpoint has. */
export const modelKind = z.enum(['retrieval', 'pretrain-stage1', 'pretrain-stage2', 'qa-classification', 'qa-multichoice', 'video-classification'])
export type ModelKind = z.infer<typeof modelKind>

/** Models of LF-VILA's kinds, and pairs of towers given as ONNX files. */
export const registeredKind = z.enum([...modelKind.options, 'dual-encoder'])
export type RegisteredKind = z.infer<typeof registeredKind>

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
  /** Hash of weights and configuration; embeddings are keyed by it. */
  hash: z.string(),
  createdAt: z.number(),
  source: z.string(),
  video: z.object({
    embedDim: z.number().int().nullable(), depths: z.array(z.number().int()).nullable(), heads: z.array(z.number().int()).nullable(),
    windows: z.array(z.tuple([z.number().int(), z.number().int(), z.number().int()])).nullable(),
    frames: z.number().int(), clips: z.number().int(), inputSize: z.tuple([z.number().int(), z.number().int()]),
  }),
  text: z.object({
    hidden: z.number().int().nullable(), layers: z.number().int().nullable(), heads: z.number().int().nullable(), vocabulary: z.number().int(),
    /** Of one text that the text encoder reads at once; null sentences: a paragraph may have any number. */
    tokens: z.number().int(), sentences: z.number().int().nullable(),
  }),
})
export type Model = z.infer<typeof model>

/** Key by key, what an import did. */
export const importReport = z.object({
  model: z.string(),
  kind: registeredKind,
  parameters: z.number().int(),
  taken: z.number().int(),
  skipped: z.array(z.object({ key: z.string(), reason: z.string() })),
})
export type ImportReport = z.infer<typeof importReport>

/** The report of `model verify`; `null` differences: the output could not be computed, see `problem`. */
export const verifyReport = z.object({
  cases: z.array(z.object({
    name: z.string(),
    pass: z.boolean(),
    /** One sentence when the case could not be run, for instance because it is not supported. */
    problem: z.string().nullable(),
    outputs: z.array(z.object({
      name: z.string(),
      maxAbsDiff: z.number().nullable(),
      maxRelDiff: z.number().nullable(),
      cosine: z.number().nullable(),
      tolerance: z.number(),
      pass: z.boolean(),
    })),
  })),
})
export type VerifyReport = z.infer<typeof verifyReport>

export const importInput = z.object({
  weights: z.array(z.string()).min(1),
  /** Null for a dual encoder, whose one JSON file stands in the place of the weights. */
  config: z.string().nullable().default(null),
  bertConfig: z.string().nullable().default(null),
  vocab: z.string().nullable().default(null),
  kind: modelKind.nullable().default(null),
  name: z.string().nullable().default(null),
})
export type ImportInput = z.infer<typeof importInput>

export const verifyInput = z.object({ fixture: z.string(), cases: z.array(z.string()).default([]), device: z.string().nullable().default(null) })
export type VerifyInput = z.infer<typeof verifyInput>

const one = z.object({ id: z.string() })

export const modelsContract = {
  list: oc.output(z.array(model)),
  info: oc.input(one).output(model),
  /** Makes it the model that indexes, searches and inspects. */
  use: oc.input(one).output(model),
  import: oc.input(importInput).output(importReport),
  remove: oc.input(one).output(z.void()),
  verify: oc.input(verifyInput).output(verifyReport),
}
