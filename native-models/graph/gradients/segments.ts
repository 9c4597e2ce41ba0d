import { concat, gather, reduceSum } from '../build.ts'
import { constant, elementCount } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'

/** Longer segments are summed in parts of this length first, so that padding all to the same length wastes little. */
const partLength = 16

/**
 * Sums groups of entries along an axis: entry i of the result is the sum of the entries `segments[i]` of x, zero for
 * none. Gathers and sums alone, so the order of additions, and with it every bit of the result, is the same at each
 * run.
 */
export function sumSegments(x: Tensor, axis: number, segments: readonly (readonly number[])[]): Tensor {
  const longest = segments.reduce((length, segment) => Math.max(length, segment.length), 1)
  if (longest > partLength) {
    const parts: number[][] = []
    const partsOf = segments.map(segment => {
      const first = parts.length
      for (let start = 0; start < segment.length; start += partLength) {
        parts.push(segment.slice(start, start + partLength))
      }
      return Array.from({ length: parts.length - first }, (_, index) => first + index)
    })
    return sumSegments(sumSegments(x, axis, parts), axis, partsOf)
  }
  const entries = x.shape[axis] ?? 0
  const padded = segments.some(segment => segment.length < longest)
  const zeros = x.shape.map((length, index) => (index === axis ? 1 : length))
  const source = padded ? concat([x, constant(new Float32Array(elementCount(zeros)), zeros)], axis) : x
  const picks = segments.flatMap(segment => Array.from({ length: longest }, (_, index) => segment[index] ?? entries))
  if (longest === 1) return gather(source, constant(Int32Array.from(picks), [segments.length]), axis)
  return reduceSum(gather(source, constant(Int32Array.from(picks), [segments.length, longest]), axis), [axis + 1])
}
