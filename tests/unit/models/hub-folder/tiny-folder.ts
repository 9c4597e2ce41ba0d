import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { add, cast, gather, matMul, multiply, reduceMean, reduceSum } from '../../../../native-models/graph/build.ts'
import { ModelProtoSchema } from '../../../../native-models/graph/generated/onnx_pb.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { constant, input, parameter } from '../../../../native-models/graph/tensor.ts'
import type { Tensor } from '../../../../native-models/graph/tensor.ts'

export const fixtures = join(import.meta.dirname, '../../../fixtures/hub-folder')
const bytes = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer)

/** A length, or a free axis that the file is computed with at this length in the test. */
type Axis = number | 'free'

export interface TinyVision {
  file?: string
  input?: string
  /** As the ONNX file declares it. */
  shape?: readonly Axis[]
  /** Length of the channels' axis and where it is. */
  channels?: number
  dtype?: 'float32' | 'float16' | 'uint8'
  outputs?: readonly string[]
  dimension?: number
}

export interface TinyText {
  file?: string
  inputs?: readonly string[]
  dtype?: 'int64' | 'int32'
  length?: Axis
  outputs?: readonly string[]
  /** `colours`: the sum of the words' directions; `echo`: the ids themselves, plus 1000 where the mask is 1. */
  gives?: 'colours' | 'echo'
  dimension?: number
  /** Where the file says that its weights are; they are written beside it. */
  dataFile?: string
}

export interface TinyFolder {
  config?: unknown
  preprocessor?: unknown
  tokenizer?: 'clip' | 'siglip' | 'siglip2' | 'bert' | null
  tokenizerConfig?: unknown
  vision?: TinyVision | null
  text?: TinyText | null
  /** Further files by their paths. */
  files?: Readonly<Record<string, unknown>>
}

/** Words that the towers know and where they lie: red, green, blue, and an axis that no picture reaches. */
const directions: Readonly<Record<string, readonly number[]>> = {
  red: [1, -1, -1, 0],
  green: [-1, 1, -1, 0],
  blue: [-1, -1, 1, 0],
  '<|startoftext|>': [0, 0, 0, 1e-7],
  '[CLS]': [0, 0, 0, 1e-7],
  '<eos>': [0, 0, 0, 1e-7],
  '</s>': [0, 0, 0, 1e-7],
}

/**
 * Writes a folder as it comes from Hugging Face, with towers of a few kilobytes; null leaves a file out. Returns its
 * path.
 */
