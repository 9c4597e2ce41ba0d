import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ImportInput } from '../../../../main/api/index.ts'
import type { ModelRegistry } from '../../../../main/models/registry/registry.ts'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { writeSafetensors } from '../../../../native-models/checkpoints/safetensors/safetensors.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry, tinyA } from '../../../support/models/models.ts'

const checkpoint = join(tinyA, 'lfvila_pretrain_stage1.bin')
const config = join(tinyA, 'model_config.json')
const input: ImportInput = {
  weights: [checkpoint],
  config,
  bertConfig: null,
  vocab: null,
  kind: null,
  name: 'candidate',
  init: null,
  resizeBias: null,
}

let registry: ModelRegistry
let folder: string
let files: string
beforeEach(async () => {
  ;({ registry, folder } = await emptyRegistry())
  files = folderOfTest('models')
})

/** The fixture's checkpoint with some tensors left out or replaced, as a safetensors file. */
async function changedCheckpoint(change: (name: string, values: Float32Array) => Float32Array | null): Promise<string> {
  const path = join(files, 'changed.safetensors')
  const original = await openCheckpoint(checkpoint)
  const tensors = []
  for (const [name, { shape, read }] of original.tensors) {
    const values = await read()
    const changed = values instanceof Float32Array ? change(name, values) : null
    if (changed) tensors.push({ name, shape, read: () => changed })
  }
  await writeSafetensors(path, tensors)
  await original.close()
  return path
}

/** The same with tensors of these types and bytes beside the others, or in the place of one. */
async function withTensors(
  more: Readonly<Record<string, { dtype: string; shape: readonly number[]; bytes: Uint8Array }>>,
): Promise<string> {
  const path = await changedCheckpoint((_name, values) => values)
  const whole = await readFile(path)
  const end = 8 + Number(whole.readBigUInt64LE())
  const header = JSON.parse(whole.toString('utf8', 8, end)) as Record<string, unknown>
  let at = whole.length - end
  for (const [name, { dtype, shape, bytes }] of Object.entries(more)) {
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(
    path,
    Buffer.concat([length, text, whole.subarray(end), ...Object.values(more).map(({ bytes }) => bytes)]),
  )
  return path
}

async function refusal(change: Partial<ImportInput>): Promise<{ code: string; message: string }> {
  const error = await registry.import({ ...input, ...change }).then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ name: 'ExpectedError' })
  // Whatever was wrong, nothing half-made is left.
  expect(await readdir(folder)).toEqual([])
  return error as { code: string; message: string }
}

describe('a checkpoint is refused', () => {
  it('when the file is none, with its path', async () => {
    const noise = join(files, 'notes.bin')
    await writeFile(noise, 'These are my notes, not weights.')
    expect((await refusal({ weights: [noise] })).message).toContain(noise)
    expect((await refusal({ weights: [join(files, 'missing.bin')] })).message).toContain('missing.bin')
    const half = join(files, 'half.bin')
    await writeFile(half, (await readFile(checkpoint)).subarray(0, 1_000_000))
    expect((await refusal({ weights: [checkpoint, half] })).message).toContain(half)
  })

  it('when the configuration belongs to another model, naming the first weight that does not fit', async () => {
    const other = join(files, 'model_config.json')
    const changed = JSON.parse(await readFile(config, 'utf8'))
    changed.VideoEncoder.embed_dim = 32
    await writeFile(other, JSON.stringify(changed))
    const bert = join(files, 'bert_config.json')
    await writeFile(
      bert,
      JSON.stringify({ ...JSON.parse(await readFile(join(tinyA, 'bert_config.json'), 'utf8')), hidden_size: 256 }),
    )
    const { code, message } = await refusal({ config: other, bertConfig: bert })
    expect(code).toBe('weights-shape')
    expect(message).toMatch(/patch_embed\.proj\.weight has the shape \[16, 3, 1, 8, 8\].*asks for \[32, 3, 1, 8, 8\]/)
  })

  it.each(['I64', 'BOOL', 'F8_E4M3', 'F8_E5M2'])('when a weight is of the type %s, saying so', async dtype => {
    const name = 'video_encoder.norm.bias'
    const bytes = new Uint8Array(128 * (dtype === 'I64' ? 8 : 1))
    const { message } = await refusal({ weights: [await withTensors({ [name]: { dtype, shape: [128], bytes } })] })
    expect(message).toContain(
      `${name} ${dtype.startsWith('F8') ? `cannot be read as a weight: a tensor of the type ${dtype}` : 'holds integers'}`,
    )
  })

  it('when the video encoder does not give the hidden size of the configuration, with both', async () => {
    const bert = join(files, 'bert_config.json')
    const other = {
      ...(JSON.parse(await readFile(join(tinyA, 'bert_config.json'), 'utf8')) as object),
      hidden_size: 64,
    }
    await writeFile(bert, JSON.stringify(other))
    expect((await refusal({ bertConfig: bert })).message).toMatch(
      /the video encoder gives 128 channels \(embed_dim 16.*hidden_size of the BERT configuration is 64/,
    )
  })

  it('when a weight is missing, naming it', async () => {
    const path = await changedCheckpoint((name, values) => (name.includes('layers.3.blocks.1.mlp') ? null : values))
    expect(await refusal({ weights: [path] })).toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('video_encoder.layers.3.blocks.1.mlp.fc1'),
    })
  })

  it('when a value is not a number, naming the weight', async () => {
    for (const bad of [NaN, Infinity]) {
      const path = await changedCheckpoint((name, values) => {
        if (name === 'text_global_proj.weight') values[77] = bad
        return values
      })
      expect(await refusal({ weights: [path] })).toMatchObject({
        code: 'weights-nan',
        message: expect.stringContaining('text_global_proj.weight'),
      })
    }
  })

  it('when it is a part that belongs over another checkpoint, or has its keys in another module', async () => {
    expect((await refusal({ weights: [join(tinyA, 'lfvila_qa_multichoice.delta.bin')] })).message).toMatch(
      /as in text_encoder\.classifier.*give its base before it/,
    )
    const path = join(files, 'module.safetensors')
    await writeSafetensors(path, [
      { name: 'trunk.video_encoder.norm.weight', shape: [2], read: () => new Float32Array(2) },
    ])
    expect(await refusal({ weights: [path] })).toMatchObject({
      code: 'weights-foreign',
      message: expect.stringContaining('as in trunk.video_encoder.norm.weight'),
    })
  })

  it('when it is BERT alone', async () => {
    const path = join(files, 'bert.safetensors')
    await writeSafetensors(path, [
      { name: 'bert.embeddings.word_embeddings.weight', shape: [2, 2], read: () => new Float32Array(4) },
    ])
    expect(await refusal({ weights: [path] })).toMatchObject({
      code: 'weights-foreign',
      message: expect.stringContaining('BERT'),
    })
  })
})

