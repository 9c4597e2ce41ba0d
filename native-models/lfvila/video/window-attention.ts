import {
  add,
  cast,
  equal,
  gather,
  linear,
  matMul,
  multiply,
  reshape,
  selfAttention,
  slice,
  softmax,
  subtract,
  transpose,
} from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, parameter, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { Form } from '../configuration/form.ts'
import type { StageGeometry } from '../configuration/token-grid.ts'
import { biasTableRows, relativePositionIndex } from '../configuration/windows.ts'
import type { WindowLayout } from '../configuration/windows.ts'
import { linearLayer } from '../layers/layers.ts'

/**
 * Added to the logits between regions that only the shift made neighbours. Not −∞: their probability is about 1e-44.
 */
const regionPenalty = -100

export interface WindowAttention {
  /** [batch · windows · positions, channels], after the output projection. */
  readonly output: Tensor
  /** Softmax [batch · windows, heads, positions, positions], query rows. */
  readonly probabilities: Tensor
}

interface WindowsOfStage {
  readonly stage: StageGeometry
  readonly layout: WindowLayout
  readonly form: Form
}

/**
 * Multi-head attention inside windows, `attn` of a block (REFERENCE §1).
 * @param x normalised tokens in window order, [batch · windows · positions, channels]; padded positions are zero
 *   rows and take part like any other, as in the reference.
 */
export function windowAttention(x: Tensor, name: string, { stage, layout, form }: WindowsOfStage): WindowAttention {
  const { heads } = stage
  const [rows, channels] = [size(x.shape, 0), size(x.shape, 1)]
  const { positions } = layout
  const groups = rows / positions
  const headDim = channels / heads
  const weight = parameter(`${name}.qkv.weight`, [3 * channels, channels])
  const bias = parameter(`${name}.qkv.bias`, [3 * channels])
  const offset = logitBias(name, { stage, layout, zero: form === 'fused' ? zeroOf(x) : null })
  // Three products instead of one and a split: the weights are cut once, when the session is created.
  const part = (index: number, scale: number, axes: readonly number[]): Tensor => {
    const [start, end] = [index * channels, (index + 1) * channels]
    return transpose(
      reshape(linear(x, slice(weight, 0, start, end), slice(bias, 0, start, end), scale), [
        groups,
        positions,
        heads,
        headDim,
      ]),
      axes,
    )
  }
  const logits = matMul(part(0, headDim ** -0.5, [0, 2, 1, 3]), part(1, 1, [0, 2, 3, 1]))
  const probabilities = softmax(addPerWindow(logits, offset))
  // The fused op takes one logit bias for all groups or one for each; several videos with shifted windows have neither.
  const fits = size(offset.shape, 0) === 1 || size(offset.shape, 0) === groups
  const mixed =
    form === 'fused' && fits
      ? selfAttention(reshape(x, [groups, positions, channels]), transpose(weight, [1, 0]), bias, offset, heads)
      : transpose(matMul(probabilities, part(2, 1, [0, 2, 1, 3])), [0, 2, 1, 3])
  return { output: linearLayer(reshape(mixed, [rows, channels]), `${name}.proj`, { out: channels }), probabilities }
}

/** logits [batch · windows, heads, positions, positions] plus a bias per window or for all. */
function addPerWindow(logits: Tensor, offset: Tensor): Tensor {
  const windows = size(offset.shape, 0)
  if (windows === 1) return add(logits, offset)
  const [groups = 0, ...rest] = logits.shape
  return reshape(add(reshape(logits, [groups / windows, windows, ...rest]), offset), logits.shape)
}

/** Zero, but computed from the input. */
const zeroOf = (x: Tensor): Tensor => multiply(reshape(slice(slice(x, 0, 0, 1), 1, 0, 1), [1, 1, 1, 1]), scalar(0))

/**
 * Relative position bias plus, in shifted blocks, the region penalty: [1 or windows, heads, positions, positions]. As a
 * constant the sum is computed once per session and kept, 160 MB at full size; with `zero` it is computed at every run,
 * which costs 2 % of its time.
 */
function logitBias(
  name: string,
  {
    stage: { heads, configured, offsetWindow },
    layout: { positions, windows, regions },
    zero,
  }: { readonly stage: StageGeometry; readonly layout: WindowLayout; readonly zero: Tensor | null },
): Tensor {
  const table = parameter(`${name}.relative_position_bias_table`, [biasTableRows(configured), heads])
  const index = constant(relativePositionIndex(configured, positions, offsetWindow), [positions, positions])
  const relative = reshape(transpose(gather(table, index), [2, 0, 1]), [1, heads, positions, positions])
  if (regions === null) return relative
  const same = cast(
    equal(constant(regions, [windows, 1, positions, 1]), constant(regions, [windows, 1, 1, positions])),
    'float32',
  )
  return add(zero ? add(relative, zero) : relative, multiply(subtract(scalar(1), same), scalar(regionPenalty)))
}
