import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  limits,
  longestRunName,
  contrastRules,
  negativeRules,
  resumableStates,
  runStates,
  samplings,
  scheduleKinds,
  weightPrecisions,
} from '../common/rules.ts'
import { within } from '../common/within.ts'
import { datasetChoice, splitCounts, task } from './datasets.ts'
import { queryTrace, runCheckpoints, traceChoice, traceable } from './tracing.ts'

/**
 * Which weights change. Frozen ones cost neither gradients nor moments; what comes before the first trained one is
 * computed once per video.
 */
export const trainable = z.discriminatedUnion('what', [
  z.object({ what: z.literal('all') }),
  z.object({ what: z.literal('heads') }),
  /** The last stages of the video encoder and the last layers of the text encoder, and the heads. */
  z.object({ what: z.literal('last'), videoStages: within(limits.videoStages), textLayers: within(limits.textLayers) }),
  /** Low-rank additions to the linear layers, and the heads; alpha ÷ rank scales them. */
  z.object({ what: z.literal('lora'), rank: within(limits.rank), alpha: within(limits.alpha) }),
])
export type Trainable = z.infer<typeof trainable>

/** Learning rate by step, as the reference's schedules (REFERENCE §4). Epochs may be fractions. */
export const schedule = z.object({
  kind: z.enum(scheduleKinds),
  warmupEpochs: within(limits.warmupEpochs),
  /** `step` only. */
  decayEpochs: within(limits.decayEpochs).nullable(),
  decayRate: within(limits.decayRate).nullable(),
  /** `cosine` only. */
  minimum: within(limits.minimumRate),
})
export type Schedule = z.infer<typeof schedule>

export const hyperparameters = z.object({
  epochs: within(limits.epochs),
  /** Examples of one update. */
  batchSize: within(limits.batchSize),
  /** Examples in memory at once; null: as many as the memory holds. */
  microBatchSize: within(limits.microBatchSize).nullable(),
  learningRate: within(limits.learningRate),
  weightDecay: within(limits.weightDecay),
  schedule,
  /** Largest global norm of the gradient; null: any. */
  clipNorm: within(limits.clipNorm).nullable(),
  labelSmoothing: within(limits.labelSmoothing),
  /** Dropout and stochastic depth. */
  stochastic: z.boolean(),
  /** Random crop and flip of training frames; without it they are sampled as for evaluation. */
  augment: z.boolean(),
  /** MTC: negatives as the published code draws them, where a sample can be its own, or from other samples only. */
  negatives: z.enum(negativeRules),
  /**
   * Which examples a contrastive loss compares when the batch is more than a micro-batch: all of it, for which each
   * micro-batch is computed a second time (GradCache, Gao et al. 2021), or those of the micro-batch, as in runs of
   * before, which do not say.
   */
  contrast: z.enum(contrastRules).default('micro-batch'),
})
export type Hyperparameters = z.infer<typeof hyperparameters>

/** Published hyper-parameters of a task, with their source. */
export const preset = z.object({
  id: z.string(),
  name: z.string(),
  task,
  labels: z.number().int().nullable(),
  clips: z.number().int(),
  parameters: hyperparameters,
  source: z.string(),
})
export type Preset = z.infer<typeof preset>

export const runConfig = z.object({
  name: z.string().trim().min(1).max(longestRunName),
  dataset: datasetChoice,
  /** Registered model to start from. */
  model: z.string(),
  task,
  preset: z.string().nullable(),
  train: trainable,
  /** Clips of a video, and sentences of its paragraph; null for the model's own. */
  clips: within(limits.clips).nullable(),
  parameters: hyperparameters,
  seed: within(limits.runSeed),
  /** Epochs between two validations. */
  validateEvery: within(limits.validateEvery),
  /** Validations without improvement after which the run ends; null: never. */
  patience: within(limits.patience).nullable(),
  /** Whether the weights of every validation stay, not of the best and the last alone. */
  keepCheckpoints: z.boolean().optional(),
})
export type RunConfig = z.infer<typeof runConfig>

export const estimate = z.object({
  secondsPerEpoch: z.number(),
  stepsPerEpoch: z.number().int(),
  /** Bytes at the peak in the engine; the disk for the run's checkpoints and cached features. */
  memory: z.number(),
  disk: z.number(),
  microBatchSize: z.number().int(),
  trainedParameters: z.number().int(),
  frozenParameters: z.number().int(),
  /** How it was found: by a measured step on this device, or by arithmetic. */
  basis: z.string(),
  /** What stands against starting, or must be known. */
  warnings: z.array(z.string()),
})
export type Estimate = z.infer<typeof estimate>

export const runState = z.enum(runStates)
export type RunState = z.infer<typeof runState>

/** The value of the validation metric and where it was reached. */
export const validation = z.object({ step: z.number().int(), epoch: z.number(), metric: z.string(), value: z.number() })
export type Validation = z.infer<typeof validation>

