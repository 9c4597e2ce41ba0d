import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import type { OnnxFile, OnnxValue } from '../../reading-process/files/onnx-file.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import type { Family } from './families.ts'
import { byHand, refusal } from './refusal.ts'

type Layout = DualEncoderContract['video']['layout']

/** What an ONNX file says of a video or image tower; sides and frames are null where they are free. */
export interface VideoTowerFile {
  readonly file: string
  readonly input: string
  readonly output: string
  readonly layout: Layout
  readonly dtype: DualEncoderContract['video']['dtype']
  readonly height: number | null
  readonly width: number | null
  readonly frames: number | null
  readonly dimension: number | null
}

export interface TextTowerFile {
  readonly file: string
  readonly input: string
  readonly output: string
  readonly mask: string | null
  readonly tokenTypes: string | null
  readonly dtype: DualEncoderContract['text']['dtype']
  /** Tokens of a text, null where they are free. */
  readonly length: number | null
  readonly dimension: number | null
}

/** Outputs of towers that end before the projection into the shared space. */
const inner = /^(pooler_output|last_hidden_state|hidden_states?(\.\d+)?|attentions?(\.\d+)?)$/

/** @throws ExpectedError when the file is no ONNX file, or no image or video tower of the family. */
export async function videoTower(
  folder: string,
  {
    file,
    family,
    signal,
  }: { readonly file: string; readonly family: Family; readonly signal?: AbortSignal | undefined },
): Promise<VideoTowerFile> {
  const path = join(folder, file)
  const { inputs, outputs } = await readTower(path, signal)
  if (inputs.some(({ name }) => name === 'spatial_shapes' || name === 'pixel_attention_mask')) {
    throw refusal(
      english`${path} takes patches of pictures of any form (NaFlex), which is not done here; download a model of a fixed size, as siglip2-base-patch16-224.`,
    )
  }
  const [value] = inputs
  if (!value || inputs.length > 1) throw unfit(path, english`pictures alone`, inputs)
  const rank = value.shape?.length ?? (family.clips ? 5 : 4)
  const layout = rank === 5 ? clipLayout(value, family) : rank === 4 ? imageLayout(value) : null
  if (layout === null) {
    throw refusal(
      english`${path} takes ${value.name} of the shape [${shapeOf(value)}], which does not show where the channels are; export it with 3 in their place, ${byHand}.`,
    )
  }
  if (family.frames !== undefined && rank === 4) {
    throw refusal(
      english`${path} takes single pictures, but ${family.name} embeds clips; export what get_video_features computes, ${byHand}.`,
    )
  }
  if (value.dtype !== 'float32' && value.dtype !== 'float16' && value.dtype !== 'uint8') {
    throw refusal(
      english`${path} takes ${value.name} as ${value.dtype ?? 'a type'} that is not fed here; choose another variant with --variant.`,
    )
  }
  const along = (axis: string): number | null => value.shape?.[layout.indexOf(axis)] ?? null
  return {
    file,
    input: value.name,
    ...outputOf(path, outputs, family),
    layout,
    dtype: value.dtype,
    height: along('H'),
    width: along('W'),
    frames: layout.includes('T') ? along('T') : 1,
  }
}

