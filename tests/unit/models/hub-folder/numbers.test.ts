import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames } from '../../../../main/media/sampling/frames.ts'
import type { Framing } from '../../../../main/media/sampling/framing.ts'
import { pixelWriter } from '../../../../main/models/encoders/dual-encoder/pixels.ts'
import { describeHubFolder } from '../../../../main/models/hub-folder/describe.ts'
import { folderOfFile, folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry, startEngine } from '../../../support/models/models.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { importOf } from '../dual-encoder/import-of.ts'
import { published } from './published.ts'
import { fixtures, writeTinyFolder } from './tiny-folder.ts'
import type { TinyFolder } from './tiny-folder.ts'

/** What the families' own processors give for `picture.png`; how it was made stands in the file. */
interface PixelFixture {
  families: Record<string, { config: Record<string, unknown>; pixels: number[] }>
}
interface TokenFixture {
  texts: string[]
  families: Record<string, { length: number; ids: number[][] }>
}
const json = async <Content>(name: string) => JSON.parse(await readFile(join(fixtures, name), 'utf8')) as Content

const scratch = folderOfFile('hub-numbers')
const video = join(scratch, 'picture.mkv')
let expected: PixelFixture['families']
beforeAll(async () => {
  ;({ families: expected } = await json<PixelFixture>('pixels.json'))
  const picture = ['-loop', '1', '-t', '1', '-i', join(fixtures, 'picture.png')]
  await ffmpeg([...picture, '-c:v', 'ffv1', '-pix_fmt', 'gbrp', `file:${video}`])
})

const sides = 12
const xclip: TinyFolder = { ...published.xclip, vision: { shape: ['free', 2, 3, 'free', 'free'] } }
const families: Record<string, TinyFolder> = {
  clip: published.clip,
  'clip, old spelling': published.clip,
  mobileclip: published.mobileClip,
  siglip: published.siglip,
  siglip2: published.siglip2,
  'chinese-clip': published.chineseClip,
  xclip,
  convnext: published.clip,
  lanczos: published.siglip,
  nearest: published.siglip,
  'another factor': published.siglip,
  bytes: published.clip,
}

/** The values [3, 12, 12] that a tower of this preprocessor would be fed, by way of ffmpeg. */
async function fed(name: string, config: unknown): Promise<{ values: number[]; bytesOf: (at: number) => number }> {
  const { vision, ...folder } = families[name]!
  const tower =
    vision && 'shape' in vision && vision.shape?.length === 5
      ? vision
      : { outputs: vision?.outputs ?? ['image_embeds'] }
  const path = await writeTinyFolder(folderOfTest('hub'), { ...folder, vision: tower, preprocessor: config })
  const { contract } = await describeHubFolder(path, { variant: null })
  expect(contract.video.size).toEqual({ height: sides, width: sides })
  const framing = contract.video.framing as Framing
  const info = await probe(video)
  const { data } = await sampleFrames(video, info, {
    times: [0.5],
    height: sides,
    width: sides,
    framing,
    mode: 'exact',
  })
  const tensor = pixelWriter(contract.video)(data as Uint8Array, 1, 1)
  return {
    values: Array.from(tensor.data as Float32Array),
    bytesOf: at => 255 * contract.video.std[Math.floor(at / sides ** 2)]!,
  }
}

/** Mean difference in steps of a byte. */
function difference(values: readonly number[], others: readonly number[], bytesOf: (at: number) => number): number {
  return values.reduce((sum, value, at) => sum + Math.abs(value - others[at]!) * bytesOf(at), 0) / values.length
}

describe('pixels are those of the family’s own processor', () => {
  // Between ffmpeg's scaler and Pillow's lie 0.2 to 0.8 of 255 on average (docs/other-models.md).
  it.each(sample(Object.keys(families), 5))('of %s', async name => {
    const { config, pixels } = expected[name]!
    const { values, bytesOf } = await fed(name, config)
    expect(values).toHaveLength(pixels.length)
    expect(difference(values, pixels, bytesOf)).toBeLessThan(1)
  })

  it('and not those of another filter, framing or normalisation', async () => {
    const { config, pixels } = expected.clip!
    for (const change of [{ resample: 2 }, { size: { shortest_edge: 12 } }, { image_mean: [0.5, 0.5, 0.5] }]) {
      const { values, bytesOf } = await fed('clip', { ...config, ...change })
      expect(difference(values, pixels, bytesOf)).toBeGreaterThan(2)
    }
  })
})

describe('tokens are those of the family’s own tokenizer', () => {
  const echo = { gives: 'echo', length: 16, dimension: 16 } as const
  it.each([
    ['clip', published.clip, 'text_embeds', ['input_ids']],
    ['siglip', published.siglip, 'pooler_output', ['input_ids']],
    ['siglip2', published.siglip2, 'pooler_output', ['input_ids', 'attention_mask']],
    ['bert', published.chineseClip, 'text_embeds', ['input_ids', 'attention_mask', 'token_type_ids']],
  ] as const)('of %s', async (name, family, output, inputs) => {
    const fixture = await json<TokenFixture>('tokens.json')
    const { ids, length } = fixture.families[name]!
    const path = await writeTinyFolder(folderOfTest('hub'), {
      ...family,
      vision: {
        shape: ['free', 3, 224, 224],
        outputs: [output === 'text_embeds' ? 'image_embeds' : output],
        dimension: length,
      },
      text: { ...echo, inputs, outputs: [output] },
    })
    const { registry } = await emptyRegistry()
    await registry.import(importOf(path, name))
    const model = await registry.open(name, startEngine())
    const { embeddings } = await model.encodeSentences(fixture.texts.slice(0, ids.length))
    for (const [at, tokens] of ids.entries()) {
      // The tower gives its tokens back, with 1000 more where the mask is 1. SigLIP reads its padding, BERT's ends with
      // [SEP] = 3.
      const end = name === 'siglip2' ? length : tokens.indexOf(3) + 1
      const vector = tokens.map((id, place) => id + (inputs.length > 1 && place < end ? 1000 : 0))
      const norm = Math.hypot(...vector)
      expect([...embeddings[at]!]).toEqual(vector.map(value => expect.closeTo(value / norm, 5)))
    }
  })
})
