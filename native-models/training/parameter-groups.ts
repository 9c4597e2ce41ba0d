/**
 * How the optimiser treats a weight. The reference never trains the pooler, and spares biases, BERT's layer norms and
 * learned positions from weight decay; the norms of the video encoder it does decay (REFERENCE §4).
 */
export type ParameterGroup = 'decay' | 'no-decay' | 'excluded'

const spared = ['bias', 'LayerNorm.bias', 'LayerNorm.weight', 'pos_embed', 'relative_position_bias_table']

/** The group of a weight by its official state-dict name. */
export function parameterGroup(name: string): ParameterGroup {
  if (name.includes('pooler')) return 'excluded'
  return spared.some(part => name.includes(part)) ? 'no-decay' : 'decay'
}
