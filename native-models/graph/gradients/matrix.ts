import { apply, matMul as product, multiply, transpose } from '../build.ts'
import { at } from '../ops/op.ts'
import { scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { sumTo } from './broadcasting.ts'
import type { Gradient } from './rule.ts'

const gemm: Gradient<{ transA: boolean; transB: boolean; alpha: number; beta: number }> = (
  { inputs, attributes: { transA, transB, alpha, beta } },
  gradient,
) => {
  const [a, b, bias] = [at(inputs, 0), at(inputs, 1), inputs[2]]
  const scaled = (left: Tensor, right: Tensor, transLeft: boolean, transRight: boolean): Tensor =>
    apply('Gemm', [left, right], { transA: transLeft, transB: transRight, alpha, beta: 1 })
  return [
    transA ? scaled(b, gradient, transB, true) : scaled(gradient, b, false, !transB),
    transB ? scaled(gradient, a, true, transA) : scaled(a, gradient, !transA, false),
    ...(bias ? [sumTo(beta === 1 ? gradient : multiply(gradient, scalar(beta)), bias.shape)] : []),
  ]
}

const matMul: Gradient = ({ inputs }, gradient) => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)]
  return [sumTo(product(gradient, transposed(b)), a.shape), sumTo(product(transposed(a), gradient), b.shape)]
}

/** The last two axes exchanged. */
function transposed(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis)
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2])
}

export const matrix = { Gemm: gemm, MatMul: matMul }
