import { add, apply, cast, divide, multiply, reshape } from '../graph/build.ts'
import { constant, elementCount, scalar } from '../graph/tensor.ts'
import type { Shape, Tensor } from '../graph/tensor.ts'

/** Odd, so that multiplying with it modulo 2³² maps no two numbers to one: 2³² over the golden ratio. */
const golden = 0x9e3779b1

interface MaskDraw {
  /** Int32 scalar, another for every micro-batch. */
  readonly key: Tensor
  /** Tells the masks of one program apart. */
  readonly stream: number
}

const whole = (value: number): Tensor => constant(Int32Array.of(value), [])

/**
 * Ones with probability 1 − rate, else zeros, float32.
 *
 * Each place has a number of its own, a hash of its index and the key: nothing is remembered from draw to draw, so a
 * step that is computed again draws the same. The arithmetic is that of int32, which wraps alike on every provider; the
 * generators of ONNX Runtime differ between providers and runs. A mask costs nothing to send, as masks drawn outside
 * would.
 */
export function randomMask(shape: Shape, rate: number, { key, stream }: MaskDraw): Tensor {
  const columns = shape.at(-1) ?? 1
  const rows = elementCount(shape) / columns
  const offset = add(key, whole(Math.imul(stream + 1, 0x85ebca6b)))
  // (row · columns + column) · golden, in two small tables.
  const ofRow = constant(
    Int32Array.from({ length: rows }, (_, row) => Math.imul(row * columns, golden)),
    [rows, 1],
  )
  const ofColumn = constant(
    Int32Array.from({ length: columns }, (_, column) => Math.imul(column, golden)),
    [1, columns],
  )
  const mixed = scramble(swapHalves(scramble(add(ofColumn, add(ofRow, offset)))))
  const kept = apply('GreaterOrEqual', [mixed, whole(Math.round(rate * 2 ** 32 - 2 ** 31))], {})
  return reshape(cast(kept, 'float32'), shape)
}

/** x · (2x + 1), the mixing function of RC6: a permutation whose high bits depend on all lower ones. */
const scramble = (x: Tensor): Tensor => multiply(x, add(add(x, x), whole(1)))

/** The high half where the low was and the low where the high was; division stands for a shift, which WebGPU lacks. */
const swapHalves = (x: Tensor): Tensor => add(divide(x, whole(2 ** 16)), multiply(x, whole(2 ** 16)))

/** x with each value left out at the rate and the others scaled so that the mean stays. */
export const dropped = (x: Tensor, rate: number, draw: MaskDraw): Tensor => multiply(x, scaledMask(x.shape, rate, draw))

/** x [batch · n, …] with whole samples left out. */
export function droppedSamples(
  x: Tensor,
  { batch, rate, ...draw }: { readonly batch: number; readonly rate: number } & MaskDraw,
): Tensor {
  const samples = reshape(x, [batch, elementCount(x.shape) / batch])
  return reshape(multiply(samples, scaledMask([batch, 1], rate, draw)), x.shape)
}

const scaledMask = (shape: Shape, rate: number, draw: MaskDraw): Tensor =>
  multiply(randomMask(shape, rate, draw), scalar(1 / (1 - rate)))
