import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { ModelRegistry } from '../../../main/models/registry/registry.ts'
import { readNpy } from '../../../main/verify/npy.ts'
import { shippedModels } from '../../../native-models/starter/shipped.ts'
import { folderOfTest } from '../../support/folders.ts'
import { emptyRegistry, startEngine, tinyA } from '../../support/models/models.ts'

/** The models that ship, as they are listed. */
const shipped = [...shippedModels].sort()
const tinyImport = {
  weights: [join(tinyA, 'lfvila_pretrain_stage1.bin')],
  config: join(tinyA, 'model_config.json'),
  bertConfig: null,
  vocab: null,
  kind: null,
  name: 'tiny-a',
  init: null,
  resizeBias: null,
}

describe('importing a published checkpoint', () => {
  it('reports key by key and lists the model with the published number of parameters', async () => {
    const { registry } = await emptyRegistry()
    const progress: number[] = []
    const report = await registry.import(tinyImport, { onProgress: done => progress.push(done) })
    // 1672636 parameters and 270 keys: counted by the published code.
    expect(report).toMatchObject({ model: 'tiny-a', kind: 'pretrain-stage1', parameters: 1672636 })
    expect(report.taken + report.skipped.length).toBe(270)
    expect(report.skipped.map(({ key }) => key).sort()).toEqual([
      'sent_embedding.position_ids',
      'text_encoder.bert.embeddings.position_ids',
    ])
    // The decoder's bias is one weight under two keys.
    expect(progress).toEqual(Array.from({ length: report.weights.length }, (_, done) => done))

    const [model] = await registry.list()
    expect(model).toEqual(await registry.info('tiny-a'))
    expect(model).toMatchObject({
      id: 'tiny-a',
      trained: true,
      inUse: false,
      dimension: 128,
      localProjections: true,
      parameters: 1672636,
      video: {
        embedDim: 16,
        depths: [2, 2, 2, 2, 2, 2],
        heads: [1, 2, 2, 2, 2, 4],
        frames: 32,
        clips: 4,
        inputSize: [192, 320],
      },
      text: { hidden: 128, layers: 4, heads: 4, vocabulary: 500, tokens: 50, sentences: 4 },
    })
  })

  it('gives the embeddings that the published code computed', async () => {
    const { registry } = await emptyRegistry()
    await registry.import(tinyImport)
    const encoder = await registry.open('tiny-a', startEngine())
    const { global, clips } = await encoder.encodeVideo({
      dtype: 'uint8',
      data: syntheticVideo(11, [4, 32, 192, 320, 3], 1),
    })
    const published = await readNpy(join(tinyA, 'pretrain1/video_global_feat.npy'))
    const publishedClips = await readNpy(join(tinyA, 'pretrain1/video_local_feat.npy'))
    // Single precision through twelve blocks, on unit vectors; measured 1e-7.
    expectClose(global, published.data.subarray(128, 256), 1e-5)
    expectClose(
      clips.flatMap(clip => [...clip]),
      publishedClips.data.subarray(4 * 128, 8 * 128),
      1e-5,
    )
  })

  it('hashes weights and configuration: the same for the same, another for other weights', async () => {
    const { registry } = await emptyRegistry()
    await registry.import(tinyImport)
    await registry.import({ ...tinyImport, name: 'again' })
    await registry.import({ ...tinyImport, name: 'fewer', kind: 'retrieval' })
    const [again, fewer, tiny] = await registry.list()
    expect(again!.hash).toBe(tiny!.hash)
    expect(fewer!.hash).not.toBe(tiny!.hash)
    expect(fewer).toMatchObject({
      kind: 'retrieval',
      localProjections: false,
      evaluatedBy: 'retrieval',
      trainable: true,
      exportable: true,
      removable: true,
    })
  })

  it('without a vocabulary is registered, and reading text says which file is missing', async () => {
    const { registry } = await emptyRegistry()
    const { warnings } = await registry.import(tinyImport)
    const encoder = await registry.open('tiny-a', startEngine())
    expect(encoder.warnings.join()).toContain('--vocab')
    // Said at once, and of the model from then on.
    expect(warnings).toEqual([expect.stringMatching(/‘tiny-a’ has no vocabulary.*--vocab/)])
    expect(await registry.info('tiny-a')).toMatchObject({ warnings })
    await expect(encoder.encodeParagraph(['a dog runs'])).rejects.toMatchObject({
      code: 'vocabulary-missing',
      message: expect.stringContaining('--vocab'),
    })
  })

  it('names a model after its file when no name is given, never taking a name twice', async () => {
    const { registry } = await emptyRegistry()
    const ids = []
    for (let count = 0; count < 2; count++) ids.push((await registry.import({ ...tinyImport, name: null })).model)
    expect(ids).toEqual(['lfvila_pretrain_stage1', 'lfvila_pretrain_stage1-2'])
    await expect(registry.import({ ...tinyImport, name: 'lfvila_pretrain_stage1' })).rejects.toMatchObject({
      code: 'model-exists',
    })
  })
})

