import { apply, matMul, multiply, reduceSum, reshape, subtract } from '../build.ts'
import { at } from '../ops/op.ts'
import { size } from '../shape.ts'
import { elementCount, scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { sumTo } from './broadcasting.ts'
import type { Gradient } from './rule.ts'

const layerNormalization: Gradient<{ epsilon: number }> = ({ inputs, attributes }, gradient) => {
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
  const ofX = multiply(subtract(subtract(multiply(incoming, weight), mean), multiply(centred, slope)), inverseDeviation)
  const ofWeight = matMul(reshape(inverseDeviation, [1, rows]), weighted)
  return [reshape(ofX, x.shape), reshape(ofWeight, weight.shape), sumTo(gradient, bias.shape)]
}

const softmax: Gradient = ({ output }, gradient) => {
  const weighted = multiply(gradient, output)
  return [subtract(weighted, multiply(output, reduceSum(weighted, [-1], true)))]
}

export const normalization = { LayerNormalization: layerNormalization, Softmax: softmax }
