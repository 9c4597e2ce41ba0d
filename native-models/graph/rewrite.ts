import { apply } from './build.ts'
import type { Tensor } from './tensor.ts'

/**
 * The same computations with some tensors replaced.
 * @param replace is asked for every tensor the results depend on, after its inputs were replaced; null keeps it.
 */
export function rewrite(results: readonly Tensor[], replace: (tensor: Tensor) => Tensor | null): Tensor[] {
  const replaced = new Map<Tensor, Tensor>()
  const visit = (tensor: Tensor): Tensor => {
    const known = replaced.get(tensor)
    if (known) return known
    const { source } = tensor
    let now = tensor
    if (source.kind === 'op') {
      const inputs = source.node.inputs.map(visit)
      if (inputs.some((input, index) => input !== source.node.inputs[index])) {
        now = apply(source.node.op, inputs, source.node.attributes as never)
      }
    }
    const result = replace(now) ?? now
    replaced.set(tensor, result)
    return result
  }
  return results.map(visit)
}
