import { cast, divide, equal, expand, exponential, maximum, multiply, reduceSum, reshape, subtract } from '../build.ts'
import { at } from '../ops/op.ts'
import { reducedShape } from '../shape.ts'
import { elementCount, scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { noGradient } from './rule.ts'
import type { Gradient } from './rule.ts'

/** The gradient by every value of x, given the result and its gradient with the reduced axes kept as 1. */
type Spread = (gradient: Tensor, x: Tensor, output: Tensor, axes: readonly number[]) => Tensor

function reduction(spread: Spread): Gradient<{ axes: readonly number[] }> {
  return ({ inputs, output, attributes: { axes } }, gradient) => {
    const x = at(inputs, 0)
    const kept = reducedShape(x.shape, axes, true)
    return [spread(reshape(gradient, kept), x, reshape(output, kept), axes)]
  }
}

const spreadMean: Spread = (gradient, x) =>
  expand(multiply(gradient, scalar(elementCount(gradient.shape) / elementCount(x.shape))), x.shape)

/** Values that share the maximum share its gradient. */
function spreadMax(gradient: Tensor, x: Tensor, output: Tensor, axes: readonly number[]): Tensor {
  const largest = cast(equal(x, output), 'float32')
  return multiply(largest, divide(gradient, reduceSum(largest, axes, true)))
}

/** At the origin, where the norm has a corner, the gradient is zero as PyTorch's. */
const spreadNorm: Spread = (gradient, x, output) => multiply(x, divide(gradient, maximum(output, scalar(1e-30))))

export const reductions = {
  ReduceSum: reduction((gradient, x) => expand(gradient, x.shape)),
  ReduceMean: reduction(spreadMean),
  ReduceMax: reduction(spreadMax),
  ReduceL2: reduction(spreadNorm),
  ReduceLogSumExp: reduction((gradient, x, output) => multiply(exponential(subtract(x, output)), gradient)),
  ArgMin: noGradient,
  ArgMax: noGradient,
}
