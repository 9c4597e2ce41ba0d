import { apply, cast } from '../build.ts'
import { makeProgram } from '../program.ts'
import type { Program } from '../program.ts'
import type { OpNode, Tensor } from '../tensor.ts'

/**
 * What stands in the place of one application of an op, whose inputs are rewritten already, for its `output` so far;
 * null applies the op as it is.
 */
export type RewriteRule = (node: OpNode, output: Tensor) => Tensor | null

/**
 * The same program with other ops: one pass in the order of the computation. Inputs and outputs keep their names and
 * types.
 */
export function rewrite(program: Program, rule: RewriteRule): Program {
  const made = new Map<Tensor, Tensor>()
  for (const { node, output } of program.graph.nodes) {
    const rewritten = { ...node, inputs: node.inputs.map(tensor => made.get(tensor) ?? tensor) }
    made.set(output, rule(rewritten, output) ?? apply(node.op, rewritten.inputs, node.attributes as never))
  }
  return makeProgram(
    program.name,
    Object.fromEntries(
      program.graph.outputs.map(({ name, tensor }) => {
        const value = made.get(tensor) ?? tensor
        return [name, value.dtype === tensor.dtype ? value : cast(value, tensor.dtype)]
      }),
    ),
    new Set(program.inputs.map(({ name }) => name)),
  )
}
