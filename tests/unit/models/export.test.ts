import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExportInput } from '../../../main/api/index.ts'
import { exportInput, importInput } from '../../../main/api/models.ts'
import { exportModel } from '../../../main/models/export/export.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import type { ModelRegistry } from '../../../main/models/registry/registry.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { folderOfTest } from '../../support/folders.ts'
import { emptyRegistry, startEngine, tinyA } from '../../support/models/models.ts'
import { sample } from '../../support/sample.ts'

const file = (name: string) => join(tinyA, name)
const stage1 = file('lfvila_pretrain_stage1.bin')
const stage2 = [stage1, file('lfvila_pretrain_stage2.delta.bin')]
const checkpoints = {
  retrieval: [stage1],
  'pretrain-stage1': [stage1],
  'pretrain-stage2': stage2,
  'qa-classification': [...stage2, file('lfvila_qa_classification.delta.bin')],
  'qa-multichoice': [...stage2, file('lfvila_qa_multichoice.delta.bin')],
  'video-classification': [...stage2, file('lfvila_video_classification.delta.bin')],
} as const

let registry: ModelRegistry
let out: string
beforeEach(async () => {
  ;({ registry } = await emptyRegistry())
  out = folderOfTest('models')
})

const importTiny = (kind: keyof typeof checkpoints) =>
  registry.import(
    importInput.parse({ weights: [...checkpoints[kind]], config: file('model_config.json'), kind, name: 'tiny' }),
  )

async function write(input: Partial<ExportInput>, signal?: AbortSignal): Promise<string> {
  const path = input.path ?? join(out, 'model.bin')
  await exportModel(await registry.lfVila('tiny'), exportInput.parse({ id: 'tiny', format: 'torch', path, ...input }), {
    signal,
  })
  return path
}

/** The values of a checkpoint's keys; of several files, the last that has a key in the shape asked for. */
async function original(paths: readonly string[], key: string, shape: readonly number[]) {
  for (const path of paths.toReversed()) {
    const checkpoint = await openCheckpoint(path)
    try {
      const tensor = checkpoint.tensors.get(key)
      if (tensor && tensor.shape.join() === shape.join()) return await tensor.read()
    } finally {
      await checkpoint.close()
    }
  }
  return null
}

describe.each(['torch', 'safetensors'] as const)('exported as %s', format => {
  it.each(sample(Object.keys(checkpoints) as (keyof typeof checkpoints)[], format === 'torch' ? 6 : 2))(
    'a %s model has the keys, shapes and types of the published class, and the values it was imported with',
    async kind => {
      await importTiny(kind)
      const { config } = await registry.lfVila('tiny')
      for (const precision of ['fp32', 'fp16'] as const) {
        const checkpoint = await openCheckpoint(await write({ format, precision, overwrite: true }))
        const entries = stateDict(kind, config)
        const expected = entries.map(({ name, shape, role }) => [
          name,
          shape,
          role === 'table' ? 'int64' : precision === 'fp16' ? 'float16' : 'float32',
        ])
        const found = [...checkpoint.tensors].map(([name, { shape, dtype }]) => [name, shape, dtype])
        // Safetensors are ordered by alignment.
        expect(format === 'torch' ? found : found.sort(byName)).toEqual(
          format === 'torch' ? expected : expected.sort(byName),
        )
        for (const name of [
          'video_encoder.layers.5.blocks.1.mlp.fc2.weight',
          entries.at(-1)!.name,
          'video_encoder.layers.2.blocks.0.attn.relative_position_index',
        ]) {
          const entry = entries.find(one => one.name === name)!
          const values = await checkpoint.tensors.get(name)!.read()
          // All weights of the fixture are half-precision numbers.
          expect(values).toEqual(
            entry.role === 'table' ? entry.values() : await original(checkpoints[kind], name, entry.shape),
          )
        }
        await checkpoint.close()
      }
    },
  )
})

const byName = ([one]: unknown[], [other]: unknown[]): number => (String(one) < String(other) ? -1 : 1)

