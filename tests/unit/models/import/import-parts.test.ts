import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ImportInput, ImportReport } from '../../../../main/api/index.ts'
import { importInput } from '../../../../main/api/models.ts'
import type { ModelRegistry } from '../../../../main/models/registry/registry.ts'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { writeSafetensors } from '../../../../native-models/checkpoints/safetensors/safetensors.ts'
import type { TensorToWrite } from '../../../../native-models/checkpoints/safetensors/safetensors.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { emptyRegistry, tinyA } from '../../../support/models/models.ts'

const config = join(tinyA, 'model_config.json')
const swin = join(tinyA, '../swin2d/swin2d_tiny.fp16.pth')
const stage1 = join(tinyA, 'lfvila_pretrain_stage1.bin')
const stage2 = [stage1, join(tinyA, 'lfvila_pretrain_stage2.delta.bin')]
const segments = 'sent_embedding.segment_embeddings.weight'

let registry: ModelRegistry
let folder: string
let files: string
beforeEach(async () => {
  ;({ registry, folder } = await emptyRegistry())
  files = folderOfTest('models')
})

const run = (input: Partial<ImportInput>): Promise<ImportReport> =>
  registry.import(importInput.parse({ weights: [], config, ...input }))
const from = ({ weights }: ImportReport, key: string) => weights.find(one => one.key === key)

async function values(model: string, key: string): Promise<Float32Array> {
  const file = await openCheckpoint(join(folder, model, 'weights.safetensors'))
  try {
    return (await file.tensors.get(key)!.read()) as Float32Array
  } finally {
    await file.close()
  }
}

/** Tensors of a checkpoint as one safetensors file, under other names or with other values. */
async function rewritten(
  name: string,
  sources: readonly string[],
  change: (
    key: string,
    values: Float32Array,
    shape: readonly number[],
  ) => Pick<TensorToWrite, 'name' | 'shape' | 'read'> | null,
): Promise<string> {
  const tensors = new Map<string, Pick<TensorToWrite, 'name' | 'shape' | 'read'>>()
  for (const source of sources) {
    const checkpoint = await openCheckpoint(source)
    for (const [key, { shape, read }] of checkpoint.tensors) {
      const values = await read()
      const changed = values instanceof Float32Array ? change(key, values, shape) : null
      if (changed) tensors.set(changed.name, changed)
    }
    await checkpoint.close()
  }
  const path = join(files, name)
  await writeSafetensors(path, [...tensors.values()])
  return path
}

/** The text encoder of a checkpoint as a BERT checkpoint with the names of old files. */
const bertFile = () =>
  rewritten('bert.safetensors', stage2, (key, read, shape) =>
    key.startsWith('text_encoder.bert.') || (key.startsWith('text_encoder.cls.') && !key.endsWith('decoder.bias'))
      ? {
          name: key
            .slice('text_encoder.'.length)
            .replace('LayerNorm.weight', 'LayerNorm.gamma')
            .replace('LayerNorm.bias', 'LayerNorm.beta'),
          shape,
          read: () => read,
        }
      : null,
  )

