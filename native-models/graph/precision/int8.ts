import { apply, multiHeadAttention, multiply, reshape, slice } from '../build.ts'
import type { Program } from '../program.ts'
import { size } from '../shape.ts'
import { parameter, scalar } from '../tensor.ts'
import type { OpNode, Tensor } from '../tensor.ts'
import { rewrite } from './rewrite.ts'

/** Below this many rows a product costs nothing, and its exactness is kept. */
const fewestRows = 64

/**
 * Bits of a weight. Without VNNI a processor adds pairs of u8 × s8 products in 16 bits: 2 · 255 · 127 overflows, 2 ·
 * 255 · 63 does not.
 */
export const weightBits = [8, 7] as const
export type WeightBits = (typeof weightBits)[number]

/** Names of the weights that stand in the place of a Linear layer's: int8 [in, out] and float32 [out]. */
export const int8Names = (weight: string, bits: WeightBits): { values: string; scales: string } => ({
  values: `${weight}.int${bits}`,
  scales: `${weight}.int${bits}-scale`,
})

/**
 * Linear layers in 8 bits: weights rounded once, per output channel and symmetric; activations at every run, with one
 * range for the whole tensor. Everything between them stays float32. For the CPU: no GPU provider has these ops.
 */
export function toInt8(program: Program, bits: WeightBits): Program {
  return rewrite(program, node => {
    if (node.op === 'Gemm') return quantizedGemm(node, bits)
    return node.op === 'SelfAttention' ? quantizedAttention(node, bits) : null
  })
}

function quantizedGemm({ inputs: [x, weight, bias], attributes }: OpNode, bits: WeightBits): Tensor | null {
  const { transA, transB, alpha, beta } = attributes as {
    transA: boolean
    transB: boolean
    alpha: number
    beta: number
  }
  const rows = weight && rowsOfWeight(weight)
  if (!x || !rows || transA || !transB || size(x.shape, 0) < fewestRows) return null
  return quantizedLinear(x, {
    rows,
    bits,
    bias: bias && beta !== 1 ? multiply(bias, scalar(beta)) : bias,
    scale: alpha,
  })
}

/** Three products and the attention between them: the fused op with weights in 8 bits takes no bias of the logits. */
function quantizedAttention(
  { inputs: [x, weight, bias, logitBias], attributes }: OpNode,
  bits: WeightBits,
): Tensor | null {
  const source = weight?.source
  const rows =
    source?.kind === 'op' && source.node.op === 'Transpose' && source.node.inputs[0]
      ? rowsOfWeight(source.node.inputs[0])
      : null
  if (!x || !bias || !logitBias || !rows) return null
  const [groups, positions, channels] = [size(x.shape, 0), size(x.shape, 1), size(x.shape, 2)]
  const flat = reshape(x, [groups * positions, channels])
  const [query, key, value] = [0, 1, 2].map(part => {
    const [start, end] = [part * channels, (part + 1) * channels]
    return reshape(
      quantizedLinear(flat, { rows: { ...rows, start, end }, bits, bias: slice(bias, 0, start, end), scale: 1 }),
      x.shape,
    )
  }) as [Tensor, Tensor, Tensor]
  return multiHeadAttention(query, key, value, logitBias, (attributes as { heads: number }).heads)
}

/** Rows [start, end) of the weight `name` [out, in]. */
interface WeightRows {
  readonly name: string
  readonly out: number
  readonly inner: number
  readonly start: number
  readonly end: number
}

/** Null for what is no weight of a Linear layer, nor rows of one. */
function rowsOfWeight({ source, shape }: Tensor): WeightRows | null {
  const [out = 0, inner = 0] = shape
  if (source.kind === 'parameter' && shape.length === 2) return { name: source.name, out, inner, start: 0, end: out }
  if (source.kind !== 'op' || source.node.op !== 'Slice' || !source.node.inputs[0]) return null
  const { axis, start, end } = source.node.attributes as { axis: number; start: number; end: number }
  const whole = rowsOfWeight(source.node.inputs[0])
  return whole && axis === 0 ? { ...whole, start: whole.start + start, end: whole.start + end } : null
}

interface QuantizedLayer {
  readonly rows: WeightRows
  readonly bits: WeightBits
  readonly bias: Tensor | undefined
  readonly scale: number
}

function quantizedLinear(x: Tensor, { rows, bits, bias, scale }: QuantizedLayer): Tensor {
  const { name, out, inner, start, end } = rows
  const names = int8Names(name, bits)
  const [values, scales] = [parameter(names.values, [inner, out], 'int8'), parameter(names.scales, [out])]
  const whole = start === 0 && end === out
  const perChannel = whole ? scales : slice(scales, 0, start, end)
  const scaled = scale === 1 ? perChannel : multiply(perChannel, scalar(scale))
  return apply(
    'QuantizedLinear',
    [x, whole ? values : slice(values, 1, start, end), scaled, ...(bias ? [bias] : [])],
    {},
  )
}

/** The value of one step of each output channel of a weight [out, in]; the largest value is 2^(bits − 1) − 1 steps. */
export function int8Scales(weight: Float32Array, out: number, bits: WeightBits): Float32Array {
  const inner = weight.length / out
  const steps = 2 ** (bits - 1) - 1
  const largest = (row: number) =>
    weight.subarray(row * inner, (row + 1) * inner).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Float32Array.from({ length: out }, (_, row) => largest(row) / steps || 1)
}

/** A weight [out, in] in such steps, transposed to [in, out]. */
export function int8Values(weight: Float32Array, out: number, bits: WeightBits): Int8Array {
  const inner = weight.length / out
  const scales = int8Scales(weight, out, bits)
  const values = new Int8Array(weight.length)
  for (let row = 0; row < out; row++) {
    for (let k = 0; k < inner; k++) values[k * out + row] = Math.round(weight[row * inner + k]! / scales[row]!)
  }
  return values
}
