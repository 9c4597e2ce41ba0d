import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { task as taskSchema } from '../../../../main/api/training/datasets.ts'
import type { Task } from '../../../../main/api/training/datasets.ts'
import type { Trainable } from '../../../../main/api/training/training.ts'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { buildTrainingPrograms } from '../../../../main/programs/training-programs.ts'
import { inProcess } from '../../../../main/reading-process/read-tokenizer.ts'
import { Batches } from '../../../../main/training/data/batches/batches.ts'
import type { Example, ExampleContent } from '../../../../main/training/data/examples/example.ts'
import { trainingRecipe } from '../../../../main/training/runs/run-parts.ts'
import type { Program } from '../../../../native-models/graph/program.ts'
import { parseConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import { wordPieceTokenizer } from '../../../../native-models/tokenizer/tokenizer.ts'
import { gradientSum } from '../../../../native-models/training/train-step.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { smallConfig } from '../../../support/models/small-config.ts'
import { colourRun } from '../../../support/models/small-model.ts'
import { drawVideo } from '../../../support/videos/ffmpeg.ts'

/** What the step adds to every micro-batch. */
const ofTheStep = new Set(['lossScale', 'randomKey'])
const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'man', 'walks', 'dog', 'runs', 'why', '?']

interface Config {
  readonly clips?: number
  readonly training?: object
  readonly merges?: boolean
}

function configured({ clips = 2, training = {}, merges = false }: Config = {}) {
  const { model, bert } = smallConfig({
    stage1_layers: 2,
    use_simple_merge_qas: merges,
    TRAINING: training,
    corrections: { spanPatches: true },
    DATA: { sample_clip: clips, classification_labels: 5 },
    bert: { vocab_size: vocabulary.length, num_hidden_layers: 3, max_position_embeddings: 64 },
  })
  return parseConfig(model, bert)
}

const folder = folderOfFile('contract')
beforeAll(async () => {
  await drawVideo(join(folder, 'a.mp4'), 'testsrc2=s=320x192:r=8:d=2', ['-c:v', 'libx264', '-preset', 'ultrafast'])
})

const whole = () => ({ path: join(folder, 'a.mp4'), start: null, end: null })
const paragraph = (sentences: number): ExampleContent => ({
  type: 'paragraph',
  video: whole(),
  sentences: Array.from({ length: sentences }, (_, at) => ({ text: 'a man walks', start: at / 4, end: (at + 1) / 4 })),
})
const clips = (count: number): ExampleContent => ({
  type: 'clips',
  clips: Array.from({ length: count }, () => ({ video: whole(), text: 'a dog runs' })),
})
const question = (subtitles: string[]): ExampleContent => ({
  type: 'question',
  video: whole(),
  question: 'why ?',
  subtitles,
  label: 1,
})
const choices = (answers: number, span: [number, number] | null = [0, 1]): ExampleContent => ({
  type: 'choices',
  video: whole(),
  question: 'why ?',
  answers: Array.from({ length: answers }, () => 'a dog'),
  subtitles: ['a man'],
  label: 1,
  span,
})

/** Every kind of model with what its rows and its configuration can vary. */
const cases: Readonly<Record<Task, readonly { what: string; contents: readonly ExampleContent[]; config?: Config }[]>> =
  {
    retrieval: [
      {
        what: 'paragraphs of other numbers of sentences than clips',
        contents: [paragraph(1), paragraph(5), paragraph(2)],
      },
      { what: 'one clip', contents: [paragraph(3), paragraph(1)], config: { clips: 1 } },
    ],
    'pretrain-stage1': [
      { what: 'sentences with times', contents: [paragraph(4), paragraph(3)] },
      { what: 'clip files', contents: [clips(5), clips(2), clips(4)] },
      {
        what: 'three keys and four values',
        contents: [clips(4), clips(4)],
        config: { clips: 4, training: { num_key: 3, num_value: 4 } },
      },
    ],
    'pretrain-stage2': [
      { what: 'sentences with times', contents: [paragraph(4), paragraph(3), paragraph(3), paragraph(3)] },
      { what: 'clip files, an odd batch', contents: [clips(5), clips(2), clips(4), clips(3), clips(2)] },
    ],
    'qa-classification': [
      { what: 'questions', contents: [question([]), question([])] },
      { what: 'statements with subtitles', contents: [question(['a man', 'a dog']), question([])] },
    ],
    'qa-multichoice': [
      { what: 'four answers', contents: [choices(4), choices(4, null)] },
      { what: 'unequally many answers', contents: [choices(2), choices(5), choices(3)] },
      { what: 'all sentences as one', contents: [choices(4), choices(4)], config: { merges: true } },
      {
        what: 'no loss of the span',
        contents: [choices(4), choices(4)],
        config: { training: { use_span_loss: false } },
      },
    ],
    'video-classification': [
      {
        what: 'classes',
        contents: [
          { type: 'class', video: whole(), label: 3 },
          { type: 'class', video: whole(), label: 0 },
        ],
      },
    ],
  }

