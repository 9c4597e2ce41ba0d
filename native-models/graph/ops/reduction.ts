import { cast, divide, equal, expand, exponential, maximum, multiply, reduceSum, reshape, subtract } from '../build.ts'
import { normaliseAxis } from '../shape.ts'
import { elementCount, scalar } from '../tensor.ts'
import type { Shape, Tensor } from '../tensor.ts'
import { at, noGradient } from './op.ts'
import type { Op } from './op.ts'

interface Axes {
  axes: readonly number[]
  keep: boolean
}

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): number[] {
  const reduced = new Set(axes.map(axis => normaliseAxis(axis, shape.length)))
  return shape.flatMap((size, axis) => (!reduced.has(axis) ? [size] : keep ? [1] : []))
}

/** The gradient by every value of x, given the result and its gradient with the reduced axes kept as 1. */
type Spread = (gradient: Tensor, x: Tensor, output: Tensor, axes: readonly number[]) => Tensor

function reduction(opType: string, spread: Spread): Op<Axes> {
  return {
    infer(inputs, { axes, keep }) {
      const x = at(inputs, 0)
      return { dtype: x.dtype, shape: reducedShape(x.shape, axes, keep) }
    },
    onnx: ([x = ''], { axes, keep }, scope) => ({
      opType,
      inputs: [x, scope.int64(axes)],
      attributes: { keepdims: { int: Number(keep) } },
    }),
    gradient({ inputs, output, attributes: { axes } }, gradient) {
      const x = at(inputs, 0)
      const kept = reducedShape(x.shape, axes, true)
      return [spread(reshape(gradient, kept), x, reshape(output, kept), axes)]
    },
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

/** Index of the smallest or largest value along an axis; the first one on ties. */
function extremeIndex(opType: 'ArgMin' | 'ArgMax'): Op<{ axis: number }> {
  return {
    infer: (inputs, { axis }) => ({ dtype: 'int64', shape: reducedShape(at(inputs, 0).shape, [axis], false) }),
    gradient: noGradient,
    onnx: (inputs, { axis }) => ({ opType, inputs, attributes: { axis: { int: axis }, keepdims: { int: 0 } } }),
  }
}

export const reductions = {
  ReduceSum: reduction('ReduceSum', (gradient, x) => expand(gradient, x.shape)),
  ReduceMean: reduction('ReduceMean', spreadMean),
  ReduceMax: reduction('ReduceMax', spreadMax),
  ReduceL2: reduction('ReduceL2', spreadNorm),
  ReduceLogSumExp: reduction('ReduceLogSumExp', (gradient, x, output) =>
    multiply(exponential(subtract(x, output)), gradient),
  ),
  ArgMin: extremeIndex('ArgMin'),
  ArgMax: extremeIndex('ArgMax'),
}
