import { broadcast, size } from '../shape.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

/** alpha · op(A) · op(B) + beta · C, with op(X) = X or its transpose; C broadcasts to the result. */
const gemm: Op<{ transA: boolean; transB: boolean; alpha: number; beta: number }> = {
  infer(inputs, { transA, transB }) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    if (a.shape.length !== 2 || b.shape.length !== 2) throw new Error('Gemm multiplies matrices')
    const [rows, inner] = [size(a.shape, transA ? 1 : 0), size(a.shape, transA ? 0 : 1)]
    const [innerB, columns] = [size(b.shape, transB ? 1 : 0), size(b.shape, transB ? 0 : 1)]
    if (inner !== innerB) throw new Error(`Gemm of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] does not fit`)
    const bias = inputs[2]
    if (bias && broadcast(bias.shape, [rows, columns]).join() !== [rows, columns].join()) {
      throw new Error('the bias of a Gemm does not fit')
    }
    return { dtype: a.dtype, shape: [rows, columns] }
  },
  onnx: (inputs, { transA, transB, alpha, beta }) => ({
    opType: 'Gemm',
    inputs,
    attributes: {
      transA: { int: Number(transA) },
      transB: { int: Number(transB) },
      alpha: { float: alpha },
      beta: { float: beta },
    },
  }),
}

/** Matrix product over the last two axes; the axes before them broadcast. */
const matMul: Op = {
  infer(inputs) {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    if (size(a.shape, -1) !== size(b.shape, -2)) {
      throw new Error(`MatMul of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] does not fit`)
    }
    return {
      dtype: a.dtype,
      shape: [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), size(a.shape, -2), size(b.shape, -1)],
    }
  },
  onnx: inputs => ({ opType: 'MatMul', inputs }),
}

export const matrix = { Gemm: gemm, MatMul: matMul }
