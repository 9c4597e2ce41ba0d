import { apply, matMul, multiply, reduceSum, reshape, subtract } from '../build.ts'
import { size } from '../shape.ts'
import { elementCount, scalar } from '../tensor.ts'
import type { Tensor, TensorType } from '../tensor.ts'
import { sumTo } from './broadcasting.ts'
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
  gradient({ inputs, attributes }, gradient) {
    const [x, weight, bias] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
    const channels = size(x.shape, -1)
    const rows = elementCount(x.shape) / channels
    const flat = (tensor: Tensor): Tensor => reshape(tensor, [rows, elementCount(tensor.shape) / rows])
    const inverseDeviation = flat(apply('LayerNormInverseDeviation', inputs, attributes))
    const centred = flat(subtract(x, apply('LayerNormMean', inputs, attributes)))
    const incoming = flat(gradient)
    const weighted = multiply(incoming, centred)
    // Sums over rows and columns as products with vectors: they read the large tensors once and write none.
    const column = reshape(weight, [channels, 1])
    const mean = multiply(matMul(incoming, column), scalar(1 / channels))
    const slope = multiply(
      multiply(matMul(weighted, column), multiply(inverseDeviation, inverseDeviation)),
      scalar(1 / channels),
    )
    const ofX = multiply(
      subtract(subtract(multiply(incoming, weight), mean), multiply(centred, slope)),
      inverseDeviation,
    )
    const ofWeight = matMul(reshape(inverseDeviation, [1, rows]), weighted)
    return [reshape(ofX, x.shape), reshape(ofWeight, weight.shape), sumTo(gradient, bias.shape)]
  },
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
  gradient: ({ output }, gradient) => {
    const weighted = multiply(gradient, output)
    return [subtract(weighted, multiply(output, reduceSum(weighted, [-1], true)))]
  },
}

export const normalization = {
  LayerNormalization: layerNormalization,
  LayerNormMean: statistic(1),
  LayerNormInverseDeviation: statistic(2),
  Softmax: softmax,
}