export async function writeTinyFolder(folder: string, options: TinyFolder): Promise<string> {
  const { vision = {}, text = {}, tokenizer = 'clip' } = options
  await mkdir(join(folder, 'onnx'), { recursive: true })
  if (vision) await write(folder, vision.file ?? 'onnx/vision_model.onnx', visionTower(vision))
  if (text) await writeTextTower(folder, text, tokenizer ?? 'clip')
  if (tokenizer) {
    const inner = text?.file && !text.file.startsWith('onnx/') ? dirname(text.file) : '.'
    await mkdir(join(folder, inner), { recursive: true })
    await copyFile(join(fixtures, `${tokenizer}-tokenizer.json`), join(folder, inner, 'tokenizer.json'))
  }
  const json = {
    'config.json': options.config,
    'preprocessor_config.json': options.preprocessor,
    'tokenizer_config.json': options.tokenizerConfig,
    ...options.files,
  }
  for (const [name, content] of Object.entries(json)) {
    if (content === undefined || content === null) continue
    await write(folder, name, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return folder
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await writeFile(join(folder, name), content)
}

/** The mean colour of a picture or clip as its vector: of bytes or normalised values. */
function visionTower({
  input: name = 'pixel_values',
  shape = ['free', 3, 'free', 'free'],
  dtype = 'float32',
  outputs = ['image_embeds'],
  dimension = 4,
}: TinyVision): Uint8Array {
  const sizes = shape.map((axis, place) =>
    axis === 'free' ? (place === 0 ? 1 : shape.length === 5 && place < 3 ? 2 : 16) : axis,
  )
  // The axis of the channels is that of length 3, or the first behind the batch.
  const channel = Math.max(1, sizes.indexOf(3, 1))
  sizes[channel] = 3
  const pictures = input(name, dtype, sizes)
  const others = sizes.map((_, place) => place).filter(place => place !== 0 && place !== channel)
  const colour = reduceMean(cast(pictures, 'float32'), others)
  const vector = matMul(colour, parameter('projection', [3, dimension]))
  const values = Array.from({ length: 3 * dimension }, (_, at) =>
    at % dimension === Math.floor(at / dimension) ? 1 : 0,
  )
  const onnx = toOnnx(makeProgram('vision', Object.fromEntries(outputs.map(output => [output, vector]))), () => ({
    inline: bytes(values),
  }))
  return withFreeAxes(onnx, { [name]: shape }, ['free', dimension])
}

async function writeTextTower(folder: string, tower: TinyText, tokenizer: string): Promise<void> {
  const { file = 'onnx/text_model.onnx', inputs = ['input_ids'], dtype = 'int64', length = 'free' } = tower
  const { outputs = ['text_embeds'], gives = 'colours', dimension = 4, dataFile } = tower
  const json = JSON.parse(await readFile(join(fixtures, `${tokenizer}-tokenizer.json`), 'utf8')) as {
    model: { vocab: Record<string, number> | [string, number][] }
  }
  const pieces = Array.isArray(json.model.vocab)
    ? json.model.vocab.map(([piece]) => piece)
    : Object.keys(json.model.vocab)
  const tokens = length === 'free' ? 16 : length
  const fed = Object.fromEntries(inputs.map(name => [name, input(name, dtype, [1, tokens])]))
  const ids = fed[inputs[0]!]!
  const table = pieces.flatMap(piece =>
    Array.from({ length: dimension }, (_, axis) => directions[piece.replace(/^▁|<\/w>$/g, '')]?.[axis] ?? 0),
  )
  const vectors: Record<'colours' | 'echo', () => Tensor> = {
    colours: () => reduceSum(gather(parameter('token_embedding', [pieces.length, dimension]), ids), [1]),
    echo: () =>
      inputs
        .slice(1)
        .reduce(
          (sum, name) => add(sum, multiply(cast(fed[name]!, 'float32'), constant(Float32Array.of(1000), [1]))),
          cast(ids, 'float32'),
        ),
  }
  const vector = vectors[gives]()
  const used =
    gives === 'echo'
      ? vector
      : inputs
          .slice(1)
          .reduce(
            (sum, name) =>
              add(sum, multiply(reduceMean(cast(fed[name]!, 'float32'), [1], true), constant(Float32Array.of(0), [1]))),
            vector,
          )
  const onnx = toOnnx(makeProgram('text', Object.fromEntries(outputs.map(output => [output, used]))), () =>
    dataFile ? { external: { location: dataFile, offset: 0, length: 4 * table.length } } : { inline: bytes(table) },
  )
  const shape: Axis[] = ['free', length]
  await write(
    folder,
    file,
    withFreeAxes(onnx, Object.fromEntries(inputs.map(name => [name, shape])), [
      'free',
      gives === 'echo' ? length : dimension,
    ]),
  )
  if (dataFile) await write(folder, join(dirname(file), dataFile), bytes(table))
}

/** The same file with axes of any length, as exporters write them. */
function withFreeAxes(
  onnx: Uint8Array,
  inputs: Readonly<Record<string, readonly Axis[]>>,
  output: readonly Axis[],
): Uint8Array {
  const model = fromBinary(ModelProtoSchema, onnx)
  const free = (value: { type?: { value: { case?: string; value?: unknown } } }, axes: readonly Axis[]): void => {
    const tensor = value.type?.value.value as { shape?: { dim: { value: unknown }[] } } | undefined
    for (const [place, axis] of axes.entries()) {
      const dim = tensor?.shape?.dim[place]
      if (dim && axis === 'free') dim.value = { case: 'dimParam', value: `axis_${place}` }
    }
  }
  for (const value of model.graph?.input ?? []) free(value as never, inputs[value.name] ?? [])
  for (const value of model.graph?.output ?? []) free(value as never, output)
  return toBinary(ModelProtoSchema, model)
}
