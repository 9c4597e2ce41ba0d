import { describe, expect, test } from 'vitest'
import * as build from '../../../../native-models/graph/build.ts'
import { gradients } from '../../../../native-models/graph/gradients/gradients.ts'
import type { Gradient } from '../../../../native-models/graph/gradients/rule.ts'
import { gradientTable } from '../../../../native-models/graph/gradients/table.ts'
import { opTable } from '../../../../native-models/graph/ops/table.ts'
import type { OpName } from '../../../../native-models/graph/ops/table.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { constant, elementCount, parameter, scalar } from '../../../../native-models/graph/tensor.ts'
import type { Shape, Tensor } from '../../../../native-models/graph/tensor.ts'
import { randomWeights } from '../../../support/models/random-weights.ts'
import { runInFloat64, spelled } from './float64.ts'

/**
 * Central differences in float64 with a step of 1e-4 are wrong by some 1e-8; constants such as √½ are float32 in the
 * rules, which costs 1e-7.
 */
const tolerance = 1e-6
const step = 1e-4

interface Case {
  readonly op: OpName
  readonly what: string
  readonly shapes: readonly Shape[]
  readonly of: (x: readonly Tensor[]) => Tensor
}

const whole = (...values: number[]): Tensor => constant(Int32Array.from(values), [values.length])
const nth = (x: readonly Tensor[], index: number): Tensor => {
  const tensor = x[index]
  if (!tensor) throw new Error('a case with too few shapes')
  return tensor
}
const unary = (op: OpName, of: (x: Tensor) => Tensor, what = ''): Case => ({
  op,
  what,
  shapes: [[3, 4]],
  of: x => of(nth(x, 0)),
})
const binary = (op: OpName, of: (a: Tensor, b: Tensor) => Tensor): Case[] => [
  {
    op,
    what: 'of one shape',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    of: x => of(nth(x, 0), nth(x, 1)),
  },
  {
    op,
    what: 'that broadcasts',
    shapes: [
      [2, 1, 4],
      [3, 1],
    ],
    of: x => of(nth(x, 0), nth(x, 1)),
  },
]
const gemm = (transA: boolean, transB: boolean): Case => ({
  op: 'Gemm',
  what: `${transA ? 'transposed' : 'plain'} × ${transB ? 'transposed' : 'plain'}`,
  shapes: [transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4], [4]],
  of: x => build.apply('Gemm', x, { transA, transB, alpha: 0.5, beta: 2 }),
})
/** Away from zero, so that the step crosses no corner. */
const positive = (x: Tensor): Tensor => build.add(build.multiply(x, x), scalar(0.5))

const cases: readonly Case[] = [
  ...binary('Add', build.add),
  ...binary('Sub', build.subtract),
  ...binary('Mul', build.multiply),
  ...binary('Div', (a, b) => build.divide(a, positive(b))),
  ...binary('Max', build.maximum),
  unary('Abs', build.absolute),
  unary('Exp', build.exponential),
  unary('Sqrt', x => build.apply('Sqrt', [positive(x)], {})),
  unary('Erf', x => build.apply('Erf', [x], {})),
  unary('Gelu', build.gelu),
  unary('Tanh', build.tanh),
  unary('Identity', build.identity),
  unary('Dropout', x => build.dropout(x, 0.1)),
  unary('DropPath', x => build.dropPath(x, 0.1, 3)),
  unary('PerSample', build.perSample),
  unary('Cast', x => build.apply('Cast', [x], { to: 'float32' })),
  gemm(false, false),
  gemm(false, true),
  gemm(true, false),
  gemm(true, true),
  {
    op: 'MatMul',
    what: 'of stacks',
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
    of: x => build.matMul(nth(x, 0), nth(x, 1)),
  },
  {
    op: 'MatMul',
    what: 'that broadcasts',
    shapes: [
      [2, 1, 3, 4],
      [5, 4, 2],
    ],
    of: x => build.matMul(nth(x, 0), nth(x, 1)),
  },
  {
    op: 'LayerNormalization',
    what: '',
    shapes: [[2, 3, 5], [5], [5]],
    of: x => build.layerNorm(nth(x, 0), nth(x, 1), nth(x, 2), 1e-2),
  },
  unary('Softmax', build.softmax),
  unary('ReduceSum', x => build.reduceSum(x, [0])),
  unary('ReduceSum', x => build.reduceSum(x, [-1], true), 'kept'),
  unary('ReduceMean', x => build.reduceMean(x, [0, 1])),
  unary('ReduceMax', x => build.reduceMax(x, [1])),
  unary('ReduceL2', x => build.apply('ReduceL2', [x], { axes: [-1], keep: true })),
  unary('ReduceLogSumExp', x => build.logSumExp(x, [0])),
  unary('Reshape', x => build.reshape(x, [2, 6])),
  { op: 'Transpose', what: '', shapes: [[2, 3, 4]], of: x => build.transpose(nth(x, 0), [2, 0, 1]) },
  {
    op: 'Concat',
    what: '',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    of: x => build.concat([...x, nth(x, 0)], 1),
  },
  unary('Slice', x => build.slice(x, 1, 1, 3)),
  unary('Pad', x => build.apply('Pad', [x], { axis: 0, before: 1, after: 2 })),
  { op: 'Expand', what: '', shapes: [[2, 1]], of: x => build.expand(nth(x, 0), [3, 2, 4]) },
  unary('Gather', x => build.gather(x, whole(2, 0, 1), 0), 'a permutation'),
  unary('Gather', x => build.gather(x, whole(3, 3, 0), 1), 'some twice, some never'),
  unary('Gather', x => build.gather(x, constant(Int32Array.of(1), []), 1), 'one entry'),
  unary(
    'Gather',
    x => build.gather(x, whole(...Array.from({ length: 90 }, (_, index) => ((index * index) % 7) % 3))),
    'many times',
  ),
  // Indices that are computed, as those that are fed, are not known when the graph is written.
  unary('Gather', x => build.gather(x, build.add(whole(0, 1, 0), whole(1, 1, 1))), 'fed indices'),
  {
    op: 'AddToRows',
    what: '',
    shapes: [
      [3, 2],
      [4, 2],
    ],
    of: x =>
      build.apply(
        'AddToRows',
        [...x.slice(0, 1), constant(BigInt64Array.of(1n, 0n, 1n, 1n), [4, 1]), ...x.slice(1)],
        {},
      ),
  },
]

