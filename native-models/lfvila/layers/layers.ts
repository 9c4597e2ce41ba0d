import { layerNorm, linear } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { parameter } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** PyTorch Linear `name` on a matrix [rows, in] → [rows, out]. */
export function linearLayer(
  x: Tensor,
  name: string,
  { out, bias = true }: { readonly out: number; readonly bias?: boolean },
): Tensor {
  const weight = parameter(`${name}.weight`, [out, size(x.shape, 1)])
  return linear(x, weight, bias ? parameter(`${name}.bias`, [out]) : null)
}

/** PyTorch LayerNorm `name` over the last axis. */
export function layerNormLayer(x: Tensor, name: string, epsilon: number): Tensor {
  const channels = size(x.shape, -1)
  return layerNorm(x, parameter(`${name}.weight`, [channels]), parameter(`${name}.bias`, [channels]), epsilon)
}
