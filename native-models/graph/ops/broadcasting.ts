import { reduceSum, reshape } from '../build.ts'
import type { Shape, Tensor } from '../tensor.ts'

/** Adds up what broadcasting repeated: a gradient in the shape of a result becomes one in the shape of an operand. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  const added = gradient.shape.length - shape.length
  const repeated = gradient.shape.flatMap((size, axis) => axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [])
  return reshape(repeated.length > 0 ? reduceSum(gradient, repeated) : gradient, shape)
}
