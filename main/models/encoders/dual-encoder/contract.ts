import { stat } from 'node:fs/promises'
import { isAbsolute, normalize } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../../native-models/ordinary-file.ts'

const contractFormat = 'dual-encoder/1'
const largestFile = 64 * 1024
/** Bytes of the frames of one segment; several segments wait for the model at a time. */
const largestSegment = 96 * 1024 * 1024

/** Whether a path stays inside the folder it is relative to, written so that it means the same on every system. */
export function staysInside(path: string): boolean {
  return path !== '' && !/[\\:\0]/.test(path) && !isAbsolute(path) && !normalize(path).split(/[\\/]/).includes('..')
}

const file = z
  .string()
  .max(512)
  .refine(staysInside, english`must be a path inside the folder of the JSON file`)
const name = z.string().min(1).max(256)
const channels = z.tuple([z.number(), z.number(), z.number()])
const side = z.number().int().min(8).max(1024)

/**
 * Axes of the tensor that the video tower takes: N images (image tower) or N clips of T frames (video tower),
 * C the channels red, green, blue.
 */
const layout = z.enum(['NCHW', 'NHWC', 'NTCHW', 'NCTHW', 'NTHWC'])

const framing = z
  .strictObject({
    /** `crop`: the shorter side becomes `shorterSide` pixels and the middle is cut out; `stretch`: the whole frame. */
    fit: z.enum(['crop', 'stretch']).default('crop'),
    /** By default the longer side of `size`. */
    shorterSide: side.optional(),
    interpolation: z.enum(['bicubic', 'bilinear', 'lanczos', 'nearest']).default('bicubic'),
  })
  .prefault({})

const video = z.strictObject({
  file,
  input: name,
  output: name,
  layout,
  /** Pixels are 0–255 with uint8, otherwise (value / 255 − mean) / std. */
  dtype: z.enum(['float32', 'float16', 'uint8']).default('float32'),
  size: z.strictObject({ height: side, width: side }),
  framing,
  mean: channels.default([0, 0, 0]),
  std: channels.refine(values => values.every(value => value > 0), english`must be above 0`).default([1, 1, 1]),
})

const segment = z.strictObject({
  /** Clips of a segment: each is embedded by itself, and the segment as a whole by their mean. */
  clips: z.number().int().min(1).max(64),
  framesPerClip: z.number().int().min(1).max(64),
  /** Of an image tower's frames, and of the clips of a segment: whether each vector has unit length before the mean. */
  pooling: z.enum(['mean-of-unit-vectors', 'mean']).default('mean-of-unit-vectors'),
})

const text = z.strictObject({
  file,
  tokenizer: file.default('tokenizer.json'),
  input: name,
  output: name,
  /** Input that is 1 for tokens and 0 for padding; null when the tower takes none. */
  mask: name.nullable().default(null),
  /** The mask is 1 for padding too, as for models that were trained without one. Absent: it is 0 there. */
  maskPadding: z.literal(true).optional(),
  /** Input of token types, fed with zeros; null when the tower takes none. */
  tokenTypes: name.nullable().default(null),
  dtype: z.enum(['int32', 'int64']).default('int64'),
  /** Tokens of one text, special tokens included; what is longer is cut. */
  length: z.number().int().min(2).max(8192),
  /** `length`: every text is padded to `length`; `none`: a text is as long as its tokens. */
  padding: z.enum(['length', 'none']).default('length'),
  padId: z.number().int().min(0).default(0),
  /** Texts are written in small letters before the tokenizer sees them. Absent: as they are. */
  lowercase: z.literal(true).optional(),
  /** `joined`: the paragraph is one text; `mean`: the mean of its sentences' vectors. */
  paragraph: z.enum(['joined', 'mean']).default('joined'),
})

/** Pixels of one side that framing must leave at least. */
const longerSide = (size: { height: number; width: number }) => Math.max(size.height, size.width)

/** The JSON that describes a dual encoder; explained in docs/other-models.md. */
export const dualEncoderContract = z
  .strictObject({ format: z.literal(contractFormat), video, segment, text })
  .refine(({ video }) => (video.framing.shorterSide ?? longerSide(video.size)) >= longerSide(video.size), {
    path: ['video', 'framing', 'shorterSide'],
    message: english`must not be smaller than the sides of size`,
  })
  .refine(
    ({ video, segment }) =>
      segment.clips * segment.framesPerClip * video.size.height * video.size.width * 3 <= largestSegment,
    { path: ['segment'], message: english`has more pixels than a segment may (${largestSegment / 1024 ** 2} MB)` },
  )
export type DualEncoderContract = z.infer<typeof dualEncoderContract>

/**
 * The contract in a JSON file, or null when the file is some other JSON or none at all.
 * @throws ExpectedError when it is one that cannot be understood, naming the field.
 */
export async function readContract(path: string): Promise<DualEncoderContract | null> {
  if (!path.toLowerCase().endsWith('.json')) return null
  const information = await stat(path).catch((cause: unknown) => {
    throw new ExpectedError('dual-encoder-contract', `${path} cannot be read; check its name.`, { cause })
  })
  if (!information.isFile() || information.size > largestFile) return null
  let content: unknown
  try {
    content = JSON.parse((await readOrdinaryFile(path, largestFile, english`a description`)).toString('utf8'))
  } catch {
    return null
  }
  const declared = z.looseObject({ format: z.string().startsWith('dual-encoder/') }).safeParse(content)
  if (!declared.success) return null
  if (declared.data.format !== contractFormat) {
    throw new ExpectedError(
      'dual-encoder-contract',
      `${path} has the format ${declared.data.format}, which this version does not know; it knows ${contractFormat}.`,
    )
  }
  const parsed = dualEncoderContract.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ExpectedError(
    'dual-encoder-contract',
    `${path} does not describe a dual encoder: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}; see docs/other-models.md for every field.`,
  )
}
