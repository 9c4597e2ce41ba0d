import { afterEach, expect, test } from 'vitest'
import { Engine } from '../../../../main/engine/engine.ts'
import { forkLauncher } from '../../../../main/engine/launcher.ts'
import type { Tensors } from '../../../../main/engine/protocol.ts'
import { Trainer } from '../../../../main/training/steps/trainer.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { makeTrainStep } from '../../../../native-models/training/train-step.ts'
import { randomWeights } from '../../../support/models/random-weights.ts'
import { isWhole } from '../../../support/sample.ts'
import { swiftShader } from '../../engine/swiftshader.ts'
import { smallFeed, smallModel, smallShapes } from './small-model.ts'

const engines: Engine[] = []
afterEach(async () => {
  await Promise.all(engines.splice(0).map(engine => engine.close()))
})

/**
 * Losses and gradient norms of two steps with stochastic layers, from the same seed, of a model with one video layer of
 * two blocks: a GPU in software is slow.
 */
async function train(device: string, environment: Record<string, string> = {}): Promise<number[]> {
  const engine = new Engine({ launch: forkLauncher(environment), device })
  engines.push(engine)
  const video = {
    ...smallModel.video,
    embedDim: 32,
    inputSize: [16, 24] as const,
    stages: [{ depth: 2, heads: 2, window: [2, 2, 2] as const, merges: false }],
  }
  const shapesOf = { ...smallShapes('pretrain-stage1', 2), video: [2, video.frames, ...video.inputSize, 3] as const }
  const step = makeTrainStep({ ...smallModel, video }, 'pretrain-stage1', {
    shapes: shapesOf,
    trains: () => true,
    stochastic: true,
  })
  const shapes = new Map(
    [...step.layout.parameters, ...step.gradients.parameters].map(({ name, shape }) => [name, shape]),
  )
  const weight = (name: string): Float32Array => randomWeights(name, shapes.get(name) ?? [], 1)
  const bind = (name: string): { inline: Uint8Array } => ({ inline: new Uint8Array(weight(name).buffer) })
  const trainer = await Trainer.open(engine, step, {
    programs: { gradients: toOnnx(step.gradients, bind), update: toOnnx(step.update, bind) },
    weight: name => Promise.resolve(weight(name)),
  })
  const model = step.gradients.inputs.filter(
    ({ name }) => /^[a-zA-Z]+$/.test(name) && name !== 'lossScale' && name !== 'randomKey',
  )
  const feeds: Tensors = Object.fromEntries(
    model.map(({ name, dtype, shape }) => [name, smallFeed(name, dtype as 'float32', shape)]),
  )
  const figures: number[] = []
  for (const index of [1, 2]) {
    const randomKey = { dtype: 'int32' as const, dims: [], data: Int32Array.of(index * 1000) }
    const { values, gradientNorm } = await trainer.accumulate({ ...feeds, randomKey }, 1)
    figures.push(values.loss ?? NaN, gradientNorm)
    await trainer.update({ step: index, learningRate: 1e-2, weightDecay: 0.05, clipNorm: 1 })
  }
  expect(engine.status().fallback).toBeNull()
  return figures
}

test.runIf(isWhole && swiftShader)(
  'two steps on a GPU give what the processor gives, random layers included',
  async () => {
    const [onProcessor, onGpu] = [await train('cpu'), await train('webgpu', swiftShader ?? {})]
    // Float32 sums of another order; AdamW, between the steps, sharpens differences.
    for (const [index, value] of onProcessor.entries()) {
      expect(Math.abs(value - (onGpu[index] ?? NaN)) / Math.abs(value)).toBeLessThan(1e-3)
    }
  },
  900_000,
)

test('the processor computes the same step bit for bit each time', async () => {
  expect(await train('cpu')).toEqual(await train('cpu'))
}, 60_000)