/** @throws ExpectedError when the file is no ONNX file, or no text tower of the family. */
export async function textTower(
  folder: string,
  {
    file,
    family,
    signal,
  }: { readonly file: string; readonly family: Family; readonly signal?: AbortSignal | undefined },
): Promise<TextTowerFile> {
  const path = join(folder, file)
  const { inputs, outputs } = await readTower(path, signal)
  const named = (...names: string[]) => inputs.find(({ name }) => names.includes(name))
  const mask = named('attention_mask', 'mask')
  const tokenTypes = named('token_type_ids')
  const others = inputs.filter(value => value !== mask && value !== tokenTypes)
  const ids = named('input_ids') ?? others[0]
  if (!ids || others.length !== 1) throw unfit(path, english`tokens, a mask and token types alone`, inputs)
  const { dtype } = ids
  if ((dtype !== 'int64' && dtype !== 'int32') || (ids.shape && ids.shape.length !== 2)) {
    throw refusal(
      english`${path} takes ${ids.name} as ${dtype ?? 'another type'} [${shapeOf(ids)}], where texts × tokens as int64 or int32 are fed; export it with these, ${byHand}.`,
    )
  }
  const different = [mask, tokenTypes].find(value => value && value.dtype !== dtype)
  if (different) {
    throw refusal(
      english`${path} takes ${different.name} as ${different.dtype ?? 'another type'} but ${ids.name} as ${dtype}; export it with one type for both.`,
    )
  }
  return {
    file,
    input: ids.name,
    ...outputOf(path, outputs, family),
    mask: mask?.name ?? null,
    tokenTypes: tokenTypes?.name ?? null,
    dtype,
    length: ids.shape?.[1] ?? null,
  }
}

async function readTower(path: string, signal?: AbortSignal): Promise<OnnxFile> {
  return readApart('onnx', { path }, { file: path, signal })
}

function unfit(path: string, what: string, inputs: readonly OnnxValue[]): Error {
  const names = inputs.map(({ name }) => name)
  const both = names.some(name => /pixel|image|video/.test(name)) && names.some(name => /input_ids|text/.test(name))
  return refusal(
    both
      ? english`${path} takes pictures and texts at once (${names.join(', ')}); download the two towers, onnx/vision_model.onnx and onnx/text_model.onnx, instead.`
      : english`${path} takes ${names.join(', ') || 'nothing'}, but ${what} can be fed here; export it without the others, ${byHand}.`,
  )
}

/** The vector in the shared space: under the family's name for it, or the only output that may be one. */
function outputOf(
  path: string,
  outputs: readonly OnnxValue[],
  family: Family,
): { output: string; dimension: number | null } {
  const named = family.outputs
    .map(name => outputs.find(value => value.name === name))
    .find(value => value !== undefined)
  const vectors = outputs.filter(({ name, shape }) => !inner.test(name) && (shape === null || isVector(shape)))
  const output = named ?? (vectors.length === 1 ? vectors[0] : undefined)
  if (output) return { output: output.name, dimension: output.shape?.at(-1) ?? null }
  const names = outputs.map(({ name }) => name).join(', ') || 'nothing'
  throw refusal(
    vectors.length === 0
      ? english`${path} gives ${names}, which ends before the projection into the space that both towers of ${family.name} share; export it with its projection, to give ${family.outputs[0]} or ${family.outputs[1]}.`
      : english`${path} gives ${names}, of which none is called ${family.outputs.join(' or ')}; export it with one vector for each input, ${byHand}.`,
  )
}

/** [items, …, numbers] with nothing but axes of length 1 between. */
const isVector = (shape: readonly (number | null)[]): boolean =>
  shape.length >= 2 && shape.slice(1, -1).every(axis => axis === 1)

function imageLayout({ shape }: OnnxValue): Layout | null {
  if (!shape || shape[1] === 3) return 'NCHW'
  if (shape[3] === 3) return 'NHWC'
  return shape[1] === null ? 'NCHW' : null
}

/** Read off the axis of length 3; where several or none has it, the family's own. */
function clipLayout({ shape }: OnnxValue, { clips }: Family): Layout | null {
  const known = (['NTCHW', 'NCTHW', 'NTHWC'] as const).filter(layout => shape?.[layout.indexOf('C')] === 3)
  if (known.length === 1) return known[0]!
  const open = (['NTCHW', 'NCTHW', 'NTHWC'] as const).filter(layout => (shape?.[layout.indexOf('C')] ?? null) === null)
  const possible = known.length > 0 ? known : open
  return clips !== undefined && possible.includes(clips) ? clips : null
}

const shapeOf = ({ shape }: OnnxValue): string => shape?.map(axis => axis ?? '?').join(', ') ?? '?'
