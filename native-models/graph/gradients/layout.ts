import { apply, reshape as readAs, slice as cut, transpose as permute } from '../build.ts'
import { at } from '../ops/op.ts'
import { size } from '../shape.ts'
import { sumTo } from './broadcasting.ts'
import type { Gradient } from './rule.ts'

const reshape: Gradient = ({ inputs }, gradient) => [readAs(gradient, at(inputs, 0).shape)]

const transpose: Gradient<{ axes: readonly number[] }> = ({ attributes: { axes } }, gradient) => [
  permute(
    gradient,
    axes.map((_, axis) => axes.indexOf(axis)),
  ),
]

const concat: Gradient<{ axis: number }> = ({ inputs, attributes: { axis } }, gradient) => {
  let start = 0
  return inputs.map(({ shape }) => {
    const length = size(shape, axis)
    start += length
    return cut(gradient, axis, start - length, start)
  })
}

const slice: Gradient<{ axis: number; start: number; end: number }> = (
  { inputs, attributes: { axis, start, end } },
  gradient,
) => [apply('Pad', [gradient], { axis, before: start, after: size(at(inputs, 0).shape, axis) - end })]

const pad: Gradient<{ axis: number; before: number }> = ({ inputs, attributes: { axis, before } }, gradient) => [
  cut(gradient, axis, before, before + size(at(inputs, 0).shape, axis)),
]

const expand: Gradient = ({ inputs }, gradient) => [sumTo(gradient, at(inputs, 0).shape)]

export const layout = { Reshape: reshape, Transpose: transpose, Concat: concat, Slice: slice, Pad: pad, Expand: expand }
