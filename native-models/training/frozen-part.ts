import { dependsOn } from '../graph/dependence.ts'
import { rewrite } from '../graph/rewrite.ts'
import { input } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'

/** A computation cut in two where what is frozen ends. */
export interface CutComputation {
  /** The results, computed from inputs `kept.0`, `kept.1`, … in place of frozen values. */
  readonly results: readonly Tensor[]
  /** The frozen values, by the names of those inputs. */
  readonly kept: Readonly<Record<string, Tensor>>
}

/** What of an example is the same in every epoch: all that the model is fed, or its frames alone. */
export type Steady = 'everything' | 'video'

/**
 * Cuts where a value that each sample has for itself (the model's marks) depends on weights and steady inputs, but on
 * no trained weight: as near to the results as possible.
 */
export function cutFrozenPart(
  results: readonly Tensor[],
  trained: ReadonlySet<string>,
  steady: Steady = 'everything',
): CutComputation {
  const changes = dependsOn(
    source =>
      (source.kind === 'parameter' && trained.has(source.name)) ||
      (source.kind === 'input' && steady === 'video' && source.name !== 'video'),
  )
  const hasWeights = dependsOn(source => source.kind === 'parameter')
  const hasInputs = dependsOn(source => source.kind === 'input')
  const nameOf = new Map<Tensor, string>()
  const seen = new Set<Tensor>()
  const visit = (tensor: Tensor): void => {
    const { source } = tensor
    if (seen.has(tensor) || source.kind !== 'op') return
    seen.add(tensor)
    if (source.node.op === 'PerSample' && hasWeights(tensor) && hasInputs(tensor) && !changes(tensor)) {
      nameOf.set(tensor, `kept.${nameOf.size}`)
    } else {
      source.node.inputs.forEach(visit)
    }
  }
  results.forEach(visit)
  const cut = rewrite(results, tensor => {
    const name = nameOf.get(tensor)
    return name === undefined ? null : input(name, tensor.dtype, tensor.shape)
  })
  return { results: cut, kept: Object.fromEntries([...nameOf].map(([tensor, name]) => [name, tensor])) }
}

/** Frozen values in two: those of the frames alone, which all texts of a video share, and those that read more. */
export function byWhatTheyRead(kept: CutComputation['kept']): CutComputation['kept'][] {
  const readsMore = dependsOn(source => source.kind === 'input' && source.name !== 'video')
  const values = Object.entries(kept)
  return [values.filter(([, tensor]) => !readsMore(tensor)), values.filter(([, tensor]) => readsMore(tensor))].flatMap(
    part => (part.length > 0 ? [Object.fromEntries(part)] : []),
  )
}
