import type { OpName } from '../../../native-models/graph/ops/table.ts'
import type { Program } from '../../../native-models/graph/program.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import type { DType, Tensor } from '../../../native-models/graph/tensor.ts'

export const bytesOf: Record<DType, number> = { float32: 4, float16: 2, int32: 4, int64: 8, uint8: 1, int8: 1, bool: 1 }

/** Results that are another view of their operand's memory. */
const views: ReadonlySet<OpName> = new Set<OpName>(['Reshape', 'Identity'])

/**
 * Bytes that one run must hold at once when every result is kept from its computation to its last use, and no longer:
 * the least an engine can do in this order without computing in place. What depends on weights alone is no activation.
 */
export function activationBytes(program: Program): number {
  const owner = new Map<Tensor, Tensor>()
  const ownerOf = (tensor: Tensor): Tensor => owner.get(tensor) ?? tensor
  const fed = new Set<Tensor>()
  const depends = (tensor: Tensor): boolean => tensor.source.kind === 'input' || fed.has(tensor)
  const lastUse = new Map<Tensor, number>()
  for (const [index, { node, output }] of program.graph.nodes.entries()) {
    if (node.inputs.some(depends)) fed.add(output)
    if (views.has(node.op) && node.inputs[0]) owner.set(output, ownerOf(node.inputs[0]))
    for (const operand of [...node.inputs, output]) lastUse.set(ownerOf(operand), index)
  }
  const size = (tensor: Tensor): number => (depends(tensor) ? bytesOf[tensor.dtype] * elementCount(tensor.shape) : 0)
  let live = program.inputs.reduce((sum, { dtype, shape }) => sum + bytesOf[dtype] * elementCount(shape), 0)
  let most = live
  for (const [index, { node, output }] of program.graph.nodes.entries()) {
    if (!owner.has(output)) live += size(output)
    most = Math.max(most, live)
    for (const operand of new Set([...node.inputs, output].map(ownerOf))) {
      if (lastUse.get(operand) === index && operand.source.kind === 'op') live -= size(operand)
    }
  }
  return most
}
