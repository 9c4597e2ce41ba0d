import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importInput } from '../../../../main/api/models.ts'
import type { ModelRegistry } from '../../../../main/models/registry/registry.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry } from '../../../support/models/models.ts'
import { published } from './published.ts'
import { writeTinyFolder } from './tiny-folder.ts'
import type { TinyFolder } from './tiny-folder.ts'

let registry: ModelRegistry
let models: string
let folder: string
beforeEach(async () => {
  ;({ registry, folder: models } = await emptyRegistry())
  folder = join(folderOfTest('hub'), 'clip')
})

const { clip } = published
const pointer =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22e\nsize 254000000\n'

/** What the user reads when the folder, changed like this, is imported. */
async function refusal(
  options: TinyFolder,
  damage: () => Promise<unknown> = async () => {},
  more = {},
): Promise<string> {
  await writeTinyFolder(folder, options)
  await damage()
  const error = await registry.import(importInput.parse({ weights: [folder], ...more })).then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ name: 'ExpectedError' })
  // Whatever was wrong, nothing half-made is left.
  expect(await readdir(models)).toEqual([])
  return (error as Error).message
}

/** CLIP with another preprocessor, field by field. */
const preprocessed = (fields: object): TinyFolder => ({ ...clip, preprocessor: { ...clip.preprocessor, ...fields } })

describe('a folder is refused that lacks', () => {
  it.each<[string, TinyFolder, RegExp]>([
    [
      'a tokenizer',
      { ...clip, tokenizer: null },
      /clip has no tokenizer\.json; download it from the model's page too, or/,
    ],
    [
      'a text tower',
      { ...clip, text: null },
      /has only one tower, onnx\/vision_model\.onnx; download the text tower too/,
    ],
    [
      'a vision tower',
      { ...clip, vision: null },
      /has only one tower, onnx\/text_model\.onnx; download the vision tower/,
    ],
    ['config.json', { ...clip, config: null }, /has no config\.json, which says of which family/],
    ['the preprocessor', { ...clip, preprocessor: null }, /has no preprocessor_config\.json, which says how pictures/],
    [
      'two towers, where one file takes both',
      { ...clip, text: null, vision: { file: 'onnx/model.onnx' } },
      /has onnx\/model\.onnx, which is not one of two towers .* download onnx\/vision_model\.onnx and onnx\/text_model\.onnx/,
    ],
    [
      'ONNX files',
      { ...clip, text: null, vision: null, files: { 'model.safetensors': 'weights' } },
      /weights for another program \(model\.safetensors\) and no ONNX files; download onnx\/vision_model\.onnx/,
    ],
    [
      'the number of frames',
      { ...published.xclip, config: { model_type: 'viclip' } },
      /takes clips of any number of frames, .*; add "num_frames" to .*config\.json\.$/,
    ],
    [
      'the token that is padded with',
      { ...published.chineseClip, tokenizer: 'clip', tokenizerConfig: null },
      /does not say with which token texts are padded; download tokenizer_config\.json too, or add "pad_token"/,
    ],
  ])('%s', async (_what, options, sentence) => {
    expect(await refusal(options)).toMatch(sentence)
  })
})

