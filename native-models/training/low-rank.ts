import { add, linear, slice } from '../graph/build.ts'
import { rewrite } from '../graph/rewrite.ts'
import { size } from '../graph/shape.ts'
import { elementCount, parameter } from '../graph/tensor.ts'
import type { Shape, Tensor } from '../graph/tensor.ts'
import { hashName, uniformStream } from '../starter/random.ts'

/**
 * LoRA (Hu et al., ICLR 2022): a frozen weight W [out, in] acts as W + alpha ÷ rank · B · A, and only A [rank, in] and
 * B [out, rank] are trained.
 */
export interface LowRank {
  readonly rank: number
  readonly alpha: number
  /** Which weights of linear layers get an addition. */
  readonly adapts: (name: string) => boolean
}

/** Names of the two factors of a weight's addition. */
export const lowRankFactors = (weight: string): { readonly a: string; readonly b: string } => ({
  a: `${weight}.lora_A`,
  b: `${weight}.lora_B`,
})
const factor = /^(.*)\.lora_([AB])$/

/** The weight that a factor belongs to; null for a name that is no factor. */
export function adaptedWeight(name: string): string | null {
  return factor.exec(name)?.[1] ?? null
}

/** The same results with low-rank additions to the linear layers. */
export function withLowRankAdditions(results: readonly Tensor[], lowRank: LowRank): Tensor[] {
  return rewrite(results, tensor => {
    const { source } = tensor
    if (source.kind !== 'op' || source.node.op !== 'Gemm') return null
    const {
      inputs: [x, weight],
      attributes,
    } = source.node
    const { transA, transB, alpha } = attributes as { transA: boolean; transB: boolean; alpha: number }
    const adapted = weight && !transA && transB ? adaptedRows(weight, lowRank) : null
    if (!x || !adapted) return null
    const {
      name,
      rows: [start, end],
      out,
    } = adapted
    const { a, b } = lowRankFactors(name)
    const columns = parameter(b, [out, lowRank.rank])
    const rows = end - start === out ? columns : slice(columns, 0, start, end)
    const addition = linear(
      linear(x, parameter(a, [lowRank.rank, size(x.shape, 1)]), null),
      rows,
      null,
      (alpha * lowRank.alpha) / lowRank.rank,
    )
    return add(tensor, addition)
  })
}

/** A weight, or the rows of one that the model takes apart (queries, keys and values). */
function adaptedRows(
  { source, shape }: Tensor,
  { adapts }: LowRank,
): { name: string; rows: readonly [number, number]; out: number } | null {
  if (source.kind === 'parameter') {
    return adapts(source.name) ? { name: source.name, rows: [0, size(shape, 0)], out: size(shape, 0) } : null
  }
  if (source.kind !== 'op' || source.node.op !== 'Slice') return null
  const [whole] = source.node.inputs
  const { axis, start, end } = source.node.attributes as { axis: number; start: number; end: number }
  if (axis !== 0 || whole?.source.kind !== 'parameter' || !adapts(whole.source.name)) return null
  return { name: whole.source.name, rows: [start, end], out: size(whole.shape, 0) }
}

/**
 * A factor before training: A uniform over ±1/√in as a linear layer of PyTorch, B zero, so that the model begins as it
 * was.
 */
export function initialFactor(name: string, shape: Shape, seed: number): Float32Array {
  const values = new Float32Array(elementCount(shape))
  if (factor.exec(name)?.[2] !== 'A') return values
  const next = uniformStream(hashName(`${seed} ${name}`))
  const bound = 1 / Math.sqrt(size(shape, 1))
  return values.map(() => bound * (2 * next() - 1))
}

interface Addition extends Pick<LowRank, 'rank' | 'alpha'> {
  /** [rank, in]. */
  readonly a: Float32Array
  /** [out, rank]. */
  readonly b: Float32Array
}

/** The weight [out, in] with its addition worked in; what is exported. */
export function mergedWeight(weight: Float32Array, { a, b, rank, alpha }: Addition): Float32Array {
  const columns = a.length / rank
  const merged = Float64Array.from(weight)
  for (let row = 0; row < b.length / rank; row++) {
    for (let inner = 0; inner < rank; inner++) {
      const share = (alpha / rank) * (b[row * rank + inner] ?? 0)
      for (let column = 0; column < columns; column++) {
        merged[row * columns + column]! += share * (a[inner * columns + column] ?? 0)
      }
    }
  }
  return Float32Array.from(merged)
}
