import { expect, test } from 'vitest'
import { createSession } from '../../../../main/engine/onnxruntime.ts'
import type { TensorValue } from '../../../../main/engine/onnxruntime.ts'
import { multiply, subtract } from '../../../../native-models/graph/build.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { halfProducts } from '../../../../native-models/graph/precision/half-products.ts'
import { rewrite } from '../../../../native-models/graph/precision/rewrite.ts'
import type { Program } from '../../../../native-models/graph/program.ts'
import { elementCount, scalar } from '../../../../native-models/graph/tensor.ts'
import type { LfVilaKind } from '../../../../native-models/lfvila/configuration/state-dict.ts'
import { initialFactor, lowRankFactors, mergedWeight } from '../../../../native-models/training/low-rank.ts'
import { gradientSum, makeTrainStep, nextGradientSum } from '../../../../native-models/training/train-step.ts'
import type { TrainStepOptions } from '../../../../native-models/training/train-step.ts'
import { randomWeights } from '../../../support/models/random-weights.ts'
import { smallFeed, smallModel, smallShapes } from './small-model.ts'

type Values = Record<string, Float32Array>
const lowRank = { rank: 2, alpha: 4, adapts: (name: string) => /\.(qkv|fc1|query|dense)\.weight$/.test(name) }

/** Runs a program with random weights; `given` stands in for feeds and weights by name. */
async function run(program: Program, given: Values = {}): Promise<Values> {
  const weight = (name: string, shape: readonly number[]): Float32Array => given[name] ?? randomWeights(name, shape, 1)
  const shapes = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
  const session = await createSession(
    toOnnx(program, name => ({ inline: new Uint8Array(weight(name, shapes.get(name) ?? []).slice().buffer) })),
  )
  try {
    const feeds = Object.fromEntries(
      program.inputs.map(({ name, dtype, shape }): [string, TensorValue] => {
        const own = given[name]
        if (own) return [name, { dtype: 'float32', dims: [...shape], data: own }]
        if (name.startsWith('sum.')) {
          return [name, { dtype: 'float32', dims: [...shape], data: new Float32Array(elementCount(shape)) }]
        }
        if (name === 'lossScale') return [name, { dtype: 'float32', dims: [], data: Float32Array.of(1) }]
        if (name === 'randomKey') return [name, { dtype: 'int32', dims: [], data: Int32Array.of(7) }]
        if (/[._](weight|bias|table|embed|lora_A|lora_B)$/.test(name)) {
          return [name, { dtype: 'float32', dims: [...shape], data: weight(name, shape) }]
        }
        return [name, smallFeed(name, dtype as TensorValue['dtype'], shape)]
      }),
    )
    const results = await session.run(feeds)
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
  } finally {
    await session.dispose()
  }
}

const step = (kind: LfVilaKind, options: Partial<TrainStepOptions>, batch = 2) =>
  makeTrainStep(smallModel, kind, { shapes: smallShapes(kind, batch), trains: () => true, ...options })

function expectClose(actual: Float32Array | undefined, expected: Float32Array | undefined): void {
  expect(actual?.length).toBe(expected?.length)
  const size = Math.max(...Array.from(expected ?? [], Math.abs), 1e-6)
  // Another order of the same float32 sums.
  for (const [place, value] of (expected ?? []).entries()) {
    expect(Math.abs(value - (actual?.[place] ?? NaN)) / size).toBeLessThan(1e-4)
  }
}

