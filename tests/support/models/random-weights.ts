import { elementCount } from '../../../native-models/graph/tensor.ts'
import { hashName, normalStream } from '../../../native-models/starter/random.ts'

/**
 * Seeded random weights under which differences between inputs survive to the output: Linear layers preserve variance,
 * layer norms are near identity, bias tables and embeddings are of the order of the logits and features they add to.
 */
export function randomWeights(name: string, shape: readonly number[], seed: number): Float32Array {
  const next = normalStream(hashName(name) ^ Math.imul(seed, 0x9e3779b9))
  const count = elementCount(shape)
  const { mean, deviation } = distribution(name, shape)
  return Float32Array.from({ length: count }, () => mean + deviation * next())
}

function distribution(name: string, shape: readonly number[]): { mean: number; deviation: number } {
  if (name.endsWith('relative_position_bias_table')) return { mean: 0, deviation: 0.4 }
  if (name.endsWith('bias')) return { mean: 0, deviation: 0.05 }
  if (name.includes('embeddings.weight')) return { mean: 0, deviation: 0.4 }
  if (shape.length === 1) return { mean: 1, deviation: 0.1 }
  const fanIn = elementCount(shape.slice(1))
  return { mean: 0, deviation: 1.1 / Math.sqrt(fanIn) }
}
