import { identity } from './build.ts'
import type { DType, OpNode, Shape, Tensor } from './tensor.ts'

export interface ValueInfo {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

/** The op applications a program needs, each after those it depends on, and the named results. */
export interface Graph {
  readonly nodes: readonly { readonly node: OpNode; readonly output: Tensor }[]
  readonly constants: readonly Tensor[]
  readonly outputs: readonly { readonly name: string; readonly tensor: Tensor }[]
}

/** What gets compiled: named inputs and outputs, the weights it needs, and the computation between them. */
export interface Program {
  readonly name: string
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Weights by official state-dict name; an importer reports those a checkpoint lacks. */
  readonly parameters: readonly ValueInfo[]
  readonly graph: Graph
}

/**
 * Collects everything the outputs depend on.
 * @param trained names of weights that are inputs of the program instead of part of it.
 * @throws when two different inputs or weights share a name.
 */
export function makeProgram(
  name: string,
  results: Readonly<Record<string, Tensor>>,
  trained: ReadonlySet<string> = new Set(),
): Program {
  const taken = new Set<Tensor>()
  const outputs = Object.entries(results).map(([output, tensor]) => {
    // A value has one name: what already has another gets a copy.
    const named = tensor.source.kind !== 'op' || taken.has(tensor) ? identity(tensor) : tensor
    taken.add(named)
    return { name: output, tensor: named }
  })
  const inputs = new Map<string, ValueInfo>()
  const parameters = new Map<string, ValueInfo>()
  const constants: Tensor[] = []
  const nodes: { node: OpNode; output: Tensor }[] = []
  const seen = new Set<Tensor>()
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return
    seen.add(tensor)
    const { source, dtype, shape } = tensor
    if (source.kind === 'op') {
      for (const operand of source.node.inputs) visit(operand)
      nodes.push({ node: source.node, output: tensor })
    } else if (source.kind === 'constant') {
      constants.push(tensor)
    } else {
      const fed = source.kind === 'input' || trained.has(source.name)
      const table = fed ? inputs : parameters
      const known = table.get(source.name)
      if (known && known.shape.join() !== shape.join()) {
        throw new Error(`${source.kind} ${source.name} appears with two shapes`)
      }
      table.set(source.name, { name: source.name, dtype, shape })
    }
  }
  for (const output of outputs) visit(output.tensor)
  return {
    name,
    inputs: [...inputs.values()],
    outputs: outputs.map(({ name: output, tensor }) => ({ name: output, dtype: tensor.dtype, shape: tensor.shape })),
    parameters: [...parameters.values()],
    graph: { nodes, constants, outputs },
  }
}
