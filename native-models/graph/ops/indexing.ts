import { apply, cast, equal, expand, gather as take, multiply, reshape, subtract } from '../build.ts'
import { normaliseAxis, size } from '../shape.ts'
import { constant, elementCount, scalar } from '../tensor.ts'
import type { Shape, Tensor } from '../tensor.ts'
import { at } from './op.ts'
import type { Op } from './op.ts'
import { sumSegments } from './segments.ts'

/** Picks entries along one axis; the shape of the indices takes that axis's place. */
const gather: Op<{ axis: number }> = {
  infer(inputs, { axis }) {
    const [x, indices] = [at(inputs, 0), at(inputs, 1)]
    if (indices.dtype !== 'int32' && indices.dtype !== 'int64') throw new Error('indices are whole numbers')
    const along = normaliseAxis(axis, x.shape.length)
    return { dtype: x.dtype, shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)] }
  },
  onnx: (inputs, { axis }) => ({ opType: 'Gather', inputs, attributes: { axis: { int: axis } } }),
  gradient({ inputs, attributes: { axis } }, gradient) {
    const [x, indices] = [at(inputs, 0), at(inputs, 1)]
    const along = normaliseAxis(axis, x.shape.length)
    const picks = elementCount(indices.shape)
    const flat = reshape(gradient, [...x.shape.slice(0, along), picks, ...x.shape.slice(along + 1)])
    if (indices.source.kind !== 'constant') {
      if (along !== 0) {
        throw new Error('Gather has a gradient along an axis other than the first only for indices known beforehand')
      }
      return [addRows(x.shape, reshape(indices, [picks]), flat), null]
    }
    const uses: number[][] = Array.from({ length: size(x.shape, along) }, () => [])
    for (const [pick, index] of Array.from(indices.source.data, Number).entries()) uses[index]?.push(pick)
    return [sumSegments(flat, along, uses), null]
  },
}

/** Rows of a table; like torch.nn.Embedding, the row `padding` receives no gradient. */
const embedding: Op<{ padding: number }> = {
  infer: inputs => gather.infer(inputs, { axis: 0 }),
  onnx: (inputs, _attributes, scope, types) => gather.onnx(inputs, { axis: 0 }, scope, types),
  gradient({ inputs, attributes: { padding } }, gradient) {
    const [table, indices] = [at(inputs, 0), at(inputs, 1)]
    const picks = elementCount(indices.shape)
    const rows = reshape(indices, [picks])
    const padded = cast(equal(cast(rows, 'int32'), constant(Int32Array.of(padding), [])), 'float32')
    const kept = reshape(subtract(scalar(1), padded), [picks, 1])
    return [addRows(table.shape, rows, multiply(reshape(gradient, [picks, size(table.shape, 1)]), kept)), null]
  },
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
  gradient: ({ inputs }, gradient) => [
    gradient,
    null,
    take(gradient, reshape(at(inputs, 1), [size(at(inputs, 1).shape, 0)])),
  ],
}

function addRows(shape: Shape, indices: Tensor, values: Tensor): Tensor {
  return apply(
    'AddToRows',
    [expand(scalar(0), shape), reshape(cast(indices, 'int64'), [size(indices.shape, 0), 1]), values],
    {},
  )
}

export const indexing = { Gather: gather, Embedding: embedding, AddToRows: addToRows }
