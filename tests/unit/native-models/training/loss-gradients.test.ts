import { expect, test } from 'vitest'
import { add, multiply, reduceSum, reshape } from '../../../../native-models/graph/build.ts'
import { gradients } from '../../../../native-models/graph/gradients/gradients.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { rewrite } from '../../../../native-models/graph/rewrite.ts'
import { constant, elementCount, scalar } from '../../../../native-models/graph/tensor.ts'
import type { Shape, Tensor } from '../../../../native-models/graph/tensor.ts'
import type { LfVilaKind } from '../../../../native-models/lfvila/configuration/state-dict.ts'
import { models } from '../../../../native-models/lfvila/models/models.ts'
import { randomWeights } from '../../../support/models/random-weights.ts'
import { runInFloat64, spelled } from '../graph/float64.ts'
import { smallFeed, smallModel, smallShapes } from './small-model.ts'

/**
 * The published code's gradients are known for one loss (see the parity tests). Of the others every part of the model
 * is checked against finite differences in float64 along random directions. The demand is a thousandth; float32
 * constants in the graph and the curvature along a step of 1e-5 cost less than a hundredth of that.
 */
const tolerance = 1e-5
const step = 1e-5

const parts = {
  video: /^video_encoder\./,
  text: /^(text_encoder\.bert|sent_embedding)\./,
  heads: /^(?!video_encoder\.|text_encoder\.bert\.|sent_embedding\.)/,
}

const config = {
  ...smallModel,
  loss: { ...smallModel.loss, labelSmoothing: 0.1, spanWeight: 0.5 },
  corrections: { ...smallModel.corrections, spanPatches: true },
}

test.each<[LfVilaKind, string, number]>([
  ['pretrain-stage1', 'loss.time', 4],
  ['pretrain-stage2', 'loss.mlm', 4],
  ['pretrain-stage2', 'loss.vtmWeighted', 4],
  ['qa-classification', 'loss', 2],
  ['qa-multichoice', 'loss', 2],
  ['qa-multichoice', 'loss.span', 2],
  ['video-classification', 'loss', 2],
])('%s: the gradient of %s agrees with finite differences', async (kind, name, batch) => {
  const loss = models[kind](config, smallShapes(kind, batch))[name]
  if (!loss) throw new Error(`there is no ${name}`)
  const [fed] = rewrite([loss()], ({ source, dtype, shape }) => {
    if (source.kind !== 'input') return null
    const { data } = smallFeed(source.name, dtype as 'float32', shape)
    return constant(data as Float32Array, shape)
  })
  if (!fed) throw new Error('nothing is left of the loss')
  const weights = makeProgram('loss', { loss: fed }).parameters
  const byName = gradients(
    fed,
    weights.map(weight => weight.name),
  )
  const results: Record<string, Tensor> = {}
  for (const [part, pattern] of Object.entries(parts)) {
    const own = weights.filter(weight => pattern.test(weight.name))
    if (own.length === 0) continue
    const direction = new Map(
      own.map(weight => [
        weight.name,
        constant(randomWeights(`${weight.name}.weight`, [...weight.shape, 1], 9), weight.shape),
      ]),
    )
    const along = own.map(weight =>
      total(multiply(byName.get(weight.name) ?? scalar(NaN), direction.get(weight.name) ?? scalar(NaN))),
    )
    const moved = (by: number): Tensor | undefined =>
      rewrite([fed], tensor => {
        const way = tensor.source.kind === 'parameter' ? direction.get(tensor.source.name) : undefined
        return way ? add(tensor, multiply(way, scalar(by))) : null
      })[0]
    const [rule, ahead, behind] = [along.reduce(add), moved(step), moved(-step)]
    if (!ahead || !behind) throw new Error('nothing is left of the loss')
    Object.assign(results, { [`${part}.rule`]: rule, [`${part}.ahead`]: ahead, [`${part}.behind`]: behind })
  }
  const names = Object.keys(results)
  const program = makeProgram(
    'check',
    Object.fromEntries(spelled(Object.values(results)).map((tensor, index) => [names[index] ?? '', tensor])),
  )
  const values = await runInFloat64(program, new Map(weights.map(weight => [weight.name, small(weight)])))
  const first = (result: string): number => values[result]?.[0] ?? NaN
  for (const part of new Set(names.map(result => result.slice(0, result.indexOf('.'))))) {
    const difference = (first(`${part}.ahead`) - first(`${part}.behind`)) / (2 * Math.fround(step))
    const error = Math.abs(first(`${part}.rule`) - difference) / Math.abs(difference)
    console.log(`${kind} ${name}, ${part}: ${first(`${part}.rule`).toPrecision(6)}, error ${error.toExponential(1)}`)
    expect(error).toBeLessThan(tolerance)
  }
})

/** Weights under which no activation leaves the range in which the float64 form of GELU is right. */
function small({ name, shape }: { readonly name: string; readonly shape: Shape }): Float32Array {
  const values = randomWeights(name, shape, 1)
  return shape.length > 1 ? values.map(value => value / 2) : values
}

const total = (tensor: Tensor): Tensor => reduceSum(reshape(tensor, [elementCount(tensor.shape)]), [0])

test.each<[LfVilaKind, string, string, number]>([
  ['pretrain-stage2', 'loss.mlm', 'mlmLabels', -100],
  // A value as far away as the other: no key has a nearest.
  ['pretrain-stage1', 'loss.time', 'valueIndices', 0],
])('%s: %s is 0 where nothing counts, and its gradient too', async (kind, name, without, filling) => {
  const loss = models[kind](config, smallShapes(kind, 4))[name]
  const [fed] = rewrite(loss ? [loss()] : [], ({ source, dtype, shape }) => {
    if (source.kind !== 'input') return null
    const { data } = smallFeed(source.name, dtype as 'float32', shape)
    return constant(source.name === without ? new Int32Array(data.length).fill(filling) : (data as Float32Array), shape)
  })
  if (!fed) throw new Error(`there is no ${name}`)
  const weights = makeProgram('loss', { loss: fed }).parameters
  const all = [
    ...gradients(
      fed,
      weights.map(weight => weight.name),
    ).values(),
  ]
  const [of, norm] = spelled([fed, all.map(gradient => total(multiply(gradient, gradient))).reduce(add)])
  if (!of || !norm) throw new Error('nothing is left of the loss')
  const values = new Map(weights.map(weight => [weight.name, small(weight)]))
  const computed = await runInFloat64(makeProgram('nothing-counts', { of, norm }), values)
  expect([computed.of?.[0], computed.norm?.[0]]).toEqual([0, 0])
})

test('one clip is too few for the temporal contrastive loss', () => {
  const { loss } = models['pretrain-stage1']({ ...config, clips: 1 }, smallShapes('pretrain-stage1', 2))
  expect(loss).toThrow('the model divides one into 1; give it more clips')
})
