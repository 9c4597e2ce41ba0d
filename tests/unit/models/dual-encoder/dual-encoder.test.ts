import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OpenModel, SegmentFrames } from '../../../../main/models/encoders/encoder.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry, startEngine } from '../../../support/models/models.ts'
import { importOf } from './import-of.ts'
import { tinySize, writeTinyPair } from './tiny-pair.ts'
import type { TinyPairOptions } from './tiny-pair.ts'

async function openPair(options: TinyPairOptions = {}): Promise<OpenModel> {
  const { registry } = await emptyRegistry()
  await registry.import(importOf(await writeTinyPair(folderOfTest('models'), options), 'tiny-clip'))
  return registry.open('tiny-clip', startEngine())
}

/** A segment whose frames each have one colour. */
function coloured(colours: readonly (readonly [number, number, number])[]): SegmentFrames {
  const pixels = tinySize * tinySize
  return {
    dtype: 'uint8',
    data: Uint8Array.from(
      { length: colours.length * pixels * 3 },
      (_, index) => colours[Math.floor(index / (pixels * 3))]![index % 3]!,
    ),
  }
}

const red = [255, 0, 0] as const
const green = [0, 255, 0] as const
const blue = [0, 0, 255] as const
const third = 1 / Math.sqrt(3)
const close = (values: readonly number[]) => values.map(value => expect.closeTo(value, 5))

describe('a dual encoder of ONNX files', () => {
  it('is registered with what is known of it', async () => {
    const { registry, folder } = await emptyRegistry()
    const source = await writeTinyPair(folderOfTest('models'))
    const report = await registry.import(importOf(source))
    // 3 × 4 of the image tower and 4 for each of the tokens; two ONNX files, one of data and the tokenizer.
    const { vocabulary } = (await registry.info('pair')).text
    expect(report).toMatchObject({
      model: 'pair',
      kind: 'dual-encoder',
      taken: 4,
      skipped: [],
      parameters: 12 + 4 * vocabulary,
    })
    expect(await registry.info('pair')).toMatchObject({
      id: 'pair',
      kind: 'dual-encoder',
      trained: true,
      inUse: false,
      dimension: 4,
      source,
      video: { frames: 8, clips: 4, inputSize: [16, 16], depths: null, windows: null },
      text: { tokens: 8, layers: null, sentences: null },
    })
    expect(await readFile(join(folder, 'pair/text/text_model.onnx.data'))).toEqual(
      await readFile(join(source, '../onnx/text_model.onnx.data')),
    )
    expect(await registry.use('pair')).toMatchObject({ id: 'pair', inUse: true })
    await registry.remove('pair')
    expect(await registry.list()).toEqual([])
  })

  it('has one hash for the same files, another for another configuration or weight', async () => {
    const { registry } = await emptyRegistry()
    const hash = async (name: string, options: TinyPairOptions = {}) => {
      await registry.import(importOf(await writeTinyPair(folderOfTest('models'), options), name))
      return (await registry.info(name)).hash
    }
    const first = await hash('first')
    expect(await hash('same')).toBe(first)
    expect(await hash('fewer-clips', { json: { 'segment.clips': 2 } })).not.toBe(first)
    expect(await hash('weights', { textScale: 2 })).not.toBe(first)
  })

  // Eight frames in runs of two, of three (the last run filled up), and all at once.
  it.each([2, 3, null])('embeds clips as the mean of their frames, images in runs of %s', async batch => {
    const { global, clips } = await (
      await openPair({ batch })
    ).encodeVideo(coloured([red, red, green, green, blue, blue, red, green]))
    expect([...clips[0]!]).toEqual(close([third, -third, -third, 0]))
    expect([...clips[1]!]).toEqual(close([-third, third, -third, 0]))
    expect([...clips[2]!]).toEqual(close([-third, -third, third, 0]))
    // Half red, half green: (0, 0, −1) points away from blue.
    expect([...clips[3]!]).toEqual(close([0, 0, -1, 0]))
    // The sum of the four clips.
    const whole = [-third, -third, -third - 1, 0]
    expect([...global]).toEqual(close(whole.map(value => value / Math.hypot(...whole))))
  })

  it('takes clips of frames and plain bytes, where a video tower wants them', async () => {
    const pair = await openPair({ layout: 'NTHWC', pixels: 'uint8', batch: 4 })
    const { clips } = await pair.encodeVideo(
      coloured([red, red, green, green, blue, blue, [255, 255, 0], [255, 255, 0]]),
    )
    expect(clips.map(clip => [...clip])).toEqual(
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [Math.SQRT1_2, Math.SQRT1_2, 0, 0],
      ].map(close),
    )
  })

  it('embeds sentences one by one, and a paragraph as one text or as their mean', async () => {
    const pair = await openPair()
    const { embeddings, warnings } = await pair.encodeSentences(['RED', 'blue', 'red green'])
    expect(warnings).toEqual([])
    expect([...embeddings[0]!]).toEqual(close([third, -third, -third, 0]))
    expect([...embeddings[2]!]).toEqual(close([0, 0, -1, 0]))
    const joined = await pair.encodeParagraph(['red', 'green'])
    expect([...joined.embedding]).toEqual(close([0, 0, -1, 0]))
    // "red" twice outweighs one "green" within one text, not among the vectors of two sentences.
    const once = await pair.encodeParagraph(['red red', 'green'])
    expect(once.embedding[0]).toBeCloseTo(1 / Math.hypot(1, 1, 3), 5)
    const meaned = await (await openPair({ json: { 'text.paragraph': 'mean' } })).encodeParagraph(['red red', 'green'])
    expect([...meaned.embedding]).toEqual(close([0, 0, -1, 0]))
    await expect(pair.encodeParagraph([])).rejects.toMatchObject({ code: 'empty-text' })
  })

  it('says what it did not read', async () => {
    const pair = await openPair()
    const long = 'red '.repeat(20)
    const cut = await pair.encodeParagraph([long, 'red'])
    expect(cut.reading).toEqual({ sentences: 2, tokens: [expect.any(Number)], limit: 8 })
    expect(cut.reading.tokens[0]).toBeGreaterThan(20)
    expect((await pair.encodeParagraph([long])).warnings).toEqual([
      'The paragraph is longer than the 8 tokens that the model reads; the rest was left out.',
    ])
    expect((await pair.encodeSentences(['red', long])).warnings).toEqual([
      'Sentence 2 is longer than the 8 tokens that the model reads; the rest was left out.',
    ])
  })

  it('has no temporal windows to show, and says so', async () => {
    const pair = await openPair()
    expect(pair.stages).toBeNull()
    await expect(pair.attention(coloured([]))).rejects.toThrow('no temporal windows')
  })
})
