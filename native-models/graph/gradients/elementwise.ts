import { add, apply, cast as castTo, divide, exponential, multiply, subtract } from '../build.ts'
import { at } from '../ops/op.ts'
import { scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { sumTo } from './broadcasting.ts'
import { noGradient, unchanged } from './rule.ts'
import type { Gradient } from './rule.ts'

/** Gradients of an op with two operands by each of them, in the shape of the broadcast result. */
function broadcasting(ofA: (gradient: Tensor, a: Tensor, b: Tensor) => Tensor, ofB: typeof ofA): Gradient {
  return ({ inputs }, gradient) => {
    const [a, b] = [at(inputs, 0), at(inputs, 1)]
    return [sumTo(ofA(gradient, a, b), a.shape), sumTo(ofB(gradient, a, b), b.shape)]
  }
}

/** The rule of a function of one value, by its derivative. */
function chain(derivative: (output: Tensor, x: Tensor) => Tensor): Gradient {
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

const cast: Gradient = ({ inputs }, gradient) => [at(inputs, 0).dtype === gradient.dtype ? gradient : null]

export const elementwise = {
  Add: broadcasting(
    g => g,
    g => g,
  ),
  Sub: broadcasting(g => g, negative),
  Mul: broadcasting(
    (g, _a, b) => multiply(g, b),
    (g, a) => multiply(g, a),
  ),
  Div: broadcasting(
    (g, _a, b) => divide(g, b),
    (g, a, b) => negative(multiply(g, divide(a, multiply(b, b)))),
  ),
  // Of two equal values the first takes all.
  Max: broadcasting(
    (g, a, b) => multiply(g, whereAtLeast(a, b)),
    (g, a, b) => multiply(g, subtract(scalar(1), whereAtLeast(a, b))),
  ),
  Equal: noGradient,
  GreaterOrEqual: noGradient,
  Abs: chain((_output, x) => signOf(x)),
  Sign: noGradient,
  Exp: chain(output => output),
  Sqrt: chain(output => divide(scalar(0.5), output)),
  Erf: chain((_output, x) => multiply(exponential(negative(multiply(x, x))), scalar(2 / Math.sqrt(Math.PI)))),
  Gelu: chain((_output, x) => geluDerivative(x)),
  Tanh: chain(output => subtract(scalar(1), multiply(output, output))),
  Identity: unchanged,
  Cast: cast,
}
