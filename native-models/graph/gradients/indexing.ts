import { apply, cast, equal, expand, gather as take, multiply, reshape, subtract } from '../build.ts'
import { at } from '../ops/op.ts'
import { normaliseAxis, size } from '../shape.ts'
import { constant, elementCount, scalar } from '../tensor.ts'
import type { Shape, Tensor } from '../tensor.ts'
import type { Gradient } from './rule.ts'
import { sumSegments } from './segments.ts'

const gather: Gradient<{ axis: number }> = ({ inputs, attributes: { axis } }, gradient) => {
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
}

/** Like torch.nn.Embedding: the row `padding` receives no gradient. */
const embedding: Gradient<{ padding: number }> = ({ inputs, attributes: { padding } }, gradient) => {
  const [table, indices] = [at(inputs, 0), at(inputs, 1)]
  const picks = elementCount(indices.shape)
  const rows = reshape(indices, [picks])
  const padded = cast(equal(cast(rows, 'int32'), constant(Int32Array.of(padding), [])), 'float32')
  const kept = reshape(subtract(scalar(1), padded), [picks, 1])
  return [addRows(table.shape, rows, multiply(reshape(gradient, [picks, size(table.shape, 1)]), kept)), null]
}

const addToRows: Gradient = ({ inputs }, gradient) => [
  gradient,
  null,
  take(gradient, reshape(at(inputs, 1), [size(at(inputs, 1).shape, 0)])),
]

function addRows(shape: Shape, indices: Tensor, values: Tensor): Tensor {
  return apply(
    'AddToRows',
    [expand(scalar(0), shape), reshape(cast(indices, 'int64'), [size(indices.shape, 0), 1]), values],
    {},
  )
}

export const indexing = { Gather: gather, Embedding: embedding, AddToRows: addToRows }
