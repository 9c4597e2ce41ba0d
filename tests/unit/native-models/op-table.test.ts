import { expect, test } from 'vitest'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import * as build from '../../../native-models/graph/build.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { opTable } from '../../../native-models/graph/ops/table.ts'
import type { OpName } from '../../../native-models/graph/ops/table.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { constant, elementCount, input, parameter } from '../../../native-models/graph/tensor.ts'
import type { Tensor } from '../../../native-models/graph/tensor.ts'

const a = input('a', 'float32', [2, 3, 4])
const b = input('b', 'float32', [4])
const matrix = input('matrix', 'float32', [6, 4])
const indices = constant(Int32Array.of(2, 0, 1, 1), [2, 2])

/** One application of every op; what it is for is in the shapes. */
const applications: Record<OpName, Tensor> = {
  Add: build.add(a, b),
  Sub: build.subtract(b, a),
  Mul: build.multiply(a, a),
  Div: build.divide(a, b),
  Max: build.maximum(a, b),
  Equal: build.equal(a, b),
  GreaterOrEqual: build.apply('GreaterOrEqual', [a, b], {}),
  Abs: build.absolute(a),
  Sign: build.apply('Sign', [a], {}),
  Exp: build.exponential(a),
  Sqrt: build.apply('Sqrt', [a], {}),
  Erf: build.apply('Erf', [a], {}),
  Gelu: build.gelu(a),
  Tanh: build.tanh(a),
  BiasGelu: build.biasGelu(a, b),
  Identity: build.identity(a),
  Cast: build.cast(a, 'int32'),
  Gemm: build.linear(matrix, parameter('w', [5, 4]), parameter('v', [5]), 0.5),
  MatMul: build.matMul(input('stack', 'float32', [2, 5, 3]), a),
  LayerNormalization: build.layerNorm(a, b, b, 1e-5),
  LayerNormMean: build.apply('LayerNormMean', [a, b, b], { epsilon: 1e-5 }),
  LayerNormInverseDeviation: build.apply('LayerNormInverseDeviation', [a, b, b], { epsilon: 1e-5 }),
  Softmax: build.softmax(a),
  SelfAttention: build.selfAttention(
    a,
    input('qkv', 'float32', [4, 12]),
    input('qkvBias', 'float32', [12]),
    input('logitBias', 'float32', [1, 2, 3, 3]),
    2,
  ),
  MultiHeadAttention: build.multiHeadAttention(a, a, a, input('logitBias', 'float32', [1, 2, 3, 3]), 2),
  QuantizedLinear: build.apply(
    'QuantizedLinear',
    [matrix, parameter('w', [4, 5], 'int8'), parameter('scale', [5]), parameter('v', [5])],
    {},
  ),
  ReduceSum: build.reduceSum(a, [0, 2]),
  ReduceMean: build.reduceMean(a, [-1], true),
  ReduceMax: build.reduceMax(a, [1]),
  ReduceL2: build.apply('ReduceL2', [a], { axes: [1, 2], keep: false }),
  ReduceLogSumExp: build.logSumExp(a, [0], true),
  ArgMin: build.argMin(a, 1),
  ArgMax: build.argMax(a, 1),
  Reshape: build.reshape(a, [4, 6]),
  Transpose: build.transpose(a, [2, 0, 1]),
  Concat: build.concat([a, a, a], -1),
  Slice: build.slice(a, -1, 1, 3),
  Pad: build.apply('Pad', [a], { axis: 1, before: 2, after: 1 }),
  Expand: build.expand(b, [3, 4]),
  Gather: build.gather(a, indices, 1),
  Embedding: build.embedding(matrix, indices, 0),
  Dropout: build.dropout(a, 0.1),
  DropPath: build.dropPath(a, 0.1, 2),
  PerSample: build.perSample(a),
  AddToRows: build.apply(
    'AddToRows',
    [matrix, constant(BigInt64Array.of(4n, 4n), [2, 1]), input('rows', 'float32', [2, 4])],
    {},
  ),
}

test.each(Object.keys(opTable) as OpName[])(
  'ONNX Runtime gives %s the shape and type that the table says',
  async op => {
    const program = makeProgram(op, { result: applications[op] })
    const bytes = new Map(
      program.parameters.map(({ name, dtype, shape }) => [name, (dtype === 'int8' ? 1 : 4) * elementCount(shape)]),
    )
    const session = await createSession(toOnnx(program, name => ({ inline: new Uint8Array(bytes.get(name) ?? 0) })))
    try {
      const feeds = Object.fromEntries(
        program.inputs.map(({ name, shape }): [string, TensorValue] => [
          name,
          {
            dtype: 'float32',
            dims: [...shape],
            data: Float32Array.from({ length: elementCount(shape) }, (_, index) => 1 + index / 7),
          },
        ]),
      )
      const { result } = await session.run(feeds)
      expect({ dtype: result?.dtype, shape: result?.dims }).toEqual({
        dtype: applications[op].dtype,
        shape: applications[op].shape,
      })
    } finally {
      await session.dispose()
    }
  },
)

test.each([
  ['shapes that do not broadcast', () => build.add(a, input('c', 'float32', [3]))],
  ['different types', () => build.add(a, input('c', 'int32', [4]))],
  ['a product that does not fit', () => build.matMul(a, a)],
  ['a bias that does not fit', () => build.linear(matrix, parameter('w', [5, 4]), parameter('v', [4]))],
  ['a reshape that loses values', () => build.reshape(a, [5, 5])],
  ['a slice beyond the end', () => build.slice(a, 0, 1, 3)],
  ['axes that are no permutation', () => build.transpose(a, [0, 0, 1])],
  ['appending other rows', () => build.concat([a, b], 0)],
  ['fractional indices', () => build.gather(a, b)],
])('the table refuses %s', (_name, mistake) => {
  expect(mistake).toThrow()
})

test('a zero vector normalises to zero, not to NaN', async () => {
  const session = await createSession(
    toOnnx(makeProgram('normalise', { y: build.l2Normalise(input('x', 'float32', [2, 2])) }), () => ({
      inline: new Uint8Array(),
    })),
  )
  const { y } = await session.run({ x: { dtype: 'float32', dims: [2, 2], data: Float32Array.of(0, 0, 3, 4) } })
  await session.dispose()
  expect(Array.from(y!.data as Float32Array)).toEqual([0, 0, Math.fround(0.6), Math.fround(0.8)])
})

test('two inputs of one name and different shapes are a mistake', () => {
  expect(() => makeProgram('twice', { x: input('x', 'float32', [1]), y: input('x', 'float32', [2]) })).toThrow(
    /two shapes/,
  )
})
