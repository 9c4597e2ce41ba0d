import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  cast,
  gather,
  matMul,
  multiply,
  reduceMean,
  reduceSum,
  reshape,
} from '../../../../native-models/graph/build.ts'
import { ModelProtoSchema } from '../../../../native-models/graph/generated/onnx_pb.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { input, parameter } from '../../../../native-models/graph/tensor.ts'

/**
 * Tokens that the tiny pair knows, and where each lies in its space: red, green, blue, and a fourth axis that no
 * picture reaches, so that a text of unknown words is not nothing.
 */
const directions: Record<string, number[]> = {
  red: [1, -1, -1, 0],
  green: [-1, 1, -1, 0],
  blue: [-1, -1, 1, 0],
  '<|startoftext|>': [0, 0, 0, 1e-7],
}
/** In the order of their merges: that of r and e must not come before the word green is put together. */
const words = ['green', 'blue', 'red']
const letters = [...new Set(words.join(''))].sort()

/** A byte-pair tokenizer as CLIP's: words end in `</w>`, texts stand between a start and an end token. */
function tokenizerJson() {
  const merges: [string, string][] = []
  for (const word of words) {
    let left = word[0]!
    for (const [place, letter] of [...word].entries()) {
      if (place === 0) continue
      const right = place === word.length - 1 ? `${letter}</w>` : letter
      merges.push([left, right])
      left += right
    }
  }
  const merged = merges.map(pair => pair.join(''))
  const pieces = [
    ...new Set([...letters, ...letters.map(letter => `${letter}</w>`), ...merged, '<|startoftext|>', '<|endoftext|>']),
  ]
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
  const added = (content: string) => ({
    id: vocab[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })
  return {
    pieces,
    json: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [added('<|startoftext|>'), added('<|endoftext|>')],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          {
            type: 'Split',
            pattern: { Regex: '[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+' },
            behavior: 'Removed',
            invert: true,
          },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        ],
      },
      post_processor: {
        type: 'RobertaProcessing',
        sep: ['<|endoftext|>', vocab['<|endoftext|>']],
        cls: ['<|startoftext|>', vocab['<|startoftext|>']],
        trim_offsets: false,
        add_prefix_space: false,
      },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: '<|endoftext|>',
        continuing_subword_prefix: '',
        end_of_word_suffix: '</w>',
        fuse_unk: false,
        vocab,
        merges,
      },
    },
  }
}

const bytes = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer)

export interface TinyPairOptions {
  /** Images of one run, or null for any number. */
  batch?: number | null
  /** Numbers of the text tower's vectors. */
  textDimension?: number
  /** Multiplies the text tower's vectors. */
  textScale?: number
  /** Axis order of the images. */
  layout?: 'NCHW' | 'NTHWC'
  pixels?: 'float32' | 'uint8'
  /** Where the ONNX file of the text tower says that its weights are; they lie beside it. */
  dataFile?: string
  /** Changes in the JSON: `section.field: value`. */
  json?: Record<string, unknown>
}

export const tinySize = 16
export const tinyLength = 8

/**
 * Writes a dual encoder that knows three colours: the image tower gives the mean colour of a frame between −1 and 1,
 * the text tower the sum of its words' directions. Returns the path of its JSON file.
 */
export async function writeTinyPair(folder: string, options: TinyPairOptions = {}): Promise<string> {
  const {
    batch = 2,
    textDimension = 4,
    textScale = 1,
    layout = 'NCHW',
    pixels = 'float32',
    dataFile = 'text_model.onnx.data',
    json: changes = {},
  } = options
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const { pieces, json } = tokenizerJson()

  const images = input(
    'pixel_values',
    pixels,
    layout === 'NCHW' ? [batch ?? 1, 3, tinySize, tinySize] : [batch ?? 1, 2, tinySize, tinySize, 3],
  )
  const colour = reduceMean(cast(images, 'float32'), layout === 'NCHW' ? [2, 3] : [1, 2, 3])
  const toSpace = parameter('visual_projection', [3, 4])
  const vision = toOnnx(makeProgram('vision', { image_embeds: matMul(colour, toSpace) }), () => ({
    inline: bytes([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
  }))
  await writeFile(join(folder, 'onnx/vision_model.onnx'), batch === null ? withFreeShapes(vision) : vision)

  const ids = input('input_ids', 'int64', [1, tinyLength])
  const mask = input('attention_mask', 'int64', [1, tinyLength])
  const table = pieces.flatMap(piece =>
    Array.from(
      { length: textDimension },
      (_, axis) => textScale * (directions[piece.replace('</w>', '')]?.[axis] ?? 0),
    ),
  )
  const tokens = gather(parameter('token_embedding', [pieces.length, textDimension]), ids)
  const kept = multiply(tokens, reshape(cast(mask, 'float32'), [1, tinyLength, 1]))
  const text = toOnnx(makeProgram('text', { text_embeds: reduceSum(kept, [1]) }), () => ({
    external: { location: dataFile, offset: 0, length: 4 * table.length },
  }))
  await writeFile(join(folder, 'onnx/text_model.onnx'), text)
  await writeFile(join(folder, 'onnx/text_model.onnx.data'), bytes(table))
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(json))

  const contract: Record<string, unknown> = {
    format: 'dual-encoder/1',
    video: {
      file: 'onnx/vision_model.onnx',
      input: 'pixel_values',
      output: 'image_embeds',
      layout,
      dtype: pixels,
      size: { height: tinySize, width: tinySize },
      ...(pixels === 'uint8' ? {} : { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }),
    },
    segment: { clips: 4, framesPerClip: 2 },
    text: {
      file: 'onnx/text_model.onnx',
      tokenizer: 'tokenizer.json',
      input: 'input_ids',
      mask: 'attention_mask',
      output: 'text_embeds',
      length: tinyLength,
      padId: pieces.indexOf('<|endoftext|>'),
    },
  }
  for (const [place, value] of Object.entries(changes)) {
    const [section = '', field] = place.split('.')
    if (field === undefined) contract[section] = value
    else (contract[section] as Record<string, unknown>)[field] = value
  }
  const path = join(folder, 'pair.json')
  await writeFile(path, JSON.stringify(contract, null, 2))
  return path
}

/** The same file with inputs and outputs of any size, as exporters write them. */
function withFreeShapes(onnx: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, onnx)
  for (const { type } of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
    const [batch] = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : []
    if (batch) batch.value = { case: 'dimParam', value: 'batch_size' }
  }
  return toBinary(ModelProtoSchema, model)
}
