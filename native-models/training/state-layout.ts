import { elementCount } from '../graph/tensor.ts'
import type { Shape } from '../graph/tensor.ts'

/** A trained weight and where its values lie in every buffer of the state, in elements. */
export interface TrainedParameter {
  readonly name: string
  readonly shape: Shape
  readonly offset: number
}

/** A stretch of the buffers that one rate of weight decay holds for; a whole number of chunks. */
export interface StateRegion {
  readonly decays: boolean
  readonly start: number
  readonly end: number
}

/**
 * The state of a training run: four float32 buffers of `length` elements — weights, gradients and the two moments —
 * in which every weight has the same place. An update goes through them in chunks.
 */
export interface StateLayout {
  readonly parameters: readonly TrainedParameter[]
  readonly regions: readonly StateRegion[]
  readonly chunk: number
  readonly length: number
}

/**
 * Elements an update takes at once: large enough that calls cost little, small enough that what it computes on the way
 * stays in a core's cache.
 */
const largestChunk = 2 ** 18
/** Weights begin at multiples of 64 bytes. */
const alignment = 16

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple

/** Places weights, those that decay before those that do not. What lies between them is zero and stays zero. */
export function stateLayout(
  weights: readonly { readonly name: string; readonly shape: Shape }[],
  decays: (name: string) => boolean,
): StateLayout {
  const total = weights.reduce((sum, { shape }) => sum + roundUp(elementCount(shape), alignment), 0)
  const chunk = Math.min(largestChunk, roundUp(Math.max(total, 1), alignment))
  const parameters: TrainedParameter[] = []
  const regions: StateRegion[] = []
  let offset = 0
  for (const decaying of [true, false]) {
    const start = offset
    for (const { name, shape } of weights.filter(weight => decays(weight.name) === decaying)) {
      parameters.push({ name, shape, offset })
      offset += roundUp(elementCount(shape), alignment)
    }
    offset = roundUp(offset, chunk)
    if (offset > start) regions.push({ decays: decaying, start, end: offset })
  }
  return { parameters, regions, chunk, length: offset }
}
