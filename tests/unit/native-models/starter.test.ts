import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { trainedWith } from '../../../main/api/training/training.ts'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { encodeText } from '../../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { shippedModel, shippedModels, shippedWeights } from '../../../native-models/starter/shipped.ts'
import { starterVocabulary } from '../../../native-models/starter/vocabulary.ts'
import { wordPieceTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'

const vocabulary = starterVocabulary()
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

/** The values of a shipped file, by the names of its weights. */
async function weightsOf(id: (typeof shippedModels)[number]): Promise<Map<string, Float32Array>> {
  const bytes = await shippedWeights(id)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8')) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >
  return new Map(
    Object.entries(header).flatMap(([name, { dtype, data_offsets: [from, to] = [0, 0] }]) => {
      if (name === '__metadata__') return []
      expect(dtype).toBe('F16')
      const halves = new Uint16Array(
        bytes.buffer.slice(bytes.byteOffset + 8 + length + from, bytes.byteOffset + 8 + length + to),
      )
      return [[name, Float32Array.from(halves, fromHalf)]]
    }),
  )
}

function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 0) return sign * fraction * 2 ** -24
  return exponent === 31 ? NaN : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

test('all that ships is smaller than 15 MB', async () => {
  const sizes = await Promise.all(shippedModels.map(async id => (await shippedWeights(id)).length))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(15e6)
})

describe.each(shippedModels)('%s', id => {
  test('has the weights that its file says', async () => {
    const { sha256 } = await shippedModel(id)
    expect(
      createHash('sha256')
        .update(await shippedWeights(id))
        .digest('hex'),
    ).toBe(sha256)
  })

  test('has every weight of the published class, once, each a finite number', async () => {
    const { kind, config } = await shippedModel(id)
    const weights = await weightsOf(id)
    const entries = stateDict(kind, parseConfig(config.model, config.bert))
    const names = entries.flatMap(({ role, name }) => (role === 'weight' ? [name] : []))
    expect([...weights.keys()].sort()).toEqual(names.sort())
    for (const values of weights.values()) expect(values.every(Number.isFinite)).toBe(true)
  })

  test('tells what it was trained with, as its configuration has it', async () => {
    const { config, training } = await shippedModel(id)
    const { video, clips } = parseConfig(config.model, config.bert)
    expect(trainedWith.parse(training)).toMatchObject({
      frames: video.frames,
      clips,
      inputSize: video.inputSize,
      precision: 'fp32',
    })
  })

  test('has an embedding for every piece of the vocabulary', async () => {
    const { config } = await shippedModel(id)
    expect(parseConfig(config.model, config.bert).text.vocabulary).toBe(vocabulary.length)
  })
})

describe('vocabulary', () => {
  const tokenizer = wordPieceTokenizer(vocabulary)
  test('any printable ASCII text tokenises without unknown words', () => {
    const unknown = vocabulary.indexOf('[UNK]')
    const all = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
    expect(
      tokenizer.encode(`${all} ${all.split('').join('x')} Supercalifragilistic 4K-video #7!`, 400).ids,
    ).not.toContain(unknown)
  })
  test('words of captions are whole', () => {
    const { mask } = tokenizer.encode('a man opens the fridge and cuts an onion', 50)
    expect(mask.reduce((a, b) => a + b, 0)).toBe(9 + 2)
  })
  test('has each piece once', () => {
    expect(new Set(vocabulary).size).toBe(vocabulary.length)
  })
})

test('different videos and different paragraphs have different embeddings of length one', async () => {
  const starter = await shippedModel('starter')
  const config = parseConfig(starter.config.model, starter.config.bert)
  const weights = await weightsOf('starter')
  const bind = (name: string): { inline: Uint8Array } => ({ inline: new Uint8Array(weights.get(name)!.buffer) })
  const videos = await createSession(
    toOnnx(encodeVideo(config, { batch: 1, input: 'uint8', localProjection: true }), bind),
  )
  const texts = await createSession(
    toOnnx(encodeText(config, { batch: 1, sentences: 4, length: 50, localProjection: true }), bind),
  )
  try {
    const tokenizer = wordPieceTokenizer(vocabulary)
    const shape = [1, config.video.frames, ...config.video.inputSize, 3]
    const video = async (seed: number): Promise<Float32Array> =>
      (
        await videos.run({
          video: { dtype: 'uint8', dims: shape, data: syntheticVideo(seed, shape, 0) },
        })
      ).videoGlobal!.data as Float32Array
    const text = async (sentence: string): Promise<Float32Array> => {
      const { ids, mask } = tokenizer.encode(sentence, 200)
      return (
        await texts.run({
          textIds: { dtype: 'int32', dims: [1, 4, 50], data: ids },
          attentionMask: { dtype: 'int32', dims: [1, 4, 50], data: mask },
        })
      ).textGlobal!.data as Float32Array
    }
    for (const [a, b] of [
      [await video(1), await video(2)],
      [await text('a man opens the fridge'), await text('two dogs play in the snow')],
    ] as const) {
      expect(cosine(a, a)).toBeCloseTo(1, 5)
      expect(cosine(a, b)).toBeLessThan(0.999)
    }
  } finally {
    await videos.dispose()
    await texts.dispose()
  }
})