describe('a checkpoint for pre-training, made of parts', () => {
  it('takes the video encoder from Swin, the text encoder from BERT and says what is random', async () => {
    const bert = await bertFile()
    const report = await run({
      init: { swin, bert, seed: 3, start: 'published' },
      kind: 'pretrain-stage1',
      name: 'parts',
    })
    expect(report).toMatchObject({ model: 'parts', kind: 'pretrain-stage1', parameters: 1672636, taken: 0 })
    expect(report.weights.every(({ how }) => how === 'initialised')).toBe(true)
    expect(from(report, 'video_encoder.layers.4.blocks.0.attn.qkv.weight')?.from).toBe(
      `${swin}: layers.2.blocks.4.attn.qkv.weight`,
    )
    expect(from(report, 'text_encoder.bert.embeddings.LayerNorm.weight')?.from).toBe(
      `${bert}: bert.embeddings.LayerNorm.gamma`,
    )
    // As the published code does when it starts from BERT's own weights.
    expect(from(report, 'sent_embedding.position_embeddings.weight')?.from).toBe(
      `${bert}: bert.embeddings.position_embeddings.weight`,
    )
    expect(from(report, 'text_encoder.seq_relationship.weight')?.from).toBe('random numbers, normal(0, 0.02), seed 3')
    expect(from(report, 'video_global_proj.weight')?.from).toBe('random numbers, uniform(±0.0884), seed 3')
    expect(from(report, 'sent_embedding.norm.weight')?.from).toBe('ones')
    expect(report.skipped).toContainEqual({
      key: 'head.weight',
      reason: `the classifier of the Swin transformer (${swin})`,
    })
    // Layers beyond the twelve, here four, of stage 1.
    expect(report.skipped).toContainEqual({
      key: 'bert.encoder.layer.5.output.dense.weight',
      reason: `not part of the text encoder (${bert})`,
    })
    // Its scores would mean nothing: the import says so; a list of models shows it as a fact of its own.
    expect(report.warnings).toContainEqual(expect.stringMatching(/random.*mean nothing/))
    expect(await registry.info('parts')).toMatchObject({ trained: false, warnings: report.warnings.slice(1) })
  })

  it('has random weights of the published deviation, the same for the same seed', async () => {
    await run({ init: { swin: null, bert: null, seed: 0, start: 'published' }, kind: 'pretrain-stage2', name: 'one' })
    await run({ init: { swin: null, bert: null, seed: 0, start: 'published' }, kind: 'retrieval', name: 'two' })
    await run({ init: { swin: null, bert: null, seed: 1, start: 'published' }, kind: 'retrieval', name: 'three' })
    const key = 'text_encoder.bert.embeddings.word_embeddings.weight'
    const [one, two, three] = [await values('one', key), await values('two', key), await values('three', key)]
    expect(two).toEqual(one)
    expect(three).not.toEqual(one)
    expect(one.subarray(0, 128).every(value => value === 0)).toBe(true)
    const deviation = Math.sqrt(one.subarray(128).reduce((sum, value) => sum + value * value, 0) / (one.length - 128))
    // 64,000 numbers: the deviation of their deviation is 0.3 %.
    expect(deviation / 0.02).toBeCloseTo(1, 1)
  })

  it('with random weights scaled to its widths tells distances in time apart from the first step on', async () => {
    const init = { swin: null, bert: null, seed: 0, start: 'scaled' as const }
    const report = await run({ init, kind: 'retrieval', name: 'scaled' })
    expect(from(report, segments)?.from).toBe('random numbers, normal(0, 0.7), seed 0')
    const dense = 'text_encoder.bert.encoder.layer.0.intermediate.dense.weight'
    const deviation = Math.sqrt(
      (await values('scaled', dense)).reduce((sum, value, _, { length }) => sum + value ** 2 / length, 0),
    )
    expect(deviation * Math.sqrt(128)).toBeCloseTo(1, 1)

    const [frames, rows, columns] = [4, 3, 5]
    const heads = 2
    const name = 'video_encoder.layers.1.blocks.0.attn.relative_position_bias_table'
    const table = await values('scaled', name)
    const inSpace = (2 * rows - 1) * (2 * columns - 1)
    const byTime = Array.from({ length: 2 * frames - 1 }, (_, time) =>
      Array.from({ length: inSpace }, (_, space) =>
        table
          .slice((time * inSpace + space) * heads)
          .slice(0, heads)
          .join(),
      ),
    )
    for (const inSpace of byTime) expect(new Set(inSpace).size).toBe(1)
    expect(new Set(byTime.flat()).size).toBe(2 * frames - 1)
    expect(from(report, name)?.from).toBe('random numbers, normal(0, 1) for each head and distance in time, seed 0')
  })

  it('without a kind, and with a BERT of another size, is refused', async () => {
    await expect(run({ init: { swin, bert: null, seed: 0, start: 'published' } })).rejects.toThrow('--kind')
    const bert = await rewritten('small.safetensors', stage2, (key, read, shape) =>
      key.startsWith('text_encoder.bert.')
        ? {
            name: key.slice('text_encoder.'.length),
            shape: key.includes('word_embeddings') ? [250, 256] : shape,
            read: () => read,
          }
        : null,
    )
    await expect(run({ init: { swin: null, bert, seed: 0, start: 'published' }, kind: 'retrieval' })).rejects.toThrow(
      'bert.embeddings.word_embeddings.weight has the shape [250, 256], but text_encoder.bert.embeddings.word_embeddings.weight needs [500, 128]',
    )
    await expect(
      run({ init: { swin: stage1, bert: null, seed: 0, start: 'published' }, kind: 'retrieval' }),
    ).rejects.toThrow('0 blocks')
  })
})