describe('a folder is refused whose files', () => {
  it.each<[string, TinyFolder, RegExp]>([
    [
      'are of a family that is not known',
      { ...clip, config: { model_type: 'clap' } },
      /config\.json names the family ‘clap’ \(model_type\), which is not known here .* known are clip, mobileclip/,
    ],
    ['name no family', { ...clip, config: {} }, /config\.json names no model_type/],
    [
      'come of two models',
      { ...clip, text: { dimension: 3 } },
      /vision_model\.onnx gives vectors of 4 numbers and onnx\/text_model\.onnx of 3, .* download both from one repository/,
    ],
    [
      'take patches of any form',
      { ...published.siglip, config: { model_type: 'siglip2' }, vision: { input: 'pixel_attention_mask' } },
      /takes patches of pictures of any form \(NaFlex\), .* download a model of a fixed size/,
    ],
    [
      'end before the projection',
      { ...clip, vision: { outputs: ['last_hidden_state', 'pooler_output'] } },
      /gives last_hidden_state, pooler_output, which ends before the projection .* to give text_embeds or image_embeds/,
    ],
    [
      'take something else as well',
      { ...clip, text: { inputs: ['input_ids', 'position_ids'] } },
      /text_model\.onnx takes input_ids, position_ids, but tokens, a mask and token types alone can be fed/,
    ],
    [
      'make other pictures than the tower takes',
      { ...clip, vision: { shape: [1, 3, 336, 336] } },
      /preprocessor_config\.json makes pictures of 224 × 224, but onnx\/vision_model\.onnx takes 336 × 336/,
    ],
    [
      'do not scale',
      preprocessed({ do_resize: false }),
      /has do_resize false, but videos come in any size; set it to true/,
    ],
    [
      'keep the form of pictures',
      preprocessed({ do_center_crop: false }),
      /keeps the form of each picture .* set do_center_crop to true, or size to height and width/,
    ],
    [
      'cut out more than there is',
      preprocessed({ size: 200 }),
      /scales pictures to 200 and cuts 224 × 224 out of them/,
    ],
    [
      'swap channels',
      preprocessed({ do_flip_channel_order: true }),
      /asks for do_flip_channel_order, which is not done/,
    ],
    ['scale in another way', preprocessed({ resample: 4 }), /asks for the filter 4 \(resample\), .* set 2 or 3/],
    [
      'have a field of another type',
      preprocessed({ resample: [3] }),
      /cannot be understood: resample: .*; download it again/,
    ],
    ['have a deviation of 0', preprocessed({ image_std: [0, 1, 1] }), /asks for video\.std: must be above 0/],
    [
      'have a size of nothing',
      preprocessed({ size: { longest_edge: 224 } }),
      /has a size of longest_edge, which does not/,
    ],
    [
      'are of a class that is not known',
      preprocessed({ image_processor_type: 'MyImageProcessor', resample: undefined }),
      /is of the class MyImageProcessor, which is not known here, and does not say resample; add these/,
    ],
    ['are no JSON', { ...clip, config: '{"model_type": "clip"' }, /config\.json is not JSON; .*: download it again\.$/],
    ['are JSON of another sort', { ...clip, config: '[1]' }, /config\.json holds no JSON object/],
    [
      'stand for a file of Git',
      { ...clip, config: pointer },
      /config\.json is not the file itself but a note of Git LFS/,
    ],
  ])('%s', async (_what, options, sentence) => {
    expect(await refusal(options)).toMatch(sentence)
  })
})

describe('a folder is refused that was half downloaded', () => {
  it.each(['onnx/text_model.onnx', 'onnx/vision_model.onnx', 'tokenizer.json', 'onnx/text_model.onnx_data'])(
    'with a note of Git in the place of %s',
    async file => {
      const sentence = await refusal({ ...clip, text: { dataFile: 'text_model.onnx_data' } }, () =>
        writeFile(join(folder, file), pointer),
      )
      expect(sentence).toBe(
        `${join(folder, file)} is not the file itself but a note of Git LFS in its place; download the file, or run \`git lfs pull\` in its folder.`,
      )
    },
  )

  it('with an ONNX file that ends early, or without the weights beside it', async () => {
    const text = { dataFile: 'text_model.onnx_data' }
    const onnx = join(folder, 'onnx/text_model.onnx')
    expect(await refusal({ ...clip, text }, () => rm(join(folder, 'onnx/text_model.onnx_data')))).toMatch(
      /onnx.text_model\.onnx_data is missing, in which onnx\/text_model\.onnx keeps its weights; download it too\.$/,
    )
    expect(await refusal({ ...clip, text }, () => truncate(onnx, 200))).toMatch(
      /text_model\.onnx is no ONNX file .*; export or download the tower again\.$/,
    )
  })

  it('with a tokenizer that ends early', async () => {
    const tokenizer = join(folder, 'tokenizer.json')
    const half = async () => truncate(tokenizer, Math.floor((await readFile(tokenizer)).length / 2))
    expect(await refusal(clip, half)).toMatch(/tokenizer\.json is neither a WordPiece vocab\.txt nor a tokenizer\.json/)
  })
})

describe('a variant is refused', () => {
  it('that is not there, and those are listed that are', async () => {
    expect(await refusal(clip, undefined, { variant: 'q4' })).toMatch(
      /clip has no variant ‘q4’ of both towers; it has plain: choose one of these with --variant\.$/,
    )
  })

  it('of a description, which names its files itself', async () => {
    await mkdir(folder, { recursive: true })
    const path = join(folder, 'pair.json')
    await writeFile(path, '{"format": "dual-encoder/1"}')
    await expect(registry.import(importInput.parse({ weights: [path], variant: 'fp16' }))).rejects.toMatchObject({
      name: 'ExpectedError',
    })
  })
})