test.each<[LfVilaKind, string, (name: string) => boolean]>([
  ['retrieval', 'the heads', name => name.includes('_proj')],
  [
    'retrieval',
    'the last video stage, the last text layer',
    name => /_proj|layers\.5\.|layer\.1\.|video_encoder\.norm/.test(name),
  ],
  ['qa-classification', 'the classifier and the last text layer', name => /classifier|layer\.2\./.test(name)],
  ['pretrain-stage2', 'the last text layer', name => /layer\.2\.|cls\.|relationship|video_token_pos/.test(name)],
])('%s, training %s: what is frozen can be computed once per example', async (kind, _what, trains) => {
  // Masked tokens are others in every epoch.
  const steady = kind === 'pretrain-stage2' ? 'video' : 'everything'
  const batch = kind === 'pretrain-stage2' ? 4 : 2
  const plain = step(kind, { trains }, batch)
  const cut = step(kind, { trains, keepFrozen: steady }, batch)
  expect(cut.frozen.length).toBeGreaterThan(0)
  expect(cut.frozen.flatMap(({ inputs }) => inputs.map(({ name }) => name)).includes('textIds')).toBe(
    steady === 'everything',
  )
  expect(cut.gradients.inputs.map(({ name }) => name)).not.toContain('video')
  const whole = await run(plain.gradients)
  const kept: Values = {}
  for (const { name, shape } of cut.gradients.inputs.filter(({ name }) => name.startsWith('kept.'))) {
    kept[name] = new Float32Array(elementCount(shape))
  }
  for (const frozen of cut.frozen) {
    for (let sample = 0; sample < batch; sample++) {
      const feeds: Values = {}
      for (const { name, dtype, shape } of frozen.inputs) {
        const all = smallFeed(name, dtype as TensorValue['dtype'], [batch, ...shape.slice(1)])
        const size = elementCount(shape)
        feeds[name] = all.data.slice(sample * size, (sample + 1) * size) as Float32Array
      }
      for (const [name, values] of Object.entries(await runTyped(frozen, feeds))) {
        kept[name]?.set(values, sample * values.length)
      }
    }
  }
  const fromKept = await run(cut.gradients, kept)
  expectClose(fromKept.loss, whole.loss)
  for (const { name } of plain.layout.parameters) {
    expectClose(fromKept[nextGradientSum(name)], whole[nextGradientSum(name)])
  }
})

async function runTyped(program: Program, given: Record<string, unknown>): Promise<Values> {
  const session = await createSession(
    toOnnx(program, name => {
      const { shape = [] } = program.parameters.find(one => one.name === name) ?? {}
      return { inline: new Uint8Array(randomWeights(name, shape, 1).slice().buffer) }
    }),
  )
  try {
    const feeds = Object.fromEntries(
      program.inputs.map(({ name, dtype, shape }): [string, TensorValue] => [
        name,
        { dtype: dtype as TensorValue['dtype'], dims: [...shape], data: given[name] as Float32Array },
      ]),
    )
    return Object.fromEntries(
      Object.entries(await session.run(feeds)).map(([name, { data }]) => [name, data as Float32Array]),
    )
  } finally {
    await session.dispose()
  }
}

test('low-rank additions begin as nothing, are all that is trained, and merge into the weights', async () => {
  const { gradients, layout } = step('retrieval', { trains: () => false, lowRank })
  expect(layout.parameters.every(({ name }) => /\.lora_[AB]$/.test(name))).toBe(true)
  expect(layout.parameters.map(({ name }) => name)).toContain('video_encoder.layers.0.blocks.0.attn.qkv.weight.lora_B')
  const initial = Object.fromEntries(layout.parameters.map(({ name, shape }) => [name, initialFactor(name, shape, 3)]))
  const base = step('retrieval', {}).gradients
  const begin = await run(gradients, initial)
  const { loss } = await run(base)
  expectClose(begin.loss, loss)

  const trained = Object.fromEntries(layout.parameters.map(({ name, shape }) => [name, randomWeights(name, shape, 2)]))
  const merged: Values = {}
  for (const { name, shape } of gradients.parameters.filter(one => lowRank.adapts(one.name))) {
    const { a, b } = lowRankFactors(name)
    const [rows, columns] = [trained[a], trained[b]]
    if (rows && columns) merged[name] = mergedWeight(randomWeights(name, shape, 1), { a: rows, b: columns, ...lowRank })
  }
  const adapted = await run(gradients, trained)
  const asOne = await run(base, merged)
  expect(Math.abs((adapted.loss?.[0] ?? 0) - (loss?.[0] ?? 0))).toBeGreaterThan(1e-2)
  expectClose(adapted.loss, asOne.loss)
})