describe('a PyTorch file', () => {
  it('imports again as the same model', async () => {
    await importTiny('pretrain-stage1')
    const again = await registry.import(
      importInput.parse({ weights: [await write({})], config: file('model_config.json'), name: 'again' }),
    )
    expect(again).toMatchObject({ kind: 'pretrain-stage1', parameters: 1672636 })
    expect((await registry.info('again')).hash).toBe((await registry.info('tiny')).hash)
  })

  it('tells the windows of its bias tables, so that they can be resized in every axis', async () => {
    await importTiny('pretrain-stage1')
    const config = JSON.parse(await readFile(file('model_config.json'), 'utf8'))
    config.VideoEncoder.window_size[0] = [4, 6, 5]
    config.VideoEncoder.window_size[5] = [16, 3, 4]
    await writeFile(join(out, 'config.json'), JSON.stringify(config))
    const report = await registry.import(
      importInput.parse({
        weights: [await write({})],
        config: join(out, 'config.json'),
        bertConfig: file('bert_config.json'),
        resizeBias: 'full',
        name: 'wider',
      }),
    )
    const resized = report.weights.filter(({ how }) => how === 'resized')
    expect(resized.map(({ shape }) => shape)).toEqual([
      [7 * 11 * 9, 1],
      [7 * 11 * 9, 1],
      [31 * 5 * 7, 4],
      [31 * 5 * 7, 4],
    ])
    expect(resized[0]!.from).toContain('from windows of 2×3×5 to 4×6×5')
  })

  it('holds the one bias of the decoder once, and equal index tables once', async () => {
    await importTiny('retrieval')
    const bytes = await readFile(await write({ precision: 'fp16' }))
    const names = new Set(bytes.toString('latin1').match(/archive\/data\/\d+/g))
    const entries = stateDict('retrieval', (await registry.lfVila('tiny')).config)
    const storages = new Set(
      entries.map(entry => (entry.role === 'alias' ? entry.of : entry.role === 'table' ? entry.storage : entry.name)),
    )
    expect(names.size).toBe(storages.size)
    // PyTorch maps a storage into memory where it begins at a multiple of 64.
    for (const name of names) {
      const header = bytes.indexOf(name) - 30
      expect((header + 30 + name.length + bytes.readUInt16LE(header + 28)) % 64).toBe(0)
    }
  })
})

describe('a folder of ONNX programs', () => {
  it('gives the embeddings of the model, by the inputs and outputs that it documents', async () => {
    await importTiny('pretrain-stage1')
    const folder = await write({ format: 'onnx', path: join(out, 'onnx') })
    expect((await readdir(folder)).sort()).toEqual([
      'encode-text.onnx',
      'encode-video.onnx',
      'lfvila-onnx.json',
      'weights.safetensors',
    ])
    const described = JSON.parse(await readFile(join(folder, 'lfvila-onnx.json'), 'utf8'))
    expect(described).toMatchObject({ format: 'lfvila-onnx/1', kind: 'pretrain-stage1', tokensPerSentence: 50 })
    const [video] = described.programs
    expect(video.inputs).toEqual([
      { name: 'video', dtype: 'uint8', shape: [1, 32, 192, 320, 3], meaning: expect.stringContaining('RGB 0–255') },
    ])

    const engine = startEngine()
    const frames = syntheticVideo(11, [4, 32, 192, 320, 3], 1)
    const session = await engine.load(join(folder, video.file))
    const { videoGlobal } = await engine.run(session, {
      video: { dtype: 'uint8', dims: video.inputs[0].shape, data: frames },
    })
    const { global } = await (await registry.open('tiny', engine)).encodeVideo({ dtype: 'uint8', data: frames })
    // The encoder runs fused ops, whose sums have another order.
    for (const [index, value] of global.entries()) {
      expect(Math.abs((videoGlobal!.data as Float32Array)[index]! - value)).toBeLessThan(1e-5)
    }
  })

  it.each(sample(['qa-classification', 'qa-multichoice', 'video-classification'] as const, 1))(
    'of a %s model answers',
    async kind => {
      await importTiny(kind)
      const folder = await write({ format: 'onnx', path: join(out, 'onnx') })
      const [{ file: name, inputs, outputs }] = JSON.parse(
        await readFile(join(folder, 'lfvila-onnx.json'), 'utf8'),
      ).programs
      const engine = startEngine()
      const session = await engine.load(join(folder, name))
      const feeds = Object.fromEntries(
        inputs.map(({ name: input, dtype, shape }: { name: string; dtype: 'uint8' | 'int32'; shape: number[] }) => {
          const size = elementCount(shape)
          return [
            input,
            {
              dtype,
              dims: shape,
              data: dtype === 'uint8' ? new Uint8Array(size).fill(100) : new Int32Array(size).fill(1),
            },
          ]
        }),
      )
      const results = await engine.run(session, feeds)
      for (const { name: output, shape } of outputs) {
        expect(results[output]!.dims).toEqual(shape)
        expect((results[output]!.data as Float32Array).every(Number.isFinite)).toBe(true)
      }
      expect(results.logits!.dims).toEqual([1, kind === 'qa-multichoice' ? 4 : 7])
    },
  )
})

