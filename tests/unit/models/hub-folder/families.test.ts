import { describe, expect, it } from 'vitest'
import { describeHubFolder } from '../../../../main/models/hub-folder/describe.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { published } from './published.ts'
import { writeTinyFolder } from './tiny-folder.ts'
import type { TinyFolder } from './tiny-folder.ts'

async function described(options: TinyFolder, variant: string | null = null) {
  return describeHubFolder(await writeTinyFolder(folderOfTest('hub'), options), { variant })
}

const openAiMean = [0.48145466, 0.4578275, 0.40821073]
const openAiStd = [0.26862954, 0.26130258, 0.27577711]

describe('a folder from Hugging Face is understood', () => {
  it('of CLIP', async () => {
    const { contract, settings, warnings } = await described(published.clip)
    // As the example that docs/other-models.md describes by hand.
    expect(contract).toEqual({
      format: 'dual-encoder/1',
      video: {
        file: 'onnx/vision_model.onnx',
        input: 'pixel_values',
        output: 'image_embeds',
        layout: 'NCHW',
        dtype: 'float32',
        size: { height: 224, width: 224 },
        framing: { fit: 'crop', shorterSide: 224, interpolation: 'bicubic' },
        mean: openAiMean,
        std: openAiStd,
      },
      segment: { clips: 8, framesPerClip: 4, pooling: 'mean-of-unit-vectors' },
      text: {
        file: 'onnx/text_model.onnx',
        tokenizer: 'tokenizer.json',
        input: 'input_ids',
        output: 'text_embeds',
        mask: null,
        tokenTypes: null,
        dtype: 'int64',
        length: 77,
        padding: 'length',
        padId: 34,
        paragraph: 'joined',
      },
    })
    expect(warnings).toEqual([])
    expect(settings).toContainEqual({ name: 'family', value: 'CLIP' })
    expect(settings).toContainEqual({ name: 'framing', value: 'the middle of 224, bicubic' })
    expect(settings).toContainEqual({ name: 'texts', value: '77 tokens at most, padded with 34' })
  })

  it('of MobileCLIP, whose config.json says only that it is a CLIP', async () => {
    const { contract } = await described(published.mobileClip)
    expect(contract.video).toMatchObject({
      size: { height: 256, width: 256 },
      framing: { fit: 'crop', shorterSide: 256, interpolation: 'bilinear' },
      mean: [0, 0, 0],
      std: [1, 1, 1],
    })
    // Without a tokenizer_config.json: the end token, as CLIP pads.
    expect(contract.text).toMatchObject({ length: 77, padding: 'length', padId: 34 })
  })

  it('of SigLIP', async () => {
    const { contract } = await described(published.siglip)
    expect(contract.video).toMatchObject({
      output: 'pooler_output',
      size: { height: 224, width: 224 },
      framing: { fit: 'stretch', interpolation: 'bicubic' },
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    })
    expect(contract.text).toMatchObject({
      output: 'pooler_output',
      length: 64,
      padding: 'length',
      padId: 1,
      lowercase: true,
      mask: null,
    })
  })

  it('of SigLIP 2, which pads with another token', async () => {
    const { contract, settings } = await described(published.siglip2)
    expect(settings).toContainEqual({ name: 'family', value: 'SigLIP 2' })
    expect(contract.video.framing).toEqual({ fit: 'stretch', interpolation: 'bilinear' })
    expect(contract.text).toMatchObject({ length: 64, padding: 'length', padId: 0, lowercase: true })
  })

  it.each([
    ['siglip', 1],
    ['siglip2', 0],
  ] as const)('of %s without a tokenizer_config.json, which pads all the same', async (family, padId) => {
    const { contract } = await described({ ...published[family], tokenizerConfig: null })
    expect(contract.text).toMatchObject({ padId, lowercase: true })
  })

  it('of Chinese-CLIP, which reads 52 of the 512 tokens that BERT has places for', async () => {
    const { contract } = await described(published.chineseClip)
    expect(contract.video).toMatchObject({
      framing: { fit: 'stretch', interpolation: 'bicubic' },
      mean: openAiMean,
      std: openAiStd,
    })
    expect(contract.text).toMatchObject({
      length: 52,
      padding: 'length',
      padId: 0,
      mask: 'attention_mask',
      tokenTypes: 'token_type_ids',
    })
  })

  it.each([
    ['MetaCLIP 2', published.metaClip2, { length: 77, padding: 'length', padId: 0, mask: null }],
    ['AltCLIP', published.altClip, { length: 77, padding: 'length', padId: 0, mask: 'attention_mask' }],
    // Without a mask each text is computed by itself, as long as it is.
    ['Jina CLIP', published.jinaClip, { length: 512, padding: 'none', output: 'text_embeddings', mask: null }],
    [
      'vision-text dual encoder',
      published.dualEncoder,
      { length: 512, padding: 'none', mask: 'attention_mask', tokenTypes: 'token_type_ids' },
    ],
  ] as const)('of %s', async (family, folder, text) => {
    const { contract, settings } = await described(folder as TinyFolder)
    expect(settings).toContainEqual({ name: 'family', value: family })
    expect(contract.video).toMatchObject({
      layout: 'NCHW',
      size: { height: 224, width: 224 },
      framing: { fit: 'crop', shorterSide: 224, interpolation: 'bicubic' },
      mean: openAiMean,
      std: openAiStd,
    })
    expect(contract.text).toMatchObject(text)
  })

  it('of X-CLIP, with the frames that config.json names', async () => {
    const { contract, warnings } = await described(published.xclip)
    expect(contract.video).toMatchObject({
      layout: 'NTCHW',
      output: 'video_embeds',
      size: { height: 224, width: 224 },
      framing: { fit: 'crop', shorterSide: 224, interpolation: 'bilinear' },
      mean: [0.485, 0.456, 0.406],
    })
    expect(contract.segment).toMatchObject({ clips: 8, framesPerClip: 8 })
    expect(contract.text).toMatchObject({ length: 77, mask: 'attention_mask' })
    expect(warnings).toEqual([expect.stringMatching(/^X-CLIP moves each text/)])
  })

  it('of MobileCLIP as Apple publishes it, with OpenCLIP’s file', async () => {
    const { contract } = await described(published.appleMobileClip)
    expect(contract.video).toMatchObject({
      size: { height: 256, width: 256 },
      framing: { fit: 'crop', shorterSide: 256, interpolation: 'bilinear' },
      mean: [0, 0, 0],
      std: [1, 1, 1],
    })
    expect(contract.text).toMatchObject({ length: 77, padding: 'length', padId: 34 })
  })

  it('of a SigLIP in OpenCLIP’s files, in small letters', async () => {
    const { contract } = await described({
      ...published.openClip,
      tokenizer: 'siglip',
      tokenizerConfig: { pad_token: '</s>' },
      config: {
        ...published.openClip.config,
        text_cfg: { context_length: 64, no_causal_mask: true, hf_tokenizer_kwargs: { clean: 'canonicalize' } },
      },
      text: { ...published.openClip.text, length: 64 },
    })
    expect(contract.text).toMatchObject({ length: 64, padding: 'length', padId: 1, lowercase: true })
  })

  it('of OpenCLIP, with a folder for each tower', async () => {
    const { contract } = await described(published.openClip)
    expect(contract.video).toMatchObject({
      file: 'visual/model.onnx',
      input: 'image',
      output: 'embedding',
      framing: { fit: 'crop', shorterSide: 224, interpolation: 'bicubic' },
      mean: openAiMean,
    })
    expect(contract.text).toMatchObject({
      file: 'textual/model.onnx',
      tokenizer: 'textual/tokenizer.json',
      input: 'text',
      dtype: 'int32',
      length: 77,
    })
  })
})

