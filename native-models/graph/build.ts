/** The vocabulary the model is written in: each function applies one op (or a fixed few) to symbolic tensors. */
import { opOf } from './ops/table.ts'
import type { AttributesOf, OpName } from './ops/table.ts'
import { size } from './shape.ts'
import { constant, scalar } from './tensor.ts'
import type { DType, Shape, Tensor } from './tensor.ts'

export function apply<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: AttributesOf<Name>,
): Tensor {
  const type = opOf(op).infer(inputs, attributes)
  return { dtype: type.dtype, shape: type.shape, source: { kind: 'op', node: { op, inputs, attributes } } }
}

export const add = (a: Tensor, b: Tensor): Tensor => apply('Add', [a, b], {})
export const subtract = (a: Tensor, b: Tensor): Tensor => apply('Sub', [a, b], {})
export const multiply = (a: Tensor, b: Tensor): Tensor => apply('Mul', [a, b], {})
export const divide = (a: Tensor, b: Tensor): Tensor => apply('Div', [a, b], {})
export const maximum = (a: Tensor, b: Tensor): Tensor => apply('Max', [a, b], {})
export const equal = (a: Tensor, b: Tensor): Tensor => apply('Equal', [a, b], {})
export const absolute = (x: Tensor): Tensor => apply('Abs', [x], {})
export const gelu = (x: Tensor): Tensor => apply('Gelu', [x], {})
export const exponential = (x: Tensor): Tensor => apply('Exp', [x], {})
export const tanh = (x: Tensor): Tensor => apply('Tanh', [x], {})
/** gelu(x + bias), fused; bias over the last axis. */
export const biasGelu = (x: Tensor, bias: Tensor): Tensor => apply('BiasGelu', [x, bias], {})
export const identity = (x: Tensor): Tensor => apply('Identity', [x], {})
/** Marks for a training step; without training they change nothing. */
export const dropout = (x: Tensor, rate: number): Tensor => (rate === 0 ? x : apply('Dropout', [x], { rate }))
export const dropPath = (x: Tensor, rate: number, batch: number): Tensor =>
  rate === 0 ? x : apply('DropPath', [x], { rate, batch })
export const perSample = (x: Tensor): Tensor => apply('PerSample', [x], {})
export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : apply('Cast', [x], { to }))

export const matMul = (a: Tensor, b: Tensor): Tensor => apply('MatMul', [a, b], {})

/** x · weightᵀ + bias, scaled: x [rows, in], weight [out, in] as PyTorch stores a Linear layer, bias [out]. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null, scale = 1): Tensor {
  return apply('Gemm', bias ? [x, weight, bias] : [x, weight], {
    transA: false,
    transB: true,
    alpha: scale,
    beta: scale,
  })
}

/** a · bᵀ of two matrices, scaled. */
export const matMulTransposed = (a: Tensor, b: Tensor, scale = 1): Tensor => linear(a, b, null, scale)

export const layerNorm = (x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor =>
  apply('LayerNormalization', [x, weight, bias], { epsilon })
export const softmax = (x: Tensor): Tensor => apply('Softmax', [x], {})

/** Fused; see the op. */
export const selfAttention = (x: Tensor, weight: Tensor, bias: Tensor, logitBias: Tensor, heads: number): Tensor =>
  apply('SelfAttention', [x, weight, bias, logitBias], { heads })

/** Fused; see the op. */
export const multiHeadAttention = (
  query: Tensor,
  key: Tensor,
  value: Tensor,
  logitBias: Tensor,
  heads: number,
): Tensor => apply('MultiHeadAttention', [query, key, value, logitBias], { heads })

export const reduceSum = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  apply('ReduceSum', [x], { axes, keep })
export const reduceMean = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  apply('ReduceMean', [x], { axes, keep })
export const reduceMax = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  apply('ReduceMax', [x], { axes, keep })
export const logSumExp = (x: Tensor, axes: readonly number[], keep = false): Tensor =>
  apply('ReduceLogSumExp', [x], { axes, keep })
export const argMin = (x: Tensor, axis: number): Tensor => apply('ArgMin', [x], { axis })
export const argMax = (x: Tensor, axis: number): Tensor => apply('ArgMax', [x], { axis })

/** x / max(‖x‖₂, 1e-12) along the last axis, as torch.nn.functional.normalize. */
export function l2Normalise(x: Tensor): Tensor {
  return divide(x, maximum(apply('ReduceL2', [x], { axes: [-1], keep: true }), scalar(1e-12)))
}

export const reshape = (x: Tensor, shape: Shape): Tensor =>
  x.shape.join() === shape.join() ? x : apply('Reshape', [x], { shape })
export const transpose = (x: Tensor, axes: readonly number[]): Tensor => apply('Transpose', [x], { axes })
export const concat = (parts: readonly Tensor[], axis: number): Tensor => apply('Concat', parts, { axis })
export const slice = (x: Tensor, axis: number, start: number, end: number): Tensor =>
  apply('Slice', [x], { axis, start, end })
export const expand = (x: Tensor, shape: Shape): Tensor => apply('Expand', [x], { shape })
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor => apply('Gather', [x, indices], { axis })
/** Rows of a table, of which the row `padding` is not trained. */
export const embedding = (table: Tensor, indices: Tensor, padding: number): Tensor =>
  apply('Embedding', [table, indices], { padding })

/** Rows of a matrix in a given order. The identity order costs nothing. */
export function gatherRows(x: Tensor, rows: Int32Array): Tensor {
  const unchanged = rows.length === size(x.shape, 0) && rows.every((row, index) => row === index)
  return unchanged ? x : gather(x, constant(rows, [rows.length]))
}
