import { apply, cast } from '../build.ts'
import type { OpName } from '../ops/table.ts'
import type { Program } from '../program.ts'
import { parameter } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { rewrite } from './rewrite.ts'

/** Where half precision saves time and memory. What follows from their results stays in half precision as well. */
const inHalf: ReadonlySet<OpName> = new Set<OpName>(['Gemm', 'MatMul', 'Gelu'])
/** Sums over many values, exponentials and quotients lose too much in 11 bits. */
const inSingle: ReadonlySet<OpName> = new Set<OpName>([
  'LayerNormalization',
  'Softmax',
  'ReduceSum',
  'ReduceMean',
  'ReduceL2',
  'ReduceLogSumExp',
  'Div',
  'Max',
])
/** A weight that is cut or turned before its product is so in half precision, and no float32 copy of it is kept. */
const rearrangements: ReadonlySet<OpName> = new Set<OpName>(['Slice', 'Transpose', 'Reshape'])

/** Name of the float16 copy of a weight. */
export const float16Name = (weight: string): string => `${weight}.float16`

/**
 * Half precision: products and what follows from them in float16, with their weights; normalisations, softmax and sums
 * in float32. For a program in its explicit form, on a provider that computes in float16; the CPU's converts back and
 * forth.
 */
export function toFloat16(program: Program): Program {
  const halves = new Map<Tensor, Tensor>()
  const half = (x: Tensor): Tensor => {
    const made = halves.get(x) ?? inFloat16(x, half)
    halves.set(x, made)
    return made
  }
  const single = (x: Tensor): Tensor => (x.dtype === 'float16' ? cast(x, 'float32') : x)
  const logits = logitsOf(program)
  return rewrite(program, ({ op, inputs, attributes }, output) => {
    const followsHalf = !inSingle.has(op) && !logits.has(output) && inputs.some(({ dtype }) => dtype === 'float16')
    return apply(op, inputs.map(inHalf.has(op) || followsHalf ? half : single), attributes as never)
  })
}

/**
 * What is added to logits on their way to a softmax: a mask may be −10000 or the lowest float32, beside which half
 * precision has no logits.
 */
function logitsOf({ graph }: Program): Set<Tensor> {
  const found = new Set<Tensor>()
  for (const { node } of graph.nodes) {
    let x = node.op === 'Softmax' ? node.inputs[0] : undefined
    while (x?.source.kind === 'op' && (x.source.node.op === 'Add' || x.source.node.op === 'Reshape')) {
      found.add(x)
      x = x.source.node.inputs[0]
    }
  }
  return found
}

function inFloat16(x: Tensor, half: (x: Tensor) => Tensor): Tensor {
  if (x.dtype !== 'float32') return x
  const { source } = x
  if (source.kind === 'parameter') return parameter(float16Name(source.name), x.shape, 'float16')
  if (source.kind !== 'op' || !rearrangements.has(source.node.op) || !ofWeight(x)) return cast(x, 'float16')
  return apply(source.node.op, source.node.inputs.map(half), source.node.attributes as never)
}

function ofWeight({ source }: Tensor): boolean {
  return (
    source.kind === 'parameter' ||
    (source.kind === 'op' && rearrangements.has(source.node.op) && source.node.inputs.every(ofWeight))
  )
}
