import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import { matMul } from '../../../native-models/graph/build.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { input } from '../../../native-models/graph/tensor.ts'

/** y = x·x·…·x (`factors` + 1 matrices of size × size): as short or as long a computation as a test needs. */
export function matrixPower(size: number, factors: number): Uint8Array {
  const x = input('x', 'float32', [size, size])
  let y = x
  for (let factor = 0; factor < factors; factor++) y = matMul(y, x)
  return toOnnx(makeProgram('power', { y }), name => {
    throw new Error(`There is no weight ${name}.`)
  })
}

/** The matrix of ones divided by its size, which every power leaves as it is. */
export function averaging(size: number): TensorValue {
  return { dtype: 'float32', dims: [size, size], data: new Float32Array(size * size).fill(1 / size) }
}
