import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readContract } from '../../../../main/models/encoders/dual-encoder/contract.ts'
import type { ModelRegistry } from '../../../../main/models/registry/registry.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry } from '../../../support/models/models.ts'
import { importOf } from './import-of.ts'
import { writeTinyPair } from './tiny-pair.ts'
import type { TinyPairOptions } from './tiny-pair.ts'

let registry: ModelRegistry
let models: string
let files: string
beforeEach(async () => {
  ;({ registry, folder: models } = await emptyRegistry())
  files = folderOfTest('models')
})

/** What the user reads when the pair, changed like this, is imported. */
async function refusal(
  options: TinyPairOptions = {},
  damage: () => Promise<unknown> = async () => {},
): Promise<string> {
  const path = await writeTinyPair(files, options)
  await damage()
  const error = await registry.import(importOf(path)).then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ name: 'ExpectedError' })
  // Whatever was wrong, nothing half-made is left.
  expect(await readdir(models)).toEqual([])
  return (error as Error).message
}

describe('a dual encoder is refused', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'an input of another name',
      { 'video.input': 'pixels' },
      /^vision_model\.onnx has no input pixels; it has the input pixel_values: correct the name/,
    ],
    [
      'an output of another name',
      { 'text.output': 'embeddings' },
      /^text_model\.onnx has no output embeddings; it has the output text_embeds:/,
    ],
    [
      'an input that is not named',
      { 'text.mask': null },
      /^text_model\.onnx also needs the input attention_mask, which the JSON file does not name/,
    ],
    [
      'an input of another type',
      { 'text.dtype': 'int32' },
      /^The input input_ids of text_model\.onnx is of type int64, not int32; correct dtype/,
    ],
    [
      'another size',
      { 'video.size': { height: 32, width: 32 } },
      /^The input pixel_values of vision_model\.onnx has the shape \[2, 3, 16, 16\], which does not fit \[\?, 3, 32, 32\]/,
    ],
    [
      'another order of axes',
      { 'video.layout': 'NHWC' },
      /shape \[2, 3, 16, 16\], which does not fit \[\?, 16, 16, 3\]/,
    ],
    ['another length', { 'text.length': 77 }, /shape \[1, 8\], which does not fit \[\?, 77\]/],
    [
      'a file that is not there',
      { 'video.file': 'onnx/vision.onnx' },
      /onnx.vision\.onnx cannot be read; put the ONNX file there/,
    ],
    ['a tokenizer that is not there', { 'text.tokenizer': 'words.json' }, /words\.json is missing; put the file there/],
    [
      'a file elsewhere',
      { 'text.file': '../text_model.onnx' },
      /pair\.json does not describe a dual encoder: text\.file: must be a path inside the folder/,
    ],
    [
      'a file named absolutely',
      { 'text.tokenizer': '/etc/passwd' },
      /text\.tokenizer: must be a path inside the folder/,
    ],
    ['a field that does not exist', { 'video.resolution': 224 }, /video: Unrecognized key: "resolution"/],
    [
      'a later version',
      { format: 'dual-encoder/2' },
      /has the format dual-encoder\/2, which this version does not know; it knows dual-encoder\/1\./,
    ],
    ['a standard deviation of 0', { 'video.std': [1, 0, 1] }, /video\.std: must be above 0/],
    [
      'a crop smaller than the input',
      { 'video.framing': { shorterSide: 8 } },
      /video\.framing\.shorterSide: must not be smaller/,
    ],
    [
      'a segment too large for memory',
      { segment: { clips: 64, framesPerClip: 64 }, 'video.size': { height: 512, width: 512 } },
      /segment: has more pixels than a segment may/,
    ],
  ])('with %s', async (_what, json, sentence) => {
    expect(await refusal({ json })).toMatch(sentence)
  })

  it('when its towers do not meet in one space', async () => {
    expect(await refusal({ textDimension: 3 })).toMatch(
      /^The video tower gives vectors of 4 numbers and the text tower of 3, so they cannot be compared/,
    )
  })

  it('when a tower gives no finite numbers, or only zeros', async () => {
    expect(await refusal({ textScale: Number.NaN })).toMatch(
      /^text_model\.onnx gave values that are not finite numbers in its output text_embeds/,
    )
    expect(await refusal({ textScale: 0 })).toMatch(/^text_model\.onnx gave nothing but zeros/)
  })

  it('when the tokenizer is none, or one that cannot be read', async () => {
    const tokenizer = join(files, 'tokenizer.json')
    const telepathic = async () =>
      writeFile(tokenizer, (await readFile(tokenizer, 'utf8')).replace('"NFC"', '"Telepathy"'))
    expect(await refusal({}, telepathic)).toMatch(
      /tokenizer\.json would give other tokens than the model was trained with: the normalizer Telepathy/,
    )
    expect(await refusal({}, () => writeFile(tokenizer, '{'))).toMatch(/tokenizer\.json is neither/)
  })

  it('when the text tower knows fewer tokens than the tokenizer', async () => {
    expect(
      await refusal({}, async () => {
        const tokenizer = JSON.parse(await readFile(join(files, 'tokenizer.json'), 'utf8')) as {
          model: { vocab: Record<string, number> }
        }
        tokenizer.model.vocab['zebra</w>'] = 500
        await writeFile(join(files, 'tokenizer.json'), JSON.stringify(tokenizer))
      }),
    ).toMatch(
      /^text_model\.onnx cannot read the last of the 501 entries of the tokenizer's vocabulary, so they do not belong together/,
    )
  })

  it('when an ONNX file is none or ends early, naming the file', async () => {
    const text = join(files, 'onnx/text_model.onnx')
    expect(await refusal({}, () => writeFile(text, 'Dear tower, this is a letter.'))).toMatch(
      /text_model\.onnx is no ONNX file/,
    )
    expect(await refusal({}, () => writeFile(text, ''))).toMatch(
      /text_model\.onnx is no ONNX file \(it holds no graph\)/,
    )
    expect(await refusal({}, () => truncate(text, 200))).toMatch(/text_model\.onnx is no ONNX file/)
  })

  it('when weights beside an ONNX file are missing, cut off or wanted from elsewhere', async () => {
    const data = join(files, 'onnx/text_model.onnx.data')
    expect(await refusal({}, () => rm(data))).toMatch(/text_model\.onnx\.data is missing; put the file there/)
    expect(await refusal({}, () => truncate(data, 16))).toMatch(/^text_model\.onnx cannot be loaded/)
    expect(await refusal({ dataFile: '../../secret' })).toMatch(
      /text_model\.onnx wants its weights from "\.\.\/\.\.\/secret", outside of its folder/,
    )
    expect(await refusal({ dataFile: '/etc/passwd' })).toMatch(/outside of its folder/)
  })

  it('when the name is taken, and the model of that name stays as it was', async () => {
    const path = await writeTinyPair(files)
    await registry.import(importOf(path, 'pair'))
    const digest = async () =>
      createHash('sha256')
        .update(await readFile(join(models, 'pair/model.json')))
        .digest('hex')
    const before = await digest()
    await expect(registry.import(importOf(path, 'pair'))).rejects.toMatchObject({ code: 'model-exists' })
    expect(await digest()).toBe(before)
    expect((await registry.import(importOf(path))).model).toBe('pair-2')
  })
})

