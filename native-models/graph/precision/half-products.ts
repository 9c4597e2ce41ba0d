import { apply, cast } from '../build.ts'
import type { Program } from '../program.ts'
import { size } from '../shape.ts'
import { rewrite } from './rewrite.ts'

/**
 * Products with a thinner matrix than this are sums in disguise, as the gradient of a layer norm has them: they stay in
 * float32.
 */
const thinnest = 8

/**
 * A training program whose matrix products are computed in half precision and everything between them in float32,
 * weights and sums of gradients included: what a backward pass loses first are small gradients, and sums over many of
 * them.
 */
export function halfProducts(program: Program): Program {
  return rewrite(program, ({ op, inputs, attributes }, output) => {
    if ((op !== 'Gemm' && op !== 'MatMul') || output.dtype !== 'float32') return null
    const sizes = inputs.slice(0, 2).flatMap(({ shape }) => [size(shape, -1), size(shape, -2)])
    if (Math.min(...sizes) < thinnest) return null
    return cast(
      apply(
        op,
        inputs.map(x => cast(x, 'float16')),
        attributes as never,
      ),
      'float32',
    )
  })
}
