import { apply } from '../graph/build.ts'
import { dependsOn } from '../graph/dependence.ts'
import { input } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'

/** A computation cut in two where what is frozen ends. */
export interface CutComputation {
  /** The results, computed from inputs `kept.0`, `kept.1`, … in place of frozen values. */
  readonly results: readonly Tensor[]
  /** The frozen values, by the names of those inputs. */
  readonly kept: Readonly<Record<string, Tensor>>
}

/**
 * Cuts where a value that each sample has for itself (the model's marks) depends on weights and inputs, but on no trained weight: as
 * near to the results as possible.
 */
export function cutFrozenPart(results: readonly Tensor[], trained: ReadonlySet<string>): CutComputation {
  const isTrained = dependsOn(source => source.kind === 'parameter' && trained.has(source.name))
  const hasWeights = dependsOn(source => source.kind === 'parameter')
  const hasInputs = dependsOn(source => source.kind === 'input')
  const kept: Record<string, Tensor> = {}
  const made = new Map<Tensor, Tensor>()
  const visit = (tensor: Tensor): Tensor => {
    const known = made.get(tensor)
    if (known) return known
    const { source } = tensor
    let now = tensor
    if (source.kind === 'op') {
      if (source.node.op === 'PerSample' && hasWeights(tensor) && hasInputs(tensor) && !isTrained(tensor)) {
        const name = `kept.${Object.keys(kept).length}`
        kept[name] = tensor
        now = input(name, tensor.dtype, tensor.shape)
      } else {
        const inputs = source.node.inputs.map(visit)
        if (inputs.some((one, index) => one !== source.node.inputs[index])) now = apply(source.node.op, inputs, source.node.attributes as never)
      }
    }
    made.set(tensor, now)
    return now
  }
  return { results: results.map(visit), kept }
}
