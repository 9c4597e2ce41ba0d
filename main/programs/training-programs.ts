import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { halfProducts } from '../../native-models/graph/precision/half-products.ts'
import type { Precision } from '../../native-models/graph/precision/precision.ts'
import { makeProgram } from '../../native-models/graph/program.ts'
import type { Program } from '../../native-models/graph/program.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import { models } from '../../native-models/lfvila/models/models.ts'
import type { ModelShapes } from '../../native-models/lfvila/models/models.ts'
import type { Steady } from '../../native-models/training/frozen-part.ts'
import { withLowRankAdditions } from '../../native-models/training/low-rank.ts'
import { makeTrainStep } from '../../native-models/training/train-step.ts'
import type { TrainStep } from '../../native-models/training/train-step.ts'
import type { Task } from '../api/training/datasets.ts'
import type { Trainable } from '../api/training/training.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { writeFileAtomic } from '../storage/files/atomic-file.ts'
import { compile } from './compile.ts'
import { writeProgram } from './program-files.ts'
import { lowRankOf, trains } from './trained-weights.ts'

export type TrainingPrecision = Extract<Precision, 'fp32' | 'fp16'>

/** The part of a step that is not a program: how its weights lie in memory and how they are updated. */
export type TrainedState = Pick<TrainStep, 'layout' | 'optimiser'>

/** What the programs of a run are made of. */
export interface TrainingRecipe {
  readonly task: Task
  readonly train: Trainable
  /** Dropout and stochastic depth. */
  readonly stochastic: boolean
  /** Compute what is frozen once per example, as far as it depends on what is the same in every epoch. */
  readonly keepFrozen: Steady | null
  readonly labelSmoothing: number
  /** See the correction `otherNegatives`. */
  readonly otherNegatives: boolean
  readonly microBatchSize: number
  /** Examples that a contrastive loss compares, when they are more than a micro-batch; else null. */
  readonly contrasts: number | null
  /** Of the products of forward and backward pass; weights, gradient sums and moments stay in fp32. */
  readonly precision: TrainingPrecision
  /** Shape of one example's text, [M, L] or [choices, M, L]; null without text. */
  readonly text: readonly number[] | null
  /** Results to watch in training, and those that validation asks for. */
  readonly watch: readonly string[]
  readonly answers: readonly string[]
}

/** Files of the programs, and how the state they work on lies in memory. */
export interface TrainingPrograms {
  readonly gradients: string
  /** Where the loss compares more than a micro-batch. */
  readonly together: { readonly embeddings: string; readonly contrast: string } | null
  readonly update: string
  /** The model's answers with the weights of the state. */
  readonly answer: string
  /** What is frozen, of one example; none where nothing is kept. */
  readonly frozen: readonly string[]
  readonly step: TrainedState
}

const layoutFile = z.object({
  layout: z.object({
    parameters: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), offset: z.number().int() })),
    regions: z.array(z.object({ decays: z.boolean(), start: z.number().int(), end: z.number().int() })),
    chunk: z.number().int(),
    length: z.number().int(),
  }),
  optimiser: z.object({ betas: z.tuple([z.number(), z.number()]), epsilon: z.number() }),
  frozen: z.array(z.string()),
  isTogether: z.boolean(),
})

const names = {
  gradients: 'training-gradients',
  embeddings: 'training-embeddings',
  contrast: 'training-contrast',
  update: 'training-update',
  answer: 'training-answer',
  frozen: 'training-frozen',
  layout: 'training-layout.json',
} as const

/** Makes the programs beside the weights of the model that a run begins with, in a thread of its own. */
export async function trainingPrograms(
  { folder, id }: RegisteredModel,
  recipe: TrainingRecipe,
  signal: AbortSignal,
): Promise<TrainingPrograms> {
  await compile({ make: 'training', folder, id, recipe }, signal)
  const file = (name: string) => join(folder, `${name}.onnx`)
  const { frozen, isTogether, ...step } = layoutFile.parse(
    JSON.parse(await readFile(join(folder, names.layout), 'utf8')),
  )
  return {
    gradients: file(names.gradients),
    together: isTogether ? { embeddings: file(names.embeddings), contrast: file(names.contrast) } : null,
    update: file(names.update),
    answer: file(names.answer),
    frozen: frozen.map(file),
    step,
  }
}

/** The work of the thread. @throws ExpectedError when nothing is left to train. */
export async function writeTrainingPrograms(
  { folder, config }: RegisteredModel,
  recipe: TrainingRecipe,
): Promise<void> {
  const { gradients, together, update, frozen, answer, layout, optimiser } = buildTrainingPrograms(config, recipe)
  await writeProgram(folder, names.gradients, gradients)
  if (together) {
    await writeProgram(folder, names.embeddings, together.embeddings)
    await writeProgram(folder, names.contrast, together.contrast)
  }
  await writeProgram(folder, names.update, update)
  await writeProgram(folder, names.answer, answer)
  const parts = frozen.map((program, index) => ({ name: `${names.frozen}-${index}`, program }))
  for (const { name, program } of parts) await writeProgram(folder, name, program)
  await writeFileAtomic(
    join(folder, names.layout),
    JSON.stringify({ layout, optimiser, frozen: parts.map(({ name }) => name), isTogether: together !== null }),
  )
}

/**
 * A training step and the program that answers with its weights. @throws ExpectedError when nothing is left to train.
 */
export function buildTrainingPrograms(
  own: LfVilaConfig,
  recipe: TrainingRecipe,
): TrainStep & { readonly answer: Program } {
  const {
    task,
    train,
    stochastic,
    keepFrozen,
    labelSmoothing,
    otherNegatives,
    microBatchSize,
    contrasts,
    precision,
    text,
    watch,
    answers,
  } = recipe
  const config = { ...own, loss: { ...own.loss, labelSmoothing, otherNegatives } }
  const [height, width] = config.video.inputSize
  const shapes: ModelShapes = {
    video: [microBatchSize, config.video.frames, height, width, 3],
    text: text && [microBatchSize, ...text],
    form: 'explicit',
  }
  const lowRank = lowRankOf(train)
  const step = makeTrainStep(config, task, {
    shapes,
    trains: trains(config, task, train),
    watch,
    stochastic,
    keepFrozen,
    ...(contrasts === null ? {} : { contrasts }),
    ...(lowRank ? { lowRank } : {}),
  })
  const known = models[task](config, shapes)
  const asked = answers.flatMap(name => {
    const build = known[name]
    return build ? [{ name, tensor: build() }] : []
  })
  const tensors = asked.map(({ tensor }) => tensor)
  const answered = lowRank ? withLowRankAdditions(tensors, lowRank) : tensors
  const results = Object.fromEntries(
    asked.flatMap(({ name }, index) => (answered[index] ? [[name, answered[index]]] : [])),
  )
  const answer = makeProgram('answer', results, new Set(step.layout.parameters.map(({ name }) => name)))
  const inPrecision = (program: Program): Program => (precision === 'fp16' ? halfProducts(program) : program)
  return {
    ...step,
    gradients: inPrecision(step.gradients),
    together: step.together && { ...step.together, embeddings: inPrecision(step.together.embeddings) },
    answer,
  }
}