describe('what is at the path', () => {
  it('is replaced only when that is asked for, and a folder only if an export wrote it', async () => {
    await importTiny('retrieval')
    const path = join(out, 'model.bin')
    await writeFile(path, 'notes')
    await expect(write({ path })).rejects.toThrow(
      `${path} exists already; give another path, or replace it with --overwrite.`,
    )
    expect(await readFile(path, 'utf8')).toBe('notes')
    await write({ path, overwrite: true })
    const folder = join(out, 'things')
    await mkdir(folder)
    await writeFile(join(folder, 'notes.txt'), 'notes')
    await expect(write({ path: folder, overwrite: true })).rejects.toThrow('is a folder, but the export is a file')
    await expect(write({ format: 'onnx', path: folder, overwrite: true })).rejects.toThrow('no export has written')
    await write({ format: 'onnx', path: join(out, 'onnx') })
    await write({ format: 'onnx', path: join(out, 'onnx'), overwrite: true })
    expect((await readdir(out)).sort()).toEqual(['model.bin', 'onnx', 'things'])
  })

  it('loses what a crash left beside it at the next export', async () => {
    await importTiny('retrieval')
    await writeFile(join(out, '.model.bin.lfvila-export-new'), 'half a model')
    await write({})
    expect(await readdir(out)).toEqual(['model.bin'])
  })

  it('stays as it was when an export is cancelled midway', async () => {
    await importTiny('retrieval')
    const path = join(out, 'model.bin')
    await writeFile(path, 'notes')
    const cancel = new AbortController()
    const model = await registry.lfVila('tiny')
    const input = exportInput.parse({ id: 'tiny', format: 'torch', path, overwrite: true })
    await expect(
      exportModel(model, input, {
        signal: cancel.signal,
        onProgress: done => {
          if (done === 50) cancel.abort()
        },
      }),
    ).rejects.toThrow('abort')
    expect(await readFile(path, 'utf8')).toBe('notes')
    expect(await readdir(out)).toEqual(['model.bin'])
  })
})

it('half precision refuses a weight that it cannot hold, naming it', async () => {
  await importTiny('retrieval')
  const { folder } = await registry.lfVila('tiny')
  const weights = await readFile(join(folder, 'weights.safetensors'))
  const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE())).toString())
  weights.writeFloatLE(1e6, 8 + Number(weights.readBigUInt64LE()) + header['text_global_proj.bias'].data_offsets[0])
  await writeFile(join(folder, 'weights.safetensors'), weights)
  await expect(write({ precision: 'fp16' })).rejects.toThrow('text_global_proj.bias holds values beyond 65504')
  await expect(write({ precision: 'fp16', format: 'onnx', path: join(out, 'onnx') })).rejects.toThrow('written in fp32')
  expect(await readdir(out)).toEqual([])
})