describe('a configuration is refused', () => {
  it('when it is no configuration, or names a BERT configuration that is not there', async () => {
    const path = join(files, 'config.yaml')
    for (const content of ['just a sentence', 'a: [1, 2', '']) {
      await writeFile(path, content)
      expect((await refusal({ config: path })).message).toContain(content.includes('[') ? 'BERT configuration' : path)
    }
    await writeFile(path, 'bert_config: "src/configs/bert_large_config.json"')
    expect((await refusal({ config: path })).message).toMatch(/bert_large_config\.json.*--bert-config/)
  })
})

describe('a vocabulary is refused', () => {
  it.each([
    ['larger', 600],
    ['smaller by more than the padding of an embedding,', 368],
  ])('when it is %s than the model’s', async (_, words) => {
    const vocab = join(files, 'words.txt')
    await writeFile(
      vocab,
      ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...Array.from({ length: words }, (_, word) => `word${word}`)].join('\n'),
    )
    expect(await refusal({ vocab })).toMatchObject({
      code: 'vocabulary-size',
      message: expect.stringMatching(RegExp(`${words + 4} entries.*500.*--vocab`)),
    })
  })
})

describe('a configuration as published', () => {
  it('in YAML with flow mappings, a repeated key and a BERT configuration of another folder is read', async () => {
    const yaml = join(files, 'task.yaml')
    await writeFile(
      yaml,
      `VideoEncoder: {
    "patch_size": [1,8,8],
    "embed_dim": 16,
    "depths":[2, 2, 2, 2, 2, 2],
    "downsample_stages":[0, 1, 4],
    "num_heads":[1, 2, 2, 2, 2, 4],
    "window_size":[[2,3,5],[4,3,5],[8,3,5],[16,3,5],[16,3,5],[32,3,5]], #time, h, w
    "patch_norm": True,
    "local_window": 8
}
bert_config: "somewhere/else/bert_config.json"
type_vocab_size: 8
num_local_layers: 2
stage1_layers: 4
DATA:
    NUM_WORKERS: 6
    NUM_WORKERS: 6
    sample_frame: 32
    sample_clip: 4
    input_res: [192, 320]
deepspeed_config: {
    "fp16": {
      "enabled": true
  },
}
`,
    )
    await writeFile(join(files, 'bert_config.json'), await readFile(join(tinyA, 'bert_config.json')))
    await registry.import({ ...input, config: yaml })
    await registry.import({ ...input, name: 'from-json' })
    const [fromYaml, fromJson] = await registry.list()
    expect(fromYaml!.hash).toBe(fromJson!.hash)
  })
})

it.each([
  ['F16', 2, 0x3c00],
  ['BF16', 2, 0x3f80],
  ['F64', 8, null],
] as const)('a weight of the type %s is taken by its value', async (dtype, size, one) => {
  const bytes = Buffer.alloc(128 * size)
  for (let at = 0; at < 128; at++) {
    if (one === null) bytes.writeDoubleLE(1, at * size)
    else bytes.writeUInt16LE(one, at * size)
  }
  const path = await withTensors({ 'video_encoder.norm.bias': { dtype, shape: [128], bytes } })
  await registry.import({ ...input, weights: [path] })
  const model = await openCheckpoint(join(folder, 'candidate', 'weights.safetensors'))
  expect(await model.tensors.get('video_encoder.norm.bias')!.read()).toEqual(new Float32Array(128).fill(1))
  await model.close()
})

it('tensors of any type beside the weights are skipped and listed', async () => {
  const types = { I64: 8, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1, F16: 2, BF16: 2, F64: 8, U8: 1 }
  const entries = Object.entries(types).map(
    ([dtype, size]) => [`other.${dtype}`, { dtype, shape: [3], bytes: new Uint8Array(3 * size) }] as const,
  )
  const { skipped, taken } = await registry.import({
    ...input,
    weights: [await withTensors(Object.fromEntries(entries))],
  })
  for (const [name] of entries) {
    expect(
      skipped.filter(({ key }) => key === name),
      name,
    ).toHaveLength(1)
  }
  expect(taken).toBeGreaterThan(200)
})
