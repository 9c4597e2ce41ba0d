import { normaliseAxis, size } from '../shape.ts'
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

/** Rows of a table, as torch.nn.Embedding has them. */
const embedding: Op<{ padding: number }> = {
  infer: inputs => gather.infer(inputs, { axis: 0 }),
  onnx: (inputs, _attributes, scope, types) => gather.onnx(inputs, { axis: 0 }, scope, types),
}

/**
 * A table with values added to some of its rows: table [rows, …], indices int64 [n, 1], values [n, …]; a row may be
 * named several times.
 */
const addToRows: Op = {
  infer(inputs) {
    const [table, indices, values] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)]
    if (indices.dtype !== 'int64' || values.shape.join() !== [size(indices.shape, 0), ...table.shape.slice(1)].join()) {
      throw new Error(`values of [${values.shape.join(', ')}] do not fit rows of [${table.shape.join(', ')}]`)
    }
    return table
  },
  onnx: inputs => ({ opType: 'ScatterND', inputs, attributes: { reduction: { text: 'add' } } }),
}

export const indexing = { Gather: gather, Embedding: embedding, AddToRows: addToRows }
