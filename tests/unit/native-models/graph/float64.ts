import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { createSession } from '../../../../main/engine/onnxruntime.ts'
import { add, apply, concat, divide, multiply, reduceMean, subtract } from '../../../../native-models/graph/build.ts'
import { ModelProtoSchema, TensorProtoSchema } from '../../../../native-models/graph/generated/onnx_pb.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import type { Program } from '../../../../native-models/graph/program.ts'
import { rewrite } from '../../../../native-models/graph/rewrite.ts'
import { size } from '../../../../native-models/graph/shape.ts'
import { constant, elementCount, scalar } from '../../../../native-models/graph/tensor.ts'
import type { Tensor } from '../../../../native-models/graph/tensor.ts'

const [float32, float64] = [1, 11]

/**
 * Runs a program without inputs in double precision, in which finite differences lose nothing that matters here.
 * Weights and constants keep the float32 values they have.
 */
export async function runInFloat64(
  program: Program,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<Record<string, Float64Array>> {
  const session = await createSession(
    inFloat64(
      toOnnx(program, name => {
        const values = weights.get(name) ?? new Float32Array()
        return { inline: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
      }),
    ),
    // Without inputs all of it is constant: optimized, it would be computed node by node while it is loaded, which
    // takes longer.
    { optimization: 'disabled' },
  )
  try {
    const results = await session.run({})
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, data as unknown as Float64Array]),
    )
  } finally {
    await session.dispose()
  }
}

/** The same model with every float32 a float64. */
function inFloat64(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  const graph = model.graph
  if (!graph) throw new Error('a model without a graph')
  graph.initializer = graph.initializer.map(tensor =>
    tensor.dataType === float32
      ? create(TensorProtoSchema, {
          ...tensor,
          dataType: float64,
          rawData: new Uint8Array(Float64Array.from(new Float32Array(tensor.rawData.slice().buffer)).buffer),
        })
      : tensor,
  )
  for (const { type } of [...graph.input, ...graph.output]) {
    if (type?.value.case === 'tensorType' && type.value.value.elemType === float32) type.value.value.elemType = float64
  }
  for (const { opType, attribute } of graph.node) {
    if (opType === 'Cast') for (const to of attribute) if (to.i === BigInt(float32)) to.i = BigInt(float64)
  }
  return toBinary(ModelProtoSchema, model)
}

/**
 * What ONNX Runtime has in float32 only, spelled in other ops: Erf and Gelu by a power series, right to 1e-10 for |x| <
 * 3 (beyond, it cancels to noise), and the statistics of a LayerNormalization.
 */
export function spelled(results: readonly Tensor[]): Tensor[] {
  return rewrite(results, tensor => {
    const { source } = tensor
    if (source.kind !== 'op') return null
    const {
      op,
      inputs: [x],
      attributes,
    } = source.node
    if (!x) return null
    if (op === 'Erf') return erf(x)
    if (op === 'Gelu') {
      return multiply(x, add(multiply(erf(multiply(x, scalar(Math.SQRT1_2))), scalar(0.5)), scalar(0.5)))
    }
    if (op === 'LayerNormMean') return reduceMean(x, [-1], true)
    if (op === 'LayerNormInverseDeviation') return inverseDeviation(x, (attributes as { epsilon: number }).epsilon)
    return null
  })
}

/** √C over the norm of the centred values, with one value more for epsilon: the table needs no square root. */
function inverseDeviation(x: Tensor, epsilon: number): Tensor {
  const channels = size(x.shape, -1)
  const shape = [...x.shape.slice(0, -1), 1]
  const extra = constant(new Float32Array(elementCount(shape)).fill(Math.sqrt(epsilon * channels)), shape)
  const values = concat([subtract(x, reduceMean(x, [-1], true)), extra], -1)
  return divide(scalar(Math.sqrt(channels)), apply('ReduceL2', [values], { axes: [-1], keep: true }))
}

/** 2/√π · Σ (−1)ᵏ x²ᵏ⁺¹ / (k! (2k + 1)), by Horner's scheme. */
function erf(x: Tensor): Tensor {
  const terms = 80
  const square = multiply(x, x)
  let factorial = 1
  const coefficients = Array.from({ length: terms }, (_, k) => {
    if (k > 0) factorial *= k
    return (k % 2 === 0 ? 2 : -2) / Math.sqrt(Math.PI) / (factorial * (2 * k + 1))
  })
  const sum = coefficients.reduceRight<Tensor | null>(
    (rest, coefficient) => (rest ? add(multiply(rest, square), precise(coefficient)) : precise(coefficient)),
    null,
  )
  return multiply(x, sum ?? x)
}

/** A constant of the graph is a float32; of two, the second makes up for what the first lacks. */
const precise = (value: number): Tensor => add(scalar(value), scalar(value - Math.fround(value)))
