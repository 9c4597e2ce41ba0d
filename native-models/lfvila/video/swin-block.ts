import { add, biasGelu, dropPath, gatherRows, gelu, linear } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { parameter } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { Form } from '../configuration/form.ts'
import type { StageGeometry } from '../configuration/token-grid.ts'
import { windowLayout } from '../configuration/windows.ts'
import type { WindowLayout } from '../configuration/windows.ts'
import { layerNormLayer, linearLayer } from '../layers/layers.ts'
import { videoEpsilon } from './patch-embedding.ts'
import { reorder, takeTokens } from './token-stream.ts'
import type { TokenStream } from './token-stream.ts'
import { windowAttention } from './window-attention.ts'
import type { WindowAttention } from './window-attention.ts'

const mlpRatio = 4

/** Odd blocks use shifted windows. */
export const blockLayout = (stage: StageGeometry, block: number): WindowLayout =>
  windowLayout(stage.grid, stage.configured, block % 2 === 1)

interface BlockOfStage {
  readonly stage: StageGeometry
  readonly name: string
  readonly layout: WindowLayout
  readonly form: Form
  readonly skipped: number
}

/**
 * Pre-norm block `name`: x + attention(norm1 x), then x + mlp(norm2 x); in training both additions are left out at the
 * rate `skipped`.
 */
export function swinBlock(
  stream: TokenStream,
  { stage, name, layout, form, skipped }: BlockOfStage,
): { stream: TokenStream; attention: WindowAttention } {
  // Without padding the residual itself takes the order of the windows; with padding only the normalised copy does.
  const ordered = layout.padded ? stream : reorder(stream, layout.tokens)
  const normalised = layerNormLayer(ordered.tokens, `${name}.norm1`, videoEpsilon)
  const windows = layout.padded ? takeTokens({ ...ordered, tokens: normalised }, layout.tokens) : normalised
  const attention = windowAttention(windows, `${name}.attn`, { stage, layout, form })
  const attended = layout.padded ? dropPadding(attention.output, ordered, layout) : attention.output
  const x = add(ordered.tokens, dropPath(attended, skipped, stream.batch))
  const refined = mlp(layerNormLayer(x, `${name}.norm2`, videoEpsilon), `${name}.mlp`, form)
  return { stream: { ...ordered, tokens: add(x, dropPath(refined, skipped, stream.batch)) }, attention }
}

function mlp(x: Tensor, name: string, form: Form): Tensor {
  const channels = size(x.shape, 1)
  const inner = mlpRatio * channels
  const weight = parameter(`${name}.fc1.weight`, [inner, channels])
  const bias = parameter(`${name}.fc1.bias`, [inner])
  // A Gemm writes its bias to memory before it begins; over the widest tensor of the block that is worth saving.
  const hidden = form === 'fused' ? biasGelu(linear(x, weight, null), bias) : gelu(linear(x, weight, bias))
  return linearLayer(hidden, `${name}.fc2`, { out: channels })
}

/** Window rows back in the order of the stream, without those that were padding. */
function dropPadding(windowRows: Tensor, stream: TokenStream, layout: WindowLayout): Tensor {
  const placeOf = new Map<number, number>()
  for (const [place, token] of layout.tokens.entries()) if (token >= 0) placeOf.set(token, place)
  const rows = new Int32Array(stream.batch * stream.order.length)
  for (let video = 0; video < stream.batch; video++) {
    for (const [index, token] of stream.order.entries()) {
      rows[video * stream.order.length + index] = video * layout.tokens.length + (placeOf.get(token) ?? 0)
    }
  }
  return gatherRows(windowRows, rows)
}
