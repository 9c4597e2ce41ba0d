import type { Shape } from './tensor.ts'

/** NumPy broadcasting of two shapes. */
export function broadcast(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[a.length - rank + axis] ?? 1
    const y = b[b.length - rank + axis] ?? 1
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`)
    }
    return x === 1 ? y : x
  })
}

/** The axis counted from the front; negative axes count from the end. */
export function normaliseAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis
  if (normal < 0 || normal >= rank) throw new Error(`axis ${axis} is outside a tensor of rank ${rank}`)
  return normal
}

/** Size along an axis that is known to exist. */
export function size(shape: Shape, axis: number): number {
  const value = shape[normaliseAxis(axis, shape.length)]
  if (value === undefined) throw new Error(`axis ${axis} is missing`)
  return value
}

/** A shape without some of its axes, or with 1 in their place. */
export function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): number[] {
  const reduced = new Set(axes.map(axis => normaliseAxis(axis, shape.length)))
  return shape.flatMap((size, axis) => (!reduced.has(axis) ? [size] : keep ? [1] : []))
}