type Signature = Record<string, string>

function inputsOf({ inputs }: Program, without: ReadonlySet<string> = new Set()): Signature {
  return Object.fromEntries(
    inputs.flatMap(({ name, dtype, shape }) => (without.has(name) ? [] : [[name, `${dtype} [${shape.join(', ')}]`]])),
  )
}

function fed(tensors: Readonly<Record<string, { dtype: string; dims: readonly number[] }>>): Signature {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, dims }]) => [name, `${dtype} [${dims.join(', ')}]`]),
  )
}

async function madeOf(
  task: Task,
  contents: readonly ExampleContent[],
  options: Config | undefined,
  train: Trainable,
  augment: boolean,
) {
  const config = configured(options)
  const examples: Example[] = contents.map((content, index) => ({
    source: `rows:${index}`,
    split: 'train',
    // The folder of the videos is not known before the tests begin.
    content:
      content.type === 'clips'
        ? { ...content, clips: content.clips.map(clip => ({ ...clip, video: whole() })) }
        : { ...content, video: whole() },
  }))
  const batches = new Batches(examples, {
    task,
    config,
    tokenizer: inProcess(wordPieceTokenizer(vocabulary)),
    seed: 1,
    augment,
    sampler,
    vocabulary: { size: vocabulary.length, mask: 4, special: new Set([0, 1, 2, 3, 4]) },
  })
  const run = colourRun(folder)
  const recipe = trainingRecipe(
    { ...run, task, train, parameters: { ...run.parameters, stochastic: true, augment } },
    batches.layout,
    {
      microBatchSize: examples.length,
      contrasts: null,
      precision: 'fp32',
    },
  )
  const programs = buildTrainingPrograms(config, recipe)
  const trained = programs.layout.parameters.flatMap(({ name }) => [name, gradientSum(name)])
  return { examples, batches, programs, own: new Set([...ofTheStep, ...trained]) }
}

const signal = new AbortController().signal
const sampler = new SamplingThread()
afterAll(() => sampler.close())

/** Frames as every task has them; they are read in the test below only, which takes its time. */
const video = ({ length }: readonly Example[]): Signature => ({ video: `uint8 [${length}, 4, 64, 96, 3]` })

it.each([paragraph(2), clips(2)])('reads frames as they are declared, of $type', async content => {
  const { examples, batches } = await madeOf(
    content.type === 'clips' ? 'pretrain-stage2' : 'retrieval',
    [content, content],
    {},
    { what: 'all' },
    true,
  )
  expect(fed(await batches.load(examples, { epoch: 0, signal }))).toMatchObject(video(examples))
})

describe.each(taskSchema.options.flatMap(task => cases[task].map(one => ({ task, ...one }))))(
  '$task: $what',
  ({ task, contents, config }) => {
    it('feeds the training program exactly what it declares, and validation all that it asks for', async () => {
      const { examples, batches, programs, own } = await madeOf(task, contents, config, { what: 'all' }, true)
      expect({ ...video(examples), ...fed(await batches.loadWithoutFrames(examples, 0, signal)) }).toEqual(
        inputsOf(programs.gradients, own),
      )
      expect({ ...video(examples), ...fed(await batches.loadWithoutFrames(examples, null, signal)) }).toMatchObject(
        inputsOf(programs.answer, own),
      )
    })

    it('feeds what is frozen one example at a time, and the rest without frames', async () => {
      const { examples, batches, programs, own } = await madeOf(task, contents, config, { what: 'heads' }, false)
      const declared = inputsOf(programs.gradients, own)
      if (programs.frozen.length === 0) {
        expect({ ...video(examples), ...fed(await batches.loadWithoutFrames(examples, 0, signal)) }).toMatchObject(
          declared,
        )
        return
      }
      const single = examples.slice(0, 1)
      const ofOne = { ...video(single), ...fed(await batches.loadWithoutFrames(single, 0, signal)) }
      for (const frozen of programs.frozen) expect(ofOne).toMatchObject(inputsOf(frozen))
      const outputs = programs.frozen.flatMap(frozen => frozen.outputs)
      const kept = outputs.map(({ name, dtype, shape: [rows = 1, ...rest] }) => [
        name,
        { dtype, dims: [rows * examples.length, ...rest] },
      ])
      expect({
        ...fed(await batches.loadWithoutFrames(examples, 0, signal)),
        ...fed(Object.fromEntries(kept)),
      }).toMatchObject(declared)
    })
  },
)
