import { size } from '../shape.ts'
import type { TensorType } from '../tensor.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

interface Epsilon {
  epsilon: number
}

function normalisedType(inputs: readonly TensorType[]): TensorType {
  const x = at(inputs, 0)
  for (const affine of inputs.slice(1)) {
    if (affine.shape.join() !== String(size(x.shape, -1))) {
      throw new Error('the weights of a LayerNormalization do not fit')
    }
  }
  return x
}

/** (x − mean) · deviation⁻¹ · weight + bias over the last axis, with deviation = sqrt(variance + epsilon). */
const layerNormalization: Op<Epsilon> = {
  infer: normalisedType,
  onnx: (inputs, { epsilon }) => ({
    opType: 'LayerNormalization',
    inputs,
    attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    result: 0,
  }),
}

/** What a LayerNormalization of the same inputs finds on its way, [..., 1]: the mean, or one over the deviation. */
function statistic(result: 1 | 2): Op<Epsilon> {
  return {
    infer: inputs => ({ ...normalisedType(inputs), shape: [...at(inputs, 0).shape.slice(0, -1), 1] }),
    onnx: (inputs, attributes, scope, types) => ({
      ...layerNormalization.onnx(inputs, attributes, scope, types),
      result,
    }),
  }
}

/** Softmax over the last axis. */
const softmax: Op = {
  infer: inputs => at(inputs, 0),
  onnx: inputs => ({ opType: 'Softmax', inputs, attributes: { axis: { int: -1 } } }),
}

export const normalization = {
  LayerNormalization: layerNormalization,
  LayerNormMean: statistic(1),
  LayerNormInverseDeviation: statistic(2),
  Softmax: softmax,
}