describe('a JSON file that describes no dual encoder', () => {
  it('is taken for a checkpoint, which wants a configuration', async () => {
    const other = join(files, 'model_config.json')
    await writeFile(other, '{"VideoEncoder": {}}')
    await expect(registry.import(importOf(other))).rejects.toThrow(
      /model_config\.json does not describe a dual encoder, and a checkpoint needs its configuration; give it with --config/,
    )
    await expect(registry.import(importOf(join(files, 'nothing.json')))).rejects.toThrow(/nothing\.json cannot be read/)
  })
})

describe('a damaged dual encoder', () => {
  it('is left out of the list and says what to do', async () => {
    await registry.import(importOf(await writeTinyPair(files), 'pair'))
    const record = join(models, 'pair/model.json')
    await writeFile(record, (await readFile(record, 'utf8')).replace('"dimension": 4', '"dimension": "four"'))
    expect(await registry.list()).toEqual([])
    await expect(registry.info('pair')).rejects.toThrow(/‘pair’ is damaged .* remove it and import it again/)
    await mkdir(join(models, 'empty'))
    await rename(record, join(models, 'empty/model.json'))
    await expect(registry.info('pair')).rejects.toMatchObject({ code: 'model-unknown' })
  })
})

it('the worked example of the documents is understood', async () => {
  const readme = await readFile(new URL('../../../../docs/other-models.md', import.meta.url), 'utf8')
  const [, example = ''] = /```json\n([^]*?)```/.exec(readme) ?? []
  const path = join(files, 'clip.json')
  await writeFile(path, example)
  expect(await readContract(path)).toMatchObject({
    segment: { clips: 8, framesPerClip: 4 },
    video: { dtype: 'float32', framing: { fit: 'crop' } },
    text: { mask: null, dtype: 'int64', paragraph: 'joined' },
  })
})