describe('what the ONNX files say', () => {
  const clips: TinyFolder = { ...published.xclip, config: { model_type: 'mobileviclip' } }

  it.each([
    ['NTCHW', [1, 4, 3, 224, 224], 4],
    ['NCTHW', [1, 3, 16, 224, 224], 16],
    ['NTHWC', [1, 8, 224, 224, 3], 8],
    // Three frames of three channels: as the family has it.
    ['NTCHW', [1, 3, 3, 224, 224], 3],
  ] as const)('of a video tower: axes %s of %j', async (layout, shape, frames) => {
    const { contract } = await described({ ...clips, vision: { shape, outputs: ['output'] } })
    expect(contract.video).toMatchObject({ layout, output: 'output' })
    expect(contract.segment.framesPerClip).toBe(frames)
  })

  it('decides sizes where the preprocessor is silent: crop_size follows the tower', async () => {
    const { contract } = await described({
      ...published.clip,
      preprocessor: { ...published.clip.preprocessor, crop_size: undefined, size: 336 },
      vision: { shape: ['free', 3, 336, 336] },
    })
    expect(contract.video).toMatchObject({
      size: { height: 336, width: 336 },
      framing: { fit: 'crop', shorterSide: 336 },
    })
  })

  it('decides the length of texts where it is fixed', async () => {
    const { contract } = await described({ ...published.chineseClip, text: { length: 40 } })
    expect(contract.text).toMatchObject({ length: 40, padding: 'length', mask: null })
    // Free and without a mask: padding would be read.
    const free = await described({ ...published.chineseClip, text: {} })
    expect(free.contract.text).toMatchObject({ length: 52, padding: 'none' })
  })

  it('lets SigLIP read its padding where the tower has a mask', async () => {
    const { contract } = await described({
      ...published.siglip,
      text: { inputs: ['input_ids', 'attention_mask'], outputs: ['pooler_output'] },
    })
    expect(contract.text).toMatchObject({ mask: 'attention_mask', maskPadding: true })
  })
})

