import { add, gelu, linear, matMul, reshape, softmax, transpose } from '../graph/build.ts'
import { size } from '../graph/shape.ts'
import { parameter } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { TextConfig } from './config.ts'
import { layerNormLayer, linearLayer } from './layers.ts'

/**
 * One post-norm BERT layer, `text_encoder.bert.encoder.layer.{index}`.
 * @param x [sequences · length, hidden].
 * @param mask additive, [sequences, 1, 1, length].
 */
export function bertLayer(x: Tensor, mask: Tensor, index: number, config: TextConfig): Tensor {
  const name = `text_encoder.bert.encoder.layer.${index}`
  const { hidden, heads } = config
  const sequences = size(mask.shape, 0)
  const length = size(mask.shape, 3)
  const project = (part: string, scale: number): Tensor => {
    const layer = `${name}.attention.self.${part}`
    return reshape(linear(x, parameter(`${layer}.weight`, [hidden, hidden]), parameter(`${layer}.bias`, [hidden]), scale), [sequences, length, heads, hidden / heads])
  }
  const query = transpose(project('query', (hidden / heads) ** -0.5), [0, 2, 1, 3])
  const key = transpose(project('key', 1), [0, 2, 3, 1])
  const value = transpose(project('value', 1), [0, 2, 1, 3])
  const mixed = reshape(transpose(matMul(softmax(add(matMul(query, key), mask)), value), [0, 2, 1, 3]), [sequences * length, hidden])
  const attended = layerNormLayer(add(linearLayer(mixed, `${name}.attention.output.dense`, hidden), x), `${name}.attention.output.LayerNorm`, config.epsilon)
  const inner = gelu(linearLayer(attended, `${name}.intermediate.dense`, config.intermediate))
  return layerNormLayer(add(linearLayer(inner, `${name}.output.dense`, hidden), attended), `${name}.output.LayerNorm`, config.epsilon)
}