describe('the registry', () => {
  it('has the starter from the first start, the same in every workspace', async () => {
    const { registry } = await emptyRegistry()
    await registry.ensureShipped()
    await registry.ensureShipped()
    const other = new ModelRegistry(folderOfTest('models'))
    await other.ensureShipped()
    const models = await registry.list()
    expect(models.map(({ id }) => id)).toEqual(shipped)
    expect(models.some(({ removable }) => removable)).toBe(false)
    const model = models.find(({ inUse }) => inUse)
    expect(model).toMatchObject({ id: 'starter', inUse: true, trained: true })
    expect((await other.info('starter')).hash).toBe(model!.hash)
  })

  it('two processes that start at once make what ships once', async () => {
    const workspace = folderOfTest('models')
    await Promise.all([new ModelRegistry(workspace).ensureShipped(), new ModelRegistry(workspace).ensureShipped()])
    expect((await readdir(join(workspace, 'models'))).sort()).toEqual(shipped)
  })

  it('remembers the model in use, and falls back to the starter when it is removed', async () => {
    const { registry, folder } = await emptyRegistry()
    await registry.ensureShipped()
    await registry.import(tinyImport)
    expect(await registry.use('tiny-a')).toMatchObject({ id: 'tiny-a', inUse: true })
    expect(await new ModelRegistry(join(folder, '..')).inUse()).toBe('tiny-a')
    await registry.remove('tiny-a')
    expect(await registry.inUse()).toBe('starter')
    expect((await readdir(folder)).sort()).toEqual(['in-use', ...shipped])
  })

  it('replaces a starter of another version, and leaves a model of the user’s with its name', async () => {
    const { registry, folder } = await emptyRegistry()
    await registry.import({ ...tinyImport, name: 'starter' })
    const own = await registry.info('starter')
    await registry.ensureShipped()
    expect(await registry.info('starter')).toEqual(own)
    await registry.remove('starter')
    const shipped = await registry.info('starter')
    const record = join(folder, 'starter', 'model.json')
    const older = (await readFile(record, 'utf8'))
      .replace(/sha256 [0-9a-f]{8}/, 'sha256 00000000')
      .replace(shipped.hash, own.hash)
    await writeFile(record, older)
    await registry.ensureShipped()
    expect((await registry.info('starter')).hash).toBe(shipped.hash)
  })

  it('refuses what cannot be, naming it', async () => {
    const { registry } = await emptyRegistry()
    await registry.ensureShipped()
    const engine = startEngine()
    await expect(registry.info('nothing')).rejects.toMatchObject({
      code: 'model-unknown',
      message: expect.stringContaining('‘nothing’'),
    })
    await expect(registry.open('nothing', engine)).rejects.toMatchObject({ code: 'model-unknown' })
    await expect(registry.remove('nothing')).rejects.toMatchObject({ code: 'model-unknown' })
    await expect(registry.remove('starter')).rejects.toMatchObject({ code: 'model-fixed' })
    for (const id of ['../starter', 'a/b', '.hidden', '']) {
      await expect(registry.info(id)).rejects.toMatchObject({ code: 'model-name' })
    }
  })

  it('lists the sound models beside a damaged one, and deletes what a crash left behind', async () => {
    const { registry, folder } = await emptyRegistry()
    await registry.ensureShipped()
    await mkdir(join(folder, 'broken'))
    await writeFile(join(folder, 'broken', 'model.json'), '{"format":')
    const leftover = join(folder, '.unfinished-1')
    await mkdir(leftover)
    const longAgo = new Date(Date.now() - 48 * 3600 * 1000)
    await utimes(leftover, longAgo, longAgo)
    await registry.ensureShipped()
    expect((await registry.list()).map(({ id }) => id)).toEqual(shipped)
    await expect(registry.info('broken')).rejects.toMatchObject({ code: 'model-damaged' })
    expect(await readdir(folder)).not.toContain('.unfinished-1')
  })
})

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  const worst = Math.max(...Array.from(actual, (value, index) => Math.abs(value - expected[index]!)))
  expect(worst).toBeLessThanOrEqual(tolerance)
}
