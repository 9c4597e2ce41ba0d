import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../../../main/engine/engine.ts'
import { forkLauncher } from '../../../../main/engine/launcher.ts'
import type { Tensors } from '../../../../main/engine/protocol.ts'
import { partOf } from '../../../../main/training/steps/batch-tensors.ts'
import { Trainer } from '../../../../main/training/steps/trainer.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import type { Program } from '../../../../native-models/graph/program.ts'
import type { LfVilaKind } from '../../../../native-models/lfvila/configuration/state-dict.ts'
import { makeTrainStep } from '../../../../native-models/training/train-step.ts'
import type { TrainStep, TrainStepOptions } from '../../../../native-models/training/train-step.ts'
import { randomWeights } from '../../../support/models/random-weights.ts'
import { smallFeed, smallModel, smallShapes } from '../../native-models/training/small-model.ts'

const [batch, micro] = [6, 2]

let engine: Engine
beforeAll(() => {
  engine = new Engine({ launch: forkLauncher(), device: 'cpu' })
})
afterAll(() => engine.close())

async function openTrainer(step: TrainStep): Promise<Trainer> {
  const bound = (program: Program) => {
    const shapes = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
    return toOnnx(program, name => ({
      inline: new Uint8Array(randomWeights(name, shapes.get(name) ?? [], 1).buffer),
    }))
  }
  const shapes = new Map(step.layout.parameters.map(({ name, shape }) => [name, shape]))
  return Trainer.open(engine, step, {
    programs: {
      gradients: bound(step.gradients),
      together: step.together && {
        embeddings: bound(step.together.embeddings),
        contrast: bound(step.together.contrast),
      },
      update: bound(step.update),
    },
    weight: name => Promise.resolve(randomWeights(name, shapes.get(name) ?? [], 1)),
  })
}

/** What the model is fed, for a whole batch, and as micro-batches. */
function feedsOf(step: TrainStep): { whole: Tensors; micros: Tensors[] } {
  const fed = step.gradients.inputs.filter(({ name }) => /^[a-zA-Z]+$/.test(name) && name !== 'lossScale')
  const whole = Object.fromEntries(
    fed.map(({ name, dtype, shape }) => [name, smallFeed(name, dtype as 'float32', shape)]),
  )
  const micros = Array.from({ length: batch / micro }, (_, index) =>
    Object.fromEntries(
      Object.entries(whole).map(([name, tensor]) => [name, partOf(name, tensor, { index, count: batch / micro })]),
    ),
  )
  return { whole, micros }
}

test.each<[LfVilaKind, string, Partial<TrainStepOptions>]>([
  ['retrieval', 'everything', {}],
  [
    'retrieval',
    'low-rank additions',
    { trains: () => false, lowRank: { rank: 2, alpha: 4, adapts: name => name.endsWith('qkv.weight') } },
  ],
  ['pretrain-stage1', 'everything', { watch: ['loss.global', 'loss.time'] }],
  ['pretrain-stage1', 'the heads', { trains: name => name.includes('_proj') }],
])(
  '%s, training %s: micro-batches have the loss and the gradients of the whole batch',
  async (kind, _what, options) => {
    const config = { ...smallModel, loss: { ...smallModel.loss, otherNegatives: true } }
    const make = (size: number, more: Partial<TrainStepOptions>) =>
      makeTrainStep(config, kind, { shapes: smallShapes(kind, size), trains: () => true, ...options, ...more })
    const [large, cut] = [make(batch, {}), make(micro, { contrasts: batch })]
    expect(large.together).toBeNull()
    const { whole, micros } = feedsOf(large)
    const [one, many] = [await openTrainer(large), await openTrainer(cut)]
    try {
      const expected = await one.accumulate(whole, 1)
      const computed = await many.accumulateTogether(micros)
      expect(Object.keys(computed.values).toSorted()).toEqual(Object.keys(expected.values).toSorted())
      for (const [name, value] of Object.entries(expected.values)) expect(computed.values[name]).toBeCloseTo(value, 4)
      expect(computed.gradientNorm / expected.gradientNorm).toBeCloseTo(1, 4)
      for (const { name } of large.layout.parameters) {
        const [wanted, got] = [await one.read(name, 'gradients'), await many.read(name, 'gradients')]
        // The bias of a key changes no attention: its gradient is rounding alone.
        const largest = Math.max(...wanted.map(Math.abs), 1e-5 * expected.gradientNorm)
        const apart = Math.max(...wanted.map((value, place) => Math.abs(value - (got[place] ?? NaN))))
        // Another order of the same float32 sums.
        expect(apart / largest, name).toBeLessThan(1e-3)
      }
      // Micro-batches by themselves compare something else.
      const alone = await openTrainer(make(micro, {}))
      for (const feeds of micros) await alone.accumulate(feeds, micro / batch)
      const name = large.layout.parameters[0]?.name ?? ''
      expect(await alone.read(name, 'gradients')).not.toEqual(await one.read(name, 'gradients'))
      await alone.close()
    } finally {
      await one.close()
      await many.close()
    }
  },
  120_000,
)

test('a micro-batch of one has others to be compared with', async () => {
  const cut = makeTrainStep(smallModel, 'retrieval', {
    shapes: smallShapes('retrieval', 1),
    trains: () => true,
    contrasts: 2,
  })
  const trainer = await openTrainer(cut)
  const feeds = Object.fromEntries(
    (cut.together?.embeddings.inputs ?? [])
      .filter(({ name }) => /^[a-zA-Z]+$/.test(name))
      .map(({ name, dtype, shape }) => [name, smallFeed(name, dtype as 'float32', shape)]),
  )
  // Of two equal pairs neither tells more of the other: both losses are those of a guess between two.
  const { values } = await trainer.accumulateTogether([feeds, feeds])
  expect(values.loss).toBeCloseTo(2 * Math.log(2), 4)
  await trainer.close()
}, 60_000)