test('stochastic layers change the loss, the same way for the same key', async () => {
  const { loss: plain } = await run(step('retrieval', {}).gradients)
  const stochastic = step('retrieval', { stochastic: true }).gradients
  const [first, again] = [await run(stochastic), await run(stochastic)]
  expect(first).toEqual(again)
  expect(first.loss?.[0]).not.toBeCloseTo(plain?.[0] ?? NaN, 3)
})

test('a frozen block of the video encoder is never skipped', async () => {
  const config = { ...smallModel, text: { ...smallModel.text, dropout: 0, attentionDropout: 0 } }
  const inputs = (trains: (name: string) => boolean) =>
    makeTrainStep(config, 'retrieval', {
      shapes: smallShapes('retrieval', 2),
      trains,
      stochastic: true,
    }).gradients.inputs.map(({ name }) => name)
  expect(inputs(name => name.includes('_proj'))).not.toContain('randomKey')
  expect(inputs(name => name.includes('layers.5.'))).toContain('randomKey')
})

test('gradients add up over micro-batches', async () => {
  const { gradients, layout } = step('retrieval', { trains: name => name.includes('_proj') })
  const once = await run(gradients)
  const name = layout.parameters[0]?.name ?? ''
  const sums = Object.fromEntries(
    layout.parameters.map(parameter => [
      gradientSum(parameter.name),
      once[nextGradientSum(parameter.name)] ?? new Float32Array(),
    ]),
  )
  const twice = await run(gradients, sums)
  expectClose(
    twice[nextGradientSum(name)],
    once[nextGradientSum(name)]?.map(value => 2 * value),
  )
  expect(twice.gradientNorm?.[0]).toBeCloseTo(4 * (once.gradientNorm?.[0] ?? NaN), 3)
})

/**
 * The same program in float32, each value that is in half precision rounded to its 11 bits (Veltkamp's splitting): ONNX
 * Runtime's CPU takes out the conversions that it has no kernels for, and the rounding with them. The smaller range of
 * half precision is not in it.
 */
function rounded(program: Program): Program {
  return rewrite(program, ({ op, inputs: [x] }, { source }) => {
    const converts =
      op === 'Cast' &&
      source.kind === 'op' &&
      [source.node.inputs[0]?.dtype, (source.node.attributes as { to: string }).to].includes('float16')
    if (!converts || !x) return null
    const wide = multiply(x, scalar(2 ** 13 + 1))
    return subtract(wide, subtract(wide, x))
  })
}

test.each<LfVilaKind>(['retrieval', 'pretrain-stage1', 'pretrain-stage2', 'qa-classification', 'video-classification'])(
  '%s: half precision gives the gradients of single precision, under a loss scale',
  async kind => {
    const { gradients, layout } = step(kind, {})
    const scale = 4096
    const [single, half] = [
      await run(gradients),
      await run(rounded(halfProducts(gradients)), { lossScale: Float32Array.of(scale) }),
    ]
    let [dot, singleSquares, halfSquares] = [0, 0, 0]
    for (const { name } of layout.parameters) {
      for (const [place, value] of (single[nextGradientSum(name)] ?? []).entries()) {
        const other = (half[nextGradientSum(name)]?.[place] ?? NaN) / scale
        dot += value * other
        singleSquares += value ** 2
        halfSquares += other ** 2
      }
    }
    // Products of 11 bits, through some hundred operations: the direction of the whole gradient hardly turns, and its
    // length stays.
    expect(dot / Math.sqrt(singleSquares * halfSquares)).toBeGreaterThan(0.999)
    expect(dot / Math.sqrt(singleSquares * halfSquares)).toBeLessThan(1 - 1e-9)
    expect(Math.sqrt(halfSquares / singleSquares)).toBeCloseTo(1, 1)
    expect(half.loss?.[0]).toBeCloseTo(single.loss?.[0] ?? NaN, 1)
  },
)