/** Not differentiated: fused and quantised twins of what is, and what is constant wherever it is smooth. */
const withoutCase: readonly OpName[] = [
  'BiasGelu',
  'SelfAttention',
  'MultiHeadAttention',
  'QuantizedLinear',
  'LayerNormMean',
  'LayerNormInverseDeviation',
  'Equal',
  'GreaterOrEqual',
  'Sign',
  'ArgMin',
  'ArgMax',
]

/** The derivative of a random combination of the results along a random direction: by the rules, and by differences. */
async function derivatives({ shapes, of }: Case): Promise<{ byRule: number; byDifference: number }> {
  const weights = new Map<string, Float32Array>()
  const random = (name: string, shape: Shape): Tensor =>
    constant(randomWeights(`${name}.weight`, [...shape, 1], 3), shape)
  const x = shapes.map((shape, index) => {
    weights.set(`x${index}`, randomWeights(`x${index}`, [...shape, 1], 5))
    return parameter(`x${index}`, shape)
  })
  const direction = shapes.map((shape, index) => random(`direction${index}`, shape))
  const total = (tensor: Tensor): Tensor => build.reduceSum(build.reshape(tensor, [elementCount(tensor.shape)]), [0])
  const loss = (at: readonly Tensor[]): Tensor => {
    const result = of(at)
    return total(build.multiply(result, random('combination', result.shape)))
  }
  const shifted = (by: number): Tensor =>
    loss(x.map((tensor, index) => build.add(tensor, build.multiply(nth(direction, index), scalar(by)))))
  const byName = gradients(loss(x), weights.keys())
  const along = x.map((_, index) =>
    total(build.multiply(byName.get(`x${index}`) ?? scalar(NaN), nth(direction, index))),
  )
  const [byRule, ahead, behind] = spelled([along.reduce(build.add), shifted(step), shifted(-step)])
  if (!byRule || !ahead || !behind) throw new Error('a rewritten graph lost results')
  const results = await runInFloat64(makeProgram('check', { byRule, ahead, behind }), weights)
  const first = (name: string): number => results[name]?.[0] ?? NaN
  // The step, too, is a float32 in the graph.
  return { byRule: first('byRule'), byDifference: (first('ahead') - first('behind')) / (2 * Math.fround(step)) }
}

const error = ({ byRule, byDifference }: { byRule: number; byDifference: number }): number =>
  Math.abs(byRule - byDifference) / Math.max(1e-3, Math.abs(byDifference))

describe.each(cases)('$op $what', checked => {
  test('its gradient agrees with finite differences', async () => {
    expect(error(await derivatives(checked))).toBeLessThan(tolerance)
  })

  test('a rule one percent off would be noticed', async () => {
    const rules = gradientTable as Partial<Record<OpName, Gradient>>
    const rule = rules[checked.op] ?? (() => [])
    rules[checked.op] = (application, gradient) =>
      rule(application, gradient).map(one => one && build.multiply(one, scalar(1.01)))
    try {
      expect(error(await derivatives(checked))).toBeGreaterThan(1e-3)
    } finally {
      rules[checked.op] = rule
    }
  })
})

test('every op is checked here or has nothing to check', () => {
  const seen = new Set<string>([...cases.map(({ op }) => op), ...withoutCase, 'Embedding'])
  expect(Object.keys(opTable).filter(op => !seen.has(op))).toEqual([])
})

test('the padding row of an embedding is not trained', async () => {
  const table = parameter('table', [3, 2])
  const loss = build.reduceSum(build.embedding(table, whole(0, 2, 2), 0), [0, 1])
  const gradient = gradients(loss, ['table']).get('table') ?? scalar(NaN)
  const { result } = await runInFloat64(
    makeProgram('padding', { result: gradient }),
    new Map([['table', new Float32Array(6)]]),
  )
  expect(Array.from(result ?? [])).toEqual([0, 0, 0, 0, 2, 2])
})

test('an op without a rule fails by its name', () => {
  const x = parameter('x', [2, 3])
  expect(() =>
    gradients(build.reduceSum(build.biasGelu(x, constant(new Float32Array(3), [3])), [0, 1]), ['x']),
  ).toThrow('BiasGelu has no gradient')
})

test('a weight that the loss does not depend on is named', () => {
  expect(() => gradients(build.reduceSum(parameter('x', [2]), [0]), ['x', 'y'])).toThrow(
    'the loss does not depend on y',
  )
})
