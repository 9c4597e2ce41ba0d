import { size } from '../shape.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

/** (x − mean) / sqrt(variance + epsilon) · weight + bias over the last axis. */
const layerNormalization: Op<{ epsilon: number }> = {
  infer(inputs) {
    const x = at(inputs, 0)
    for (const affine of inputs.slice(1)) if (affine.shape.join() !== String(size(x.shape, -1))) throw new Error('the weights of a LayerNormalization do not fit')
    return x
  },
  onnx: (inputs, { epsilon }) => ({ opType: 'LayerNormalization', inputs, attributes: { axis: { int: -1 }, epsilon: { float: epsilon } } }),
}

/** Softmax over the last axis. */
const softmax: Op = {
  infer: inputs => at(inputs, 0),
  onnx: inputs => ({ opType: 'Softmax', inputs, attributes: { axis: { int: -1 } } }),
}

export const normalization = { LayerNormalization: layerNormalization, Softmax: softmax }
