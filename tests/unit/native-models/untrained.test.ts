import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { encodeText } from '../../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { untrainedModel } from '../../../native-models/starter/untrained.ts'
import { wordPieceTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'

const model = untrainedModel()
const config = parseConfig(model.modelConfig, model.bertConfig)
const weights = new Map(Array.from(model.parameters(), ({ name, data }) => [name, data]))
const bind = (name: string): { inline: Uint8Array } => ({ inline: new Uint8Array(weights.get(name)!.buffer) })
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

test('is the same on every machine', () => {
  const hash = createHash('sha256')
  for (const [name, data] of [...weights].sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(name).update(new Uint8Array(data.buffer))
  }
  expect(hash.digest('hex')).toBe('f952e6a55cf081ff5b5802cd2b36fb0b933901beef7492af458ac4ef67089043')
})

test('has every weight of the published class, once', () => {
  const names = Array.from(model.parameters(), ({ name }) => name)
  expect(names).toEqual(
    stateDict('pretrain-stage1', config).flatMap(({ role, name }) => (role === 'weight' ? [name] : [])),
  )
})

describe('vocabulary', () => {
  const tokenizer = wordPieceTokenizer(model.vocabulary)
  test('any printable ASCII text tokenises without unknown words', () => {
    const unknown = model.vocabulary.indexOf('[UNK]')
    const all = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
    expect(
      tokenizer.encode(`${all} ${all.split('').join('x')} Supercalifragilistic 4K-video #7!`, 400).ids,
    ).not.toContain(unknown)
  })
  test('words of captions are whole', () => {
    const { mask } = tokenizer.encode('a man opens the fridge and cuts an onion', 50)
    expect(mask.reduce((a, b) => a + b, 0)).toBe(9 + 2)
  })
  test('fits the embedding table, each piece once', () => {
    expect(new Set(model.vocabulary).size).toBe(model.vocabulary.length)
    expect(config.text.vocabulary).toBe(model.vocabulary.length)
  })
})

test('different videos and different paragraphs have different embeddings of length one', async () => {
  const videos = await createSession(
    toOnnx(encodeVideo(config, { batch: 1, input: 'uint8', localProjection: true }), bind),
  )
  const texts = await createSession(
    toOnnx(encodeText(config, { batch: 1, sentences: 4, length: 50, localProjection: true }), bind),
  )
  try {
    const tokenizer = wordPieceTokenizer(model.vocabulary)
    const video = async (seed: number): Promise<Float32Array> =>
      (
        await videos.run({
          video: { dtype: 'uint8', dims: [1, 32, 192, 320, 3], data: syntheticVideo(seed, [1, 32, 192, 320, 3], 0) },
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
