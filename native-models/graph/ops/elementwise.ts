import { add, apply, cast as castTo, divide, exponential, multiply, subtract } from '../build.ts'
import { broadcast } from '../shape.ts'
import { scalar } from '../tensor.ts'
import type { DType, Tensor, TensorType } from '../tensor.ts'
import { sumTo } from './broadcasting.ts'
import { at, noGradient, onnxType, plain } from './op.ts'
import type { Gradient, Op } from './op.ts'

function binary(inputs: readonly TensorType[]): TensorType {
  const [a, b] = [at(inputs, 0), at(inputs, 1)]
  if (a.dtype !== b.dtype) throw new Error(`a ${a.dtype} and a ${b.dtype} tensor cannot be combined`)
  return { dtype: a.dtype, shape: broadcast(a.shape, b.shape) }
}

const unary = (inputs: readonly TensorType[]): TensorType => at(inputs, 0)
const comparison = (inputs: readonly TensorType[]): TensorType => ({ dtype: 'bool', shape: binary(inputs).shape })

/** Gradients of an op with two operands by each of them, in the shape of the broadcast result. */
function broadcasting(ofA: (gradient: Tensor, a: Tensor, b: Tensor) => Tensor, ofB: typeof ofA): Gradient<object> {
  return ({ inputs }, gradient) => {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    return [sumTo(ofA(gradient, a, b), a.shape), sumTo(ofB(gradient, a, b), b.shape)]
  }
}

/** The rule of a function of one value, by its derivative. */
function chain(derivative: (output: Tensor, x: Tensor) => Tensor): Gradient<object> {
  return ({ inputs, output }, gradient) => [multiply(gradient, derivative(output, at(inputs, 0)))]
}

const negative = (x: Tensor): Tensor => multiply(x, scalar(-1))
const signOf = (x: Tensor): Tensor => apply('Sign', [x], {})
const whereAtLeast = (a: Tensor, b: Tensor): Tensor => castTo(apply('GreaterOrEqual', [a, b], {}), 'float32')

/** d/dx x · Φ(x) = Φ(x) + x · φ(x), with the normal distribution Φ and its density φ. */
function geluDerivative(x: Tensor): Tensor {
  const unit = multiply(x, scalar(Math.SQRT1_2))
  const distribution = add(multiply(apply('Erf', [unit], {}), scalar(0.5)), scalar(0.5))
  // exp(−x²/2) ÷ √π, the constant in the exponent: one pass less over the widest tensor of a block.
  const density = exponential(subtract(scalar(-Math.log(Math.PI) / 2), multiply(unit, unit)))
  return add(distribution, multiply(unit, density))
}

const cast: Op<{ to: DType }> = {
  infer: (inputs, { to }) => ({ dtype: to, shape: at(inputs, 0).shape }),
  onnx: (inputs, { to }) => ({ opType: 'Cast', inputs, attributes: { to: { int: onnxType[to] } } }),
  gradient: ({ inputs }, gradient) => [at(inputs, 0).dtype === gradient.dtype ? gradient : null],
}

const biasGelu: Op = {
  infer: inputs => binary(inputs),
  onnx: inputs => ({ opType: 'BiasGelu', domain: 'com.microsoft', inputs }),
}

export const elementwise = {
  Add: plain(
    'Add',
    binary,
    broadcasting(
      g => g,
      g => g,
    ),
  ),
  Sub: plain(
    'Sub',
    binary,
    broadcasting(g => g, negative),
  ),
  Mul: plain(
    'Mul',
    binary,
    broadcasting(
      (g, _a, b) => multiply(g, b),
      (g, a) => multiply(g, a),
    ),
  ),
  Div: plain(
    'Div',
    binary,
    broadcasting(
      (g, _a, b) => divide(g, b),
      (g, a, b) => negative(multiply(g, divide(a, multiply(b, b)))),
    ),
  ),
  // Of two equal values the first takes all.
  Max: plain(
    'Max',
    binary,
    broadcasting(
      (g, a, b) => multiply(g, whereAtLeast(a, b)),
      (g, a, b) => multiply(g, subtract(scalar(1), whereAtLeast(a, b))),
    ),
  ),
  Equal: plain('Equal', comparison, noGradient),
  GreaterOrEqual: plain('GreaterOrEqual', comparison, noGradient),
  Abs: plain(
    'Abs',
    unary,
    chain((_output, x) => signOf(x)),
  ),
  Sign: plain('Sign', unary, noGradient),
  Exp: plain(
    'Exp',
    unary,
    chain(output => output),
  ),
  Sqrt: plain(
    'Sqrt',
    unary,
    chain(output => divide(scalar(0.5), output)),
  ),
  Erf: plain(
    'Erf',
    unary,
    chain((_output, x) => multiply(exponential(negative(multiply(x, x))), scalar(2 / Math.sqrt(Math.PI)))),
  ),
  Gelu: plain(
    'Gelu',
    unary,
    chain((_output, x) => geluDerivative(x)),
  ),
  Tanh: plain(
    'Tanh',
    unary,
    chain(output => subtract(scalar(1), multiply(output, output))),
  ),
  BiasGelu: biasGelu,
  Identity: plain('Identity', unary, (_application, gradient) => [gradient]),
  Cast: cast,
}
