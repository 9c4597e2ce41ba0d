import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Task } from '../../main/api/training/datasets.ts'
import { Engine } from '../../main/engine/engine.ts'
import { forkLauncher } from '../../main/engine/launcher.ts'
import type { Tensors } from '../../main/engine/protocol.ts'
import { SamplingThread } from '../../main/media/sampling-thread/sampling-thread.ts'
import { readModel, weightsFile } from '../../main/model-folder/model-file.ts'
import { trainingPrograms } from '../../main/programs/training-programs.ts'
import { inProcess } from '../../main/reading-process/read-tokenizer.ts'
import { Batches } from '../../main/training/data/batches/batches.ts'
import type { Example, ExampleContent } from '../../main/training/data/examples/example.ts'
import { trainingRecipe, firstValue } from '../../main/training/runs/run-parts.ts'
import { Trainer } from '../../main/training/steps/trainer.ts'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { seededRandom } from '../../native-models/starter/seeded-random.ts'
import { wordPieceTokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { colourRun } from '../support/models/small-model.ts'
import { sample } from '../support/sample.ts'
import { colours, fourColours, writeColourVideos } from './support/colour-videos.ts'
import type { Colour } from './support/colour-videos.ts'
import { openBench } from './support/command-line.ts'
import type { Bench } from './support/command-line.ts'
import { importing, tinyConfig, vocabulary, writeTinyModel } from './support/tiny-model.ts'

/**
 * Answers, statements and pairs that only the colours of the video decide, so that what is learned passes from the loss
 * through the cross-modal layers into the video encoder. Frames are made here, not decoded: a step of every weight
 * takes hundredths of a second.
 */
let bench: Bench
const sampler = new SamplingThread()
beforeAll(async () => {
  bench = await openBench()
  await writeColourVideos(bench.folder, [{ name: 'any', colour: 'red' }])
}, 120_000)
afterAll(async () => {
  await sampler.close()
  await bench.close()
})

const {
  sample_frame: frames,
  input_res: [height = 0, width = 0],
} = tinyConfig.DATA
const batch = 8
const signal = new AbortController().signal

interface Sample {
  readonly example: Example
  readonly colour: Colour
}
type Contents = (colour: Colour, index: number, draw: ReturnType<typeof seededRandom>) => ExampleContent
const video = () => ({ path: join(bench.folder, 'any.mp4'), start: null, end: null })

const choices: Contents = (colour, _, draw) => {
  const answers = draw.shuffled(fourColours)
  return {
    type: 'choices',
    video: video(),
    question: 'which colour is shown ?',
    answers,
    subtitles: [],
    label: answers.indexOf(colour),
    span: [0, 0.5],
  }
}
const statements: Contents = (colour, index, draw) => {
  const others = fourColours.filter(other => other !== colour)
  const label = Math.floor(index / 4) % 2
  const said = label === 1 ? colour : others[draw.below(3)]
  return { type: 'question', video: video(), question: `the film is ${said}`, subtitles: ['a man says it'], label }
}
const clips: Contents = colour => ({
  type: 'clips',
  clips: Array.from({ length: 4 }, () => ({ video: video(), text: `a ${colour} film` })),
})

function samples(count: number, content: Contents, seed: string): Sample[] {
  const draw = seededRandom(3, seed)
  return Array.from({ length: count }, (_, index) => {
    const colour = fourColours[index % fourColours.length] ?? 'red'
    return { colour, example: { source: `${seed}:${index}`, split: 'train', content: content(colour, index, draw) } }
  })
}

/** Frames of one colour each, every video in a shade of its own. */
function pictures(of: readonly Sample[]): Tensors {
  const size = frames * height * width * 3
  const data = new Uint8Array(of.length * size)
  for (const [row, { colour, example }] of of.entries()) {
    const shade = seededRandom(5, example.source).below(31) - 15
    for (let index = 0; index < size; index++) {
      data[row * size + index] = Math.min(255, Math.max(0, (colours[colour][index % 3] ?? 0) + shade))
    }
  }
  return { video: { dtype: 'uint8', dims: [of.length, frames, height, width, 3], data } }
}

it.each<[Task, Contents, { accuracy: string; chance: number; steps: number }]>(
  sample(
    [
      ['qa-multichoice', choices, { accuracy: 'accuracy', chance: 1 / 4, steps: 60 }],
      ['qa-classification', statements, { accuracy: 'accuracy', chance: 1 / 2, steps: 400 }],
      ['pretrain-stage2', clips, { accuracy: 'accuracy.vtm', chance: 1 / 2, steps: 400 }],
    ],
    1,
  ),
)(
  '%s learns what only the video tells',
  async (task, content, { accuracy, chance: guess, steps }) => {
    await bench.lfvila(...importing(await writeTinyModel(bench.folder, task), task), '--kind', task)
    const model = await readModel(join(bench.folder, 'workspace', 'models', task), task)
    const [train, held] = [samples(64, content, 'train'), samples(32, content, 'held')]
    const batches = new Batches(
      [...train, ...held].map(({ example }) => example),
      {
        task,
        config: model.config,
        tokenizer: inProcess(wordPieceTokenizer(vocabulary)),
        seed: 1,
        augment: true,
        sampler,
        vocabulary: { size: vocabulary.length, mask: 4, special: new Set([0, 1, 2, 3, 4]) },
      },
    )
    const run = colourRun(bench.folder)
    const recipe = trainingRecipe({ ...run, task, parameters: { ...run.parameters, augment: true } }, batches.layout, {
      microBatchSize: batch,
      contrasts: null,
      precision: 'fp32',
    })
    const feeds = async (of: readonly Sample[], epoch: number | null): Promise<Tensors> => ({
      ...(await batches.loadWithoutFrames(
        of.map(({ example }) => example),
        epoch,
        signal,
      )),
      ...pictures(of),
    })
    const engine = new Engine({ launch: forkLauncher(), device: 'cpu', fallback: null })
    const start = await openCheckpoint(join(model.folder, weightsFile))
    try {
      const programs = await trainingPrograms(model, recipe, signal)
      const trainer = await Trainer.open(engine, programs.step, {
        programs,
        weight: firstValue(run, programs.step, start),
      })
      const session = await engine.load(programs.answer, { arena: false })
      const judge = async (set: readonly Sample[]): Promise<number> => {
        let sum = 0
        for (let first = 0; first < set.length; first += batch) {
          const of = set.slice(first, first + batch)
          const results = await trainer.answer(session, await feeds(of, null))
          sum +=
            accuracy in results
              ? batch * Number(results[accuracy]?.data[0])
              : rightOnes(of, Array.from(results.logits?.data ?? [], Number))
        }
        return sum / set.length
      }
      const learned = (1 + guess) / 2
      let [trained, unseen, taken] = [0, 0, 0]
      for (let step = 0; step < steps; step++) {
        const order = seededRandom(1, 'order', Math.floor(step / 8)).shuffled(train)
        await trainer.accumulate(await feeds(order.slice((step % 8) * batch, ((step % 8) + 1) * batch), step), 1)
        await trainer.update({
          step: step + 1,
          learningRate: 0.001 * Math.min((step + 1) / 10, 1 - step / steps),
          weightDecay: 0,
          clipNorm: null,
        })
        // Looking costs as much as a few steps.
        if ((step + 1) % 40 > 0 && step + 1 < steps) continue
        trained = await judge(train)
        unseen = await judge(held)
        taken = step + 1
        if (trained > 0.9 && unseen > learned) break
      }
      console.log(
        `${task}: ${accuracy} ${trained.toFixed(3)} on training rows, ${unseen.toFixed(3)} on held-out ones after ${taken} steps, chance ${guess}`,
      )
      expect(trained).toBeGreaterThan(0.9)
      expect(unseen).toBeGreaterThan(learned)
      await trainer.close()
    } finally {
      await engine.close()
      await start.close()
    }
  },
  900_000,
)

function rightOnes(of: readonly Sample[], logits: readonly number[]): number {
  const count = logits.length / of.length
  return of.filter(({ example: { content } }, row) => {
    const own = logits.slice(row * count, (row + 1) * count)
    return 'label' in content && own.indexOf(Math.max(...own)) === content.label
  }).length
}