/** What a contrastive loss compared, as it happened. */
export const contrastCounts = z.object({
  /** Examples that are compared with each other, those of a batch or of a micro-batch; and those of a batch. */
  together: z.number().int(),
  batch: z.number().int(),
  /** Examples of an epoch that fill no batch. */
  leftOut: z.number().int(),
  /** Sums over the steps so far: examples, their real negatives, and others of the same video or text. */
  compared: z.object({
    examples: z.number().int(),
    negatives: z.number().int(),
    /** Real negatives that an example had at least. */
    fewest: z.number().int().nullable(),
    falseNegatives: z.number().int(),
  }),
})
export type ContrastCounts = z.infer<typeof contrastCounts>

/** What a model of a run was trained with. */
export const trainedWith = z.object({
  run: z.string(),
  task,
  /** Of a segment, and pixels [rows, columns]. */
  frames: z.number().int(),
  clips: z.number().int(),
  inputSize: z.tuple([z.number().int(), z.number().int()]),
  sampling: z.enum(samplings),
  /** Whether frames and the part of the picture were drawn anew in every epoch. */
  augment: z.boolean(),
  precision: z.enum(weightPrecisions),
  /** Null for tasks without a contrastive loss. */
  contrast: contrastCounts.nullable(),
})
export type TrainedWith = z.infer<typeof trainedWith>

/** One fine-tuning, as its folder keeps it. Times are milliseconds since the epoch. */
export const runRecord = z.object({
  id: z.string(),
  config: runConfig,
  state: runState,
  jobId: z.number().int().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  epoch: z.number(),
  step: z.number().int(),
  steps: z.number().int(),
  best: validation.nullable(),
  /** Examples of each split: what its figures are taken over. Null for runs made before this was kept. */
  counts: splitCounts.nullable().default(null),
  /** The registered model made of the best checkpoint. */
  model: z.string().nullable(),
  /** One sentence when it failed or was stopped. */
  problem: z.string().nullable(),
  /** What must be known of its figures: a fallback, rows left out, a smaller micro-batch. */
  notices: z.array(z.string()),
  dataHash: z.string(),
  codeVersion: z.string(),
  /** What products are computed in; null before the first step. */
  precision: z.enum(weightPrecisions).nullable().default(null),
  /** Null for tasks without a contrastive loss, before the first step, and for runs made before this was kept. */
  contrast: contrastCounts.nullable().default(null),
  /** The run that this one goes on from, when its checkpoint was trained elsewhere. */
  continues: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runRecord>

/** One fine-tuning, and what can be done with it now. */
export const run = runRecord.transform(record => ({ ...record, resumable: resumableStates.includes(record.state) }))
export type Run = z.infer<typeof run>

/**
 * One line of a run's `metrics.jsonl`. `values` by name as in TensorBoard, for instance `train/loss`, `validation/r1`.
 */
export const metricPoint = z.object({
  step: z.number().int(),
  epoch: z.number(),
  time: z.number(),
  values: z.record(z.string(), z.number()),
})
export type MetricPoint = z.infer<typeof metricPoint>

export const logLine = z.object({ time: z.number(), level: z.enum(['info', 'warning', 'error']), text: z.string() })
export type LogLine = z.infer<typeof logLine>

/** A run as a job of the published code. */
export const exportedJob = z.object({
  folder: z.string(),
  /** Names inside the folder. */
  files: z.array(z.string()),
  /** What starts it, in the folder of the published code. */
  command: z.string(),
})
export type ExportedJob = z.infer<typeof exportedJob>

const one = z.object({ id: z.string() })

export const trainingContract = {
  presets: oc.output(z.array(preset)),
  /** Measures one step; takes seconds to a minute. */
  estimate: oc.input(runConfig).output(estimate),
  start: oc.input(runConfig).output(run),
  list: oc.output(z.array(run)),
  info: oc.input(one).output(run),
  /** Points after `afterStep`, oldest first. */
  metrics: oc.input(one.extend({ afterStep: z.number().int().default(-1) })).output(z.array(metricPoint)),
  log: oc.input(one).output(z.array(logLine)),
  pause: oc.input(one).output(run),
  resume: oc.input(one).output(run),
  /** Ends it for good; its best checkpoint stays. */
  cancel: oc.input(one).output(run),
  rename: oc.input(one.extend({ name: z.string().trim().min(1).max(longestRunName) })).output(run),
  remove: oc.input(one).output(z.void()),
  /** Checkpoints that a page can show beside the model in use. */
  checkpoints: oc.output(z.array(runCheckpoints)),
  /** What can be followed over the checkpoints of a run that is not at work. */
  traceable: oc.input(one).output(traceable),
  /** Follows one query over the checkpoints of a run, as a job. */
  trace: oc.input(traceChoice).output(z.object({ jobId: z.number().int() })),
  /** What is known of a query that was followed; null before it was. */
  traced: oc.input(traceChoice).output(queryTrace.nullable()),
  /**
   * Writes a run that is not at work, with its weights as they are, as a DeepSpeed job of the published code; `folder`
   * is absolute and new.
   */
  exportJob: oc
    .input(one.extend({ folder: z.string().min(1), overwrite: z.boolean().default(false) }))
    .output(exportedJob),
  /** Registers a checkpoint that such a job wrote, and makes a paused run that goes on from it. */
  importContinuation: oc.input(one.extend({ checkpoint: z.string().min(1) })).output(run),
}
