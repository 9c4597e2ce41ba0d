import { normaliseAxis } from '../shape.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'

/** Picks entries along one axis; the shape of the indices takes that axis's place. */
const gather: Op<{ axis: number }> = {
  infer(inputs, { axis }) {
    const [x, indices] = [at(inputs, 0), at(inputs, 1)]
    if (indices.dtype !== 'int32' && indices.dtype !== 'int64') throw new Error('indices are whole numbers')
    const along = normaliseAxis(axis, x.shape.length)
    return { dtype: x.dtype, shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)] }
  },
  onnx: (inputs, { axis }) => ({ opType: 'Gather', inputs, attributes: { axis: { int: axis } } }),
}

export const indexing = { Gather: gather }
