import { size } from '../shape.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

/**
 * X · (W · scale) + bias in integers: X float32 [rows, in], rounded to 8 bits over the range of the whole tensor at
 * every run, W int8 [in, out], scale float32 [out], bias float32 [out] or absent. The quickest of ONNX Runtime's ways
 * on the CPU: its blockwise product (MatMulNBits) takes as long as float32 there.
 */
const quantizedLinear: Op = {
  infer(inputs) {
    const [x, weight, scale] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
    if (weight.dtype !== 'int8' || x.shape.length !== 2 || size(x.shape, 1) !== size(weight.shape, 0)) {
      throw new Error(`a weight of ${weight.dtype} [${weight.shape.join(', ')}] does not fit [${x.shape.join(', ')}]`)
    }
    for (const perChannel of [scale, ...inputs.slice(3)]) {
      if (perChannel.shape.join() !== String(size(weight.shape, 1))) {
        throw new Error('scales and biases are one per output channel')
      }
    }
    return { dtype: 'float32', shape: [size(x.shape, 0), size(weight.shape, 1)] }
  },
  onnx: ([x = '', weight = '', scale = '', bias]) => ({
    opType: 'DynamicQuantizeMatMul',
    domain: 'com.microsoft',
    inputs: [x, weight, scale, '', ...(bias ? [bias] : [])],
  }),
}

export const quantized = { QuantizedLinear: quantizedLinear }