describe('a checkpoint of several files', () => {
  it('takes later files over earlier ones, and says which were replaced', async () => {
    const newer = await rewritten('newer.safetensors', [stage1], (key, read, shape) =>
      key.startsWith('text_global_proj') ? { name: key, shape, read: () => read.map(value => value + 1) } : null,
    )
    const report = await run({ weights: [stage1, newer], name: 'both' })
    expect(from(report, 'text_global_proj.bias')).toMatchObject({ how: 'taken', from: newer })
    expect(from(report, 'video_global_proj.bias')).toMatchObject({ how: 'taken', from: stage1 })
    expect(report.skipped).toContainEqual({ key: 'text_global_proj.bias', reason: `replaced by ${newer} (${stage1})` })
    const original = await openCheckpoint(stage1)
    const bias = (await original.tensors.get('text_global_proj.bias')!.read()) as Float32Array
    await original.close()
    expect(await values('both', 'text_global_proj.bias')).toEqual(bias.map(value => value + 1))
  })

  it.each([
    ['pretrain-stage2', [], 1942716],
    ['qa-classification', ['lfvila_qa_classification.delta.bin'], 1796045],
    ['qa-multichoice', ['lfvila_qa_multichoice.delta.bin'], 1795529],
    ['video-classification', ['lfvila_video_classification.delta.bin'], 881229],
  ] as const)('is a %s model with the published number of parameters', async (kind, delta, parameters) => {
    const report = await run({ weights: [...stage2, ...delta.map(file => join(tinyA, file))], name: 'model' })
    expect(report).toMatchObject({ kind, parameters })
    // The fixture's configuration has seven labels.
    expect(await registry.info('model')).toMatchObject({
      kind,
      parameters,
      trained: true,
      labels: kind.endsWith('-classification') ? 7 : null,
    })
    await registry.remove('model')
    expect(await registry.list()).toEqual([])
  })
})

describe('weights of another shape', () => {
  it('segment embeddings of fewer sentences are extended, as in the published code', async () => {
    const fewer = await rewritten('fewer.safetensors', [stage1], (key, read, shape) =>
      key === segments
        ? { name: key, shape: [5, 128], read: () => read.slice(0, 5 * 128) }
        : { name: key, shape, read: () => read },
    )
    const report = await run({ weights: [fewer], name: 'extended' })
    expect(from(report, segments)).toMatchObject({
      how: 'extended',
      shape: [8, 128],
      from: `${fewer}, rows 6 to 8 random numbers, normal(0, 1), seed 0`,
    })
    const [extended, whole] = [
      await values('extended', segments),
      await (async () => {
        await run({ weights: [stage1], name: 'whole' })
        return values('whole', segments)
      })(),
    ]
    expect(extended.slice(0, 5 * 128)).toEqual(whole.slice(0, 5 * 128))
    expect(extended).toHaveLength(8 * 128)
  })

  it('a head of another number of labels is made anew when that is asked for, and refused otherwise', async () => {
    const other = join(files, 'model_config.json')
    const changed = JSON.parse(await readFile(config, 'utf8'))
    changed.DATA.classification_labels = 3
    await writeFile(other, JSON.stringify(changed))
    const weights = [...stage2, join(tinyA, 'lfvila_qa_classification.delta.bin')]
    const input = { weights, config: other, bertConfig: join(tinyA, 'bert_config.json') }
    await expect(run(input)).rejects.toThrow(
      'text_encoder.classifier.weight has the shape [7, 128], but the configuration asks for [3, 128]',
    )
    const report = await run({ ...input, init: { swin: null, bert: null, seed: 0, start: 'published' }, name: 'anew' })
    expect(from(report, 'text_encoder.classifier.weight')).toMatchObject({ how: 'initialised', shape: [3, 128] })
    expect(report.weights.filter(({ how }) => how === 'initialised')).toHaveLength(2)
    expect(await registry.info('anew')).toMatchObject({ trained: false })
  })

  it('the number of labels is the checkpoint’s where the configuration names none', async () => {
    const other = join(files, 'model_config.json')
    const changed = JSON.parse(await readFile(config, 'utf8'))
    delete changed.DATA.classification_labels
    await writeFile(other, JSON.stringify(changed))
    const report = await run({
      weights: [...stage2, join(tinyA, 'lfvila_qa_classification.delta.bin')],
      config: other,
      bertConfig: join(tinyA, 'bert_config.json'),
    })
    expect(from(report, 'text_encoder.classifier.weight')?.shape).toEqual([7, 128])
  })

  it('bias tables of other windows are resized only when that is asked for', async () => {
    const other = join(files, 'model_config.json')
    const changed = JSON.parse(await readFile(config, 'utf8'))
    changed.VideoEncoder.window_size[0] = [4, 3, 5]
    await writeFile(other, JSON.stringify(changed))
    const input = { weights: [stage1], config: other, bertConfig: join(tinyA, 'bert_config.json'), name: 'wider' }
    const table = 'video_encoder.layers.0.blocks.1.attn.relative_position_bias_table'
    await expect(run(input)).rejects.toThrow(
      /has the shape \[135, 1\], but the configuration asks for \[315, 1\];.* --resize-bias/,
    )
    const report = await run({ ...input, resizeBias: 'time' })
    expect(from(report, table)).toMatchObject({
      how: 'resized',
      shape: [315, 1],
      from: `${stage1}, resized from windows of 2×3×5 to 4×3×5`,
    })
    expect(report.weights.filter(({ how }) => how === 'resized')).toHaveLength(2)
    expect(await values('wider', table)).toHaveLength(315)
    // Without the index tables of a full checkpoint the windows' other axes are not known.
    await expect(run({ ...input, name: 'full', resizeBias: 'full' })).rejects.toThrow('--resize-bias time')
  })
})
