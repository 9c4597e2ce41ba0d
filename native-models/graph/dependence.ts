import type { Source, Tensor } from './tensor.ts'

/** Tells of a tensor whether anything it is computed from has a source that `matches`. */
export function dependsOn(matches: (source: Source) => boolean): (tensor: Tensor) => boolean {
  const known = new Map<Tensor, boolean>()
  const ask = (tensor: Tensor): boolean => {
    const answer =
      known.get(tensor) ?? (tensor.source.kind === 'op' ? tensor.source.node.inputs.some(ask) : matches(tensor.source))
    known.set(tensor, answer)
    return answer
  }
  return ask
}
