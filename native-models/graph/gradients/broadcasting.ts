import { matMul, reduceSum, reshape } from '../build.ts'
import { constant, elementCount } from '../tensor.ts'
import type { Shape, Tensor } from '../tensor.ts'

/** Adds up what broadcasting repeated: a gradient in the shape of a result becomes one in the shape of an operand. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  const added = gradient.shape.length - shape.length
  const repeated = gradient.shape.flatMap((size, axis) =>
    axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [],
  )
  if (repeated.length === 0) return reshape(gradient, shape)
  const leads = repeated.every((axis, index) => axis === index)
  return reshape(
    leads ? sumOfRows(gradient, elementCount(gradient.shape.slice(0, repeated.length))) : reduceSum(gradient, repeated),
    shape,
  )
}

/**
 * As a product with a row of ones, which ONNX Runtime computes several times faster than a ReduceSum over the first
 * axis.
 */
function sumOfRows(x: Tensor, rows: number): Tensor {
  return matMul(constant(new Float32Array(rows).fill(1), [1, rows]), reshape(x, [rows, elementCount(x.shape) / rows]))
}
