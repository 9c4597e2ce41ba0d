import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Task } from '../../api/datasets.ts'
import type { Trainable } from '../../api/training.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { models } from '../../../native-models/lfvila/models/index.ts'
import type { ModelShapes } from '../../../native-models/lfvila/models/index.ts'
import { makeTrainStep } from '../../../native-models/training/train-step.ts'
import type { RegisteredModel } from '../../models/model-file.ts'
import { writeProgram } from '../../models/program-files.ts'
import { inWorkshop } from '../../models/workshop/workshop.ts'
import { writeFileAtomic } from '../../storage/index.ts'
import { trains } from './trained-weights.ts'
import type { TrainedState } from './trainer.ts'

/** What the programs of a run are made of. */
export interface TrainingRecipe {
  readonly task: Task
  readonly train: Trainable
  readonly microBatchSize: number
  /** Shape of one example's text, [M, L] or [choices, M, L]; null without text. */
  readonly text: readonly number[] | null
  /** Results to watch in training, and those that validation asks for. */
  readonly watch: readonly string[]
  readonly answers: readonly string[]
}

/** Files of the programs, and how the state they work on lies in memory. */
export interface TrainingPrograms {
  readonly gradients: string
  readonly update: string
  /** The model's answers with the weights of the state. */
  readonly answer: string
  readonly step: TrainedState
}

const layoutFile = z.object({
  layout: z.object({
    parameters: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), offset: z.number().int() })),
    regions: z.array(z.object({ decays: z.boolean(), start: z.number().int(), end: z.number().int() })),
    chunk: z.number().int(), length: z.number().int(),
  }),
  optimiser: z.object({ betas: z.tuple([z.number(), z.number()]), epsilon: z.number() }),
})

const names = { gradients: 'training-gradients', update: 'training-update', answer: 'training-answer', layout: 'training-layout.json' } as const

/** Makes the programs beside the weights of the model that a run begins with, in a thread of its own. */
export async function trainingPrograms({ folder, id }: RegisteredModel, recipe: TrainingRecipe, signal: AbortSignal): Promise<TrainingPrograms> {
  await inWorkshop({ make: 'training', folder, id, recipe }, signal)
  const file = (name: string) => path.join(folder, `${name}.onnx`)
  return {
    gradients: file(names.gradients), update: file(names.update), answer: file(names.answer),
    step: layoutFile.parse(JSON.parse(await readFile(path.join(folder, names.layout), 'utf8'))),
  }
}

/** The work of the thread. @throws ExpectedError when nothing is left to train. */
export async function writeTrainingPrograms(model: RegisteredModel, { task, train, microBatchSize, text, watch, answers }: TrainingRecipe): Promise<void> {
  const { folder, config } = model
  const [height, width] = config.video.inputSize
  const shapes: ModelShapes = { video: [microBatchSize, config.video.frames, height, width, 3], text: text && [microBatchSize, ...text], form: 'explicit' }
  const { gradients, update, layout, optimiser } = makeTrainStep(config, task, { shapes, trains: trains(config, task, train), watch })
  const outputs = models[task](config, shapes)
  const answer = makeProgram('answer', Object.fromEntries(answers.flatMap(name => {
    const build = outputs[name]
    return build ? [[name, build()]] : []
  })), new Set(layout.parameters.map(({ name }) => name)))
  await writeProgram(folder, names.gradients, gradients)
  await writeProgram(folder, names.update, update)
  await writeProgram(folder, names.answer, answer)
  await writeFileAtomic(path.join(folder, names.layout), JSON.stringify({ layout, optimiser }))
}
