import { broadcast, normaliseAxis, size } from '../shape.ts'
import { elementCount } from '../tensor.ts'
import type { Shape } from '../tensor.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

const reshape: Op<{ shape: Shape }> = {
  infer(inputs, { shape }) {
    const x = at(inputs, 0)
    if (elementCount(x.shape) !== elementCount(shape)) {
      throw new Error(`[${x.shape.join(', ')}] cannot be read as [${shape.join(', ')}]`)
    }
    return { dtype: x.dtype, shape }
  },
  onnx: ([x = ''], { shape }, scope) => ({ opType: 'Reshape', inputs: [x, scope.int64(shape)] }),
}

const transpose: Op<{ axes: readonly number[] }> = {
  infer(inputs, { axes }) {
    const x = at(inputs, 0)
    if ([...axes].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
      throw new Error(`axes [${axes.join(', ')}] are no permutation of a tensor of rank ${x.shape.length}`)
    }
    return { dtype: x.dtype, shape: axes.map(axis => size(x.shape, axis)) }
  },
  onnx: (inputs, { axes }) => ({ opType: 'Transpose', inputs, attributes: { perm: { ints: axes } } }),
}

const concat: Op<{ axis: number }> = {
  infer(inputs, { axis }) {
    const first = at(inputs, 0)
    const along = normaliseAxis(axis, first.shape.length)
    const others = (shape: Shape): string => shape.map((length, index) => (index === along ? '' : length)).join()
    for (const other of inputs) {
      if (other.dtype !== first.dtype || others(other.shape) !== others(first.shape)) {
        throw new Error(
          `[${other.shape.join(', ')}] cannot be appended to [${first.shape.join(', ')}] along axis ${axis}`,
        )
      }
    }
    const total = inputs.reduce((sum, other) => sum + size(other.shape, along), 0)
    return { dtype: first.dtype, shape: first.shape.map((length, index) => (index === along ? total : length)) }
  },
  onnx: (inputs, { axis }) => ({ opType: 'Concat', inputs, attributes: { axis: { int: axis } } }),
}

/** The half-open range [start, end) along one axis. */
const slice: Op<{ axis: number; start: number; end: number }> = {
  infer(inputs, { axis, start, end }) {
    const x = at(inputs, 0)
    const along = normaliseAxis(axis, x.shape.length)
    if (start < 0 || end <= start || end > size(x.shape, along)) {
      throw new Error(`[${start}, ${end}) is outside axis ${axis} of [${x.shape.join(', ')}]`)
    }
    return { dtype: x.dtype, shape: x.shape.map((length, index) => (index === along ? end - start : length)) }
  },
  onnx: ([x = ''], { axis, start, end }, scope) => ({
    opType: 'Slice',
    inputs: [x, scope.int64([start]), scope.int64([end]), scope.int64([axis])],
  }),
}

/** Zeros before and after along one axis. */
const pad: Op<{ axis: number; before: number; after: number }> = {
  infer(inputs, { axis, before, after }) {
    const x = at(inputs, 0)
    const along = normaliseAxis(axis, x.shape.length)
    return {
      dtype: x.dtype,
      shape: x.shape.map((length, index) => (index === along ? before + length + after : length)),
    }
  },
  onnx: ([x = ''], { axis, before, after }, scope) => ({
    opType: 'Pad',
    inputs: [x, scope.int64([before, after]), '', scope.int64([axis])],
  }),
}

const expand: Op<{ shape: Shape }> = {
  infer(inputs, { shape }) {
    const x = at(inputs, 0)
    if (broadcast(x.shape, shape).join() !== shape.join()) {
      throw new Error(`[${x.shape.join(', ')}] does not expand to [${shape.join(', ')}]`)
    }
    return { dtype: x.dtype, shape }
  },
  onnx: ([x = ''], { shape }, scope) => ({ opType: 'Expand', inputs: [x, scope.int64(shape)] }),
}

export const layout = { Reshape: reshape, Transpose: transpose, Concat: concat, Slice: slice, Pad: pad, Expand: expand }
