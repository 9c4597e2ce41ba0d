import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import { gradientSum, makeTrainStep } from '../../native-models/training/train-step.ts'
import type { Engine } from '../engine/engine.ts'
import { readFinite } from '../models/import/weights.ts'
import { Trainer } from '../training/steps/trainer.ts'
import { caseFeeds } from './case-inputs.ts'
import { fixturePath } from './fixture.ts'
import type { Fixture, FixtureCase, TrainSettings } from './fixture.ts'
import type { NumpyArray } from './npy.ts'
import type { PreparedCase } from './prepared-case.ts'

/** A computed output; `undetermined` marks values of training that rounding decides, see {@link belowRounding}. */
export interface CaseOutput extends NumpyArray {
  readonly undetermined?: readonly boolean[]
}

/** Entries of each weight that a fixture holds: at flat indices floor(linspace(0, n − 1, 64)). */
const samples = 64

/**
 * Where every softmax is blind to a weight, as to the bias of attention's keys, its gradient is zero but for rounding,
 * some 1e-8 of the largest one. AdamW divides by the gradient's size and makes of that noise a step of up to the
 * learning rate, in a direction that depends on the order of additions. Entries whose gradient is below this share of
 * the largest are not compared.
 */
const belowRounding = 1e-7

interface TrainedCase {
  readonly train: TrainSettings
  readonly prepared: PreparedCase
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/**
 * Trains as a case says, all stochastic layers off, and collects `losses` (before each step and after the last),
 * `gradient.samples`, `gradient.stats` (norm, sum, smallest, largest) and `parameters.samples.afterOneStep`.
 * @throws ExpectedError when the case lacks an input or names a weight that its loss does not train.
 */
export async function trainOutputs(
  fixture: Fixture,
  one: FixtureCase,
  { train, prepared, engine, signal }: TrainedCase,
): Promise<Map<string, CaseOutput>> {
  const { config, inputs, weights } = prepared
  const step = makeTrainStep(config, one.model, {
    shapes: { video: inputs.videoShape, pixels: inputs.pixels, text: inputs.textShape },
    loss: train.loss,
    trains: () => true,
    groups: train.groups === 'official' ? 'published' : 'uniform',
    optimiser: { betas: train.betas, epsilon: train.epsilon },
  })
  weights.assert(step.layout.parameters)
  const own = new Set(['lossScale', ...step.layout.parameters.flatMap(({ name }) => [name, gradientSum(name)])])
  const feeds = caseFeeds(
    { ...step.gradients, inputs: step.gradients.inputs.filter(({ name }) => !own.has(name)) },
    inputs,
  )
  const programs = {
    gradients: await prepared.write(step.gradients),
    update: toOnnx(step.update, () => ({ inline: new Uint8Array() })),
  }
  const trainer = await Trainer.open(engine, step, {
    programs,
    weight: name => readFinite(name, weights.get(name)!),
    signal,
  })
  try {
    const { fallback } = engine.status()
    if (fallback) throw new ExpectedError('device-unusable', fallback)
    const losses: number[] = []
    const outputs = new Map<string, CaseOutput>()
    const namesFile = one.outputs.find(({ names }) => names !== undefined)?.names
    const names = namesFile === undefined ? [] : await readNames(fixturePath(fixture, namesFile))
    const untrained = names.find(name => !step.layout.parameters.some(parameter => parameter.name === name))
    if (untrained !== undefined) {
      throw new ExpectedError(
        'fixture',
        `${namesFile} names ${untrained}, which the loss ${train.loss} of this case does not train; correct the fixture.`,
      )
    }
    for (let index = 1; index <= train.steps; index++) {
      losses.push((await trainer.accumulate(feeds, 1, signal)).values.loss ?? NaN)
      if (index === 1) for (const [name, array] of await gradientOutputs(trainer, names)) outputs.set(name, array)
      await trainer.update(
        { step: index, learningRate: train.learningRate, weightDecay: train.weightDecay, clipNorm: null },
        signal,
      )
      if (index === 1) {
        outputs.set('parameters.samples.afterOneStep', {
          ...(await sampled(trainer, names, 'weights')),
          undetermined: undetermined(outputs.get('gradient.samples')?.data ?? []),
        })
      }
    }
    losses.push((await trainer.accumulate(feeds, 1, signal)).values.loss ?? NaN)
    return outputs.set('losses', { shape: [losses.length], data: Float32Array.from(losses) })
  } finally {
    await trainer.close()
  }
}

async function readNames(path: string): Promise<string[]> {
  const parsed = z.object({ names: z.array(z.string()) }).safeParse(
    await readFile(path, 'utf8')
      .then(JSON.parse)
      .catch(() => null),
  )
  if (!parsed.success) {
    throw new ExpectedError(
      'fixture',
      `${path} does not hold the names of weights as {"names": […]}; correct the fixture.`,
    )
  }
  return parsed.data.names
}

async function gradientOutputs(trainer: Trainer, names: readonly string[]): Promise<[string, CaseOutput][]> {
  const stats = new Float32Array(names.length * 4)
  for (const [index, name] of names.entries()) {
    let [square, sum, smallest, largest] = [0, 0, Infinity, -Infinity]
    for (const value of await trainer.read(name, 'gradients')) {
      square += value * value
      sum += value
      smallest = Math.min(smallest, value)
      largest = Math.max(largest, value)
    }
    stats.set([Math.sqrt(square), sum, smallest, largest], index * 4)
  }
  return [
    ['gradient.samples', await sampled(trainer, names, 'gradients')],
    ['gradient.stats', { shape: [names.length, 4], data: stats }],
  ]
}

async function sampled(trainer: Trainer, names: readonly string[], from: 'weights' | 'gradients'): Promise<NumpyArray> {
  const data = new Float32Array(names.length * samples)
  for (const [row, name] of names.entries()) {
    const values = await trainer.read(name, from)
    const stride = (values.length - 1) / (samples - 1)
    for (let index = 0; index < samples; index++) {
      const place = index === samples - 1 ? values.length - 1 : Math.floor(index * stride)
      data[row * samples + index] = values[place] ?? NaN
    }
  }
  return { shape: [names.length, samples], data }
}

function undetermined(gradients: ArrayLike<number>): boolean[] {
  const magnitudes = Array.from(gradients, Math.abs)
  const largest = magnitudes.reduce((most, value) => Math.max(most, value), 0)
  return magnitudes.map(value => value < belowRounding * largest)
}