describe('variants', () => {
  const two = async () => {
    const folder = folderOfTest('hub')
    for (const variant of ['', '_fp16', '_quantized']) {
      await writeTinyFolder(folder, {
        ...published.clip,
        vision: { file: `onnx/vision_model${variant}.onnx`, dtype: variant === '_fp16' ? 'float16' : 'float32' },
        text: { file: `onnx/text_model${variant}.onnx` },
      })
    }
    return folder
  }

  it('are the plain ones unless another is asked for', async () => {
    const folder = await two()
    const plain = await describeHubFolder(folder, { variant: null })
    expect(plain.contract.video).toMatchObject({ file: 'onnx/vision_model.onnx', dtype: 'float32' })
    const half = await describeHubFolder(folder, { variant: 'FP16' })
    expect(half.contract.video).toMatchObject({ file: 'onnx/vision_model_fp16.onnx', dtype: 'float16' })
    expect(half.contract.text.file).toBe('onnx/text_model_fp16.onnx')
    expect(half.name).toBe(`${plain.name}-fp16`)
    await expect(describeHubFolder(folder, { variant: 'q4' })).rejects.toThrow(
      /has no variant ‘q4’ of both towers; it has plain, fp16, quantized: choose one of these with --variant\.$/,
    )
  })

  it('are found out where there is only one', async () => {
    const only = (variant: string): TinyFolder => ({
      ...published.clip,
      vision: { file: `onnx/vision_model_${variant}.onnx` },
      text: { file: `onnx/text_model_${variant}.onnx` },
    })
    const folder = await writeTinyFolder(folderOfTest('hub'), only('q4'))
    expect((await describeHubFolder(folder, { variant: null })).contract.text.file).toBe('onnx/text_model_q4.onnx')
    await writeTinyFolder(folder, only('int8'))
    await expect(describeHubFolder(folder, { variant: null })).rejects.toThrow(
      /has no plain towers but the variants (int8, q4|q4, int8); choose one with --variant/,
    )
  })
})

describe('where the files lie', () => {
  it('may be the folder itself, or the cache of Hugging Face', async () => {
    const cache = folderOfTest('hub')
    const snapshot = `${cache}/models--Xenova--clip-vit-base-patch32/snapshots/0a1b2c`
    await writeTinyFolder(snapshot, {
      ...published.clip,
      vision: { file: 'vision_model.onnx' },
      text: { file: 'text_model.onnx' },
      files: { '../../refs/main': '0a1b2c' },
    })
    for (const path of [snapshot, `${cache}/models--Xenova--clip-vit-base-patch32`]) {
      expect(await describeHubFolder(path, { variant: null })).toMatchObject({
        name: 'clip-vit-base-patch32',
        folder: snapshot,
        contract: { video: { file: 'vision_model.onnx' } },
      })
    }
  })
})
