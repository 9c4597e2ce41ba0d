import { reducedShape } from '../shape.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

interface Axes {
  axes: readonly number[]
  keep: boolean
}

function reduction(opType: string): Op<Axes> {
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
  }
}

/** Index of the smallest or largest value along an axis; the first one on ties. */
function extremeIndex(opType: 'ArgMin' | 'ArgMax'): Op<{ axis: number }> {
  return {
    infer: (inputs, { axis }) => ({ dtype: 'int64', shape: reducedShape(at(inputs, 0).shape, [axis], false) }),
    onnx: (inputs, { axis }) => ({ opType, inputs, attributes: { axis: { int: axis }, keepdims: { int: 0 } } }),
  }
}

export const reductions = {
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax'),
  ReduceL2: reduction('ReduceL2'),
  ReduceLogSumExp: reduction('ReduceLogSumExp'),
  ArgMin: extremeIndex('ArgMin'),
  ArgMax: extremeIndex('ArgMax'),
}
