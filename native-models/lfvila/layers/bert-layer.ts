import {
  add,
  dropout,
  gelu,
  linear,
  matMul,
  multiply,
  perSample,
  reshape,
  softmax,
  subtract,
  transpose,
} from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { parameter, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { MaskValue, TextConfig } from '../configuration/config.ts'
import { layerNormLayer, linearLayer } from './layers.ts'

/** Most negative finite float32. */
const lowestFloat = -3.4028234663852886e38

export interface BertOutput {
  /** [sequences, length, hidden]. */
  readonly sequence: Tensor
  /** The softmax of each layer, [sequences, heads, length, length]: row = query, column = key. */
  readonly attention: readonly Tensor[]
}

/**
 * Layers [first, end) of BERT over sequences that do not see one another.
 * @param x [sequences, length, hidden]. @param mask float32 [sequences, length], 1 for tokens and 0 for padding.
 */
export function bertLayers(
  x: Tensor,
  mask: Tensor,
  { range: [first, end], config }: { readonly range: readonly [number, number]; readonly config: TextConfig },
): BertOutput {
  const [sequences, length] = [size(x.shape, 0), size(x.shape, 1)]
  const additive = additiveMask(reshape(mask, [sequences, 1, 1, length]), config.maskValue)
  let rows = reshape(x, [sequences * length, config.hidden])
  const attention: Tensor[] = []
  for (let layer = first; layer < end; layer++) {
    const after = bertLayer(rows, additive, { index: layer, config })
    rows = perSample(after.rows)
    attention.push(after.attention)
  }
  return { sequence: reshape(rows, x.shape), attention }
}

/**
 * One post-norm BERT layer, `text_encoder.bert.encoder.layer.{index}`.
 * @param x [sequences · length, hidden].
 * @param mask additive, [sequences, 1, 1, length].
 */
function bertLayer(
  x: Tensor,
  mask: Tensor,
  { index, config }: { readonly index: number; readonly config: TextConfig },
): { rows: Tensor; attention: Tensor } {
  const name = `text_encoder.bert.encoder.layer.${index}`
  const { hidden, heads } = config
  const sequences = size(mask.shape, 0)
  const length = size(mask.shape, 3)
  const project = (part: string, scale: number): Tensor => {
    const layer = `${name}.attention.self.${part}`
    return reshape(
      linear(x, parameter(`${layer}.weight`, [hidden, hidden]), parameter(`${layer}.bias`, [hidden]), scale),
      [sequences, length, heads, hidden / heads],
    )
  }
  const query = transpose(project('query', (hidden / heads) ** -0.5), [0, 2, 1, 3])
  const key = transpose(project('key', 1), [0, 2, 3, 1])
  const value = transpose(project('value', 1), [0, 2, 1, 3])
  const attention = softmax(add(matMul(query, key), mask))
  const probabilities = dropout(attention, config.attentionDropout)
  const mixed = reshape(transpose(matMul(probabilities, value), [0, 2, 1, 3]), [sequences * length, hidden])
  const attended = layerNormLayer(
    add(dropout(linearLayer(mixed, `${name}.attention.output.dense`, { out: hidden }), config.dropout), x),
    `${name}.attention.output.LayerNorm`,
    config.epsilon,
  )
  const inner = gelu(linearLayer(attended, `${name}.intermediate.dense`, { out: config.intermediate }))
  const rows = layerNormLayer(
    add(dropout(linearLayer(inner, `${name}.output.dense`, { out: hidden }), config.dropout), attended),
    `${name}.output.LayerNorm`,
    config.epsilon,
  )
  return { rows, attention }
}

function additiveMask(mask: Tensor, maskValue: MaskValue): Tensor {
  return multiply(subtract(scalar(1), mask), scalar(maskValue === 'lowest' ? lowestFloat : maskValue))
}
