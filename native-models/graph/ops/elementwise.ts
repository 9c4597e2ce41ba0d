import { broadcast } from '../shape.ts'
import type { DType, TensorType } from '../tensor.ts'
import { at, onnxType, plain } from './op.ts'
import type { Op } from './op.ts'

function binary(inputs: readonly TensorType[]): TensorType {
  const [a, b] = [at(inputs, 0), at(inputs, 1)]
  if (a.dtype !== b.dtype) throw new Error(`a ${a.dtype} and a ${b.dtype} tensor cannot be combined`)
  return { dtype: a.dtype, shape: broadcast(a.shape, b.shape) }
}

const unary = (inputs: readonly TensorType[]): TensorType => at(inputs, 0)
const comparison = (inputs: readonly TensorType[]): TensorType => ({ dtype: 'bool', shape: binary(inputs).shape })

const cast: Op<{ to: DType }> = {
  infer: (inputs, { to }) => ({ dtype: to, shape: at(inputs, 0).shape }),
  onnx: (inputs, { to }) => ({ opType: 'Cast', inputs, attributes: { to: { int: onnxType[to] } } }),
}

const biasGelu: Op = {
  infer: inputs => binary(inputs),
  onnx: inputs => ({ opType: 'BiasGelu', domain: 'com.microsoft', inputs }),
}

export const elementwise = {
  Add: plain('Add', binary),
  Sub: plain('Sub', binary),
  Mul: plain('Mul', binary),
  Div: plain('Div', binary),
  Max: plain('Max', binary),
  Equal: plain('Equal', comparison),
  GreaterOrEqual: plain('GreaterOrEqual', comparison),
  Abs: plain('Abs', unary),
  Sign: plain('Sign', unary),
  Exp: plain('Exp', unary),
  Sqrt: plain('Sqrt', unary),
  Erf: plain('Erf', unary),
  Gelu: plain('Gelu', unary),
  Tanh: plain('Tanh', unary),
  BiasGelu: biasGelu,
  Identity: plain('Identity', unary),
  Cast: cast,
}
