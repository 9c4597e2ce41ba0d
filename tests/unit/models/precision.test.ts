import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Precision } from '../../../main/api/engine.ts'
import { probeDevices, select } from '../../../main/engine/devices/devices.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { compare } from '../../../main/models/parity-check/compare.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { ModelInUse } from '../../../main/models/registry/model-in-use.ts'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { readNpy } from '../../../main/verify/npy.ts'
import { emptyRegistry, startEngine, tinyA } from '../../support/models/models.ts'
import { thorough } from '../../support/sample.ts'

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

/** What int8 comes to on this processor, by the product's own measurement. */
const eightBits = select(
  { device: 'cpu', precision: 'int8' },
  await probeDevices({ launch: forkLauncher(), platform: 'linux' }),
).precision

describe('a model in another precision', () => {
  it.each([
    // Half precision has 11 bits; in 8 bits all activations of a layer share one range.
    { precision: 'fp16', cosine: 0.9995, relative: 2e-2 },
    { precision: 'int8', cosine: 0.995, relative: 0.2 },
    { precision: 'int7', cosine: 0.995, relative: 0.2 },
  ] as const)(
    '$precision gives nearly the embeddings that the published code computed',
    async ({ precision, cosine, relative }) => {
      // Without VNNI 8 bits overflow: the probe refuses them there, and int7 stands in.
      if (precision === 'int8' && eightBits !== 'int8') return expect(eightBits).toBe('int7')
      const { registry } = await emptyRegistry()
      await registry.import(tinyImport)
      const encoder = await registry.open('tiny-a', startEngine(), precision)
      const { global, clips } = await encoder.encodeVideo({
        dtype: 'uint8',
        data: syntheticVideo(11, [4, 32, 192, 320, 3], 1),
      })
      const [published, publishedClips] = await Promise.all([
        readNpy(join(tinyA, 'pretrain1/video_global_feat.npy')),
        readNpy(join(tinyA, 'pretrain1/video_local_feat.npy')),
      ])
      for (const [row, data] of [global, ...clips].entries()) {
        const expected =
          row === 0 ? published.data.slice(128, 256) : publishedClips.data.slice((3 + row) * 128, (4 + row) * 128)
        const difference = compare({ data }, { data: expected }, { tolerance: null, relativeTolerance: null })
        expect(difference.cosine).toBeGreaterThanOrEqual(cosine)
        expect(difference.maxRelDiff).toBeLessThanOrEqual(relative)
        // It is another computation, not fp32 under another name.
        expect(difference.maxAbsDiff).toBeGreaterThan(1e-5)
      }
    },
  )

  thorough('has embeddings of its own, and says how near they are', async () => {
    const { registry, folder } = await emptyRegistry()
    await registry.ensureShipped()
    const devices = { precision: 'fp32' as Precision, ready: () => Promise.resolve() }
    const model = await ModelInUse.open({ registry, engine: startEngine(), devices }, 'starter')
    const settings = { sampling: 'fast' as const, denseRate: 2 }
    const before = await model.encoder()
    const exact = embeddingKeys(model.identity, settings)
    expect((await registry.info('starter')).agreements).toEqual([])

    devices.precision = eightBits
    const after = await model.encoder()
    expect([before.precision, after.precision]).toEqual(['fp32', eightBits])
    expect(embeddingKeys(model.identity, settings)).not.toEqual(exact)
    const [agreement] = (await registry.info('starter')).agreements
    expect(agreement).toMatchObject({ precision: eightBits, device: 'cpu' })
    expect(agreement!.cosine).toBeGreaterThan(0.995)
    expect(agreement!.cosine).toBeLessThan(1)
    expect(await model.encoder()).toBe(after)

    // One that strays too far is refused with its figure.
    const file = join(folder, 'starter', 'agreements.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"cosine": [0-9.]+/, '"cosine": 0.91'))
    await expect(model.encoder()).rejects.toMatchObject({
      code: 'precision-agreement',
      message: expect.stringContaining('0.9100'),
    })
    devices.precision = 'fp32'
    expect((await model.encoder()).precision).toBe('fp32')
    expect(embeddingKeys(model.identity, settings)).toEqual(exact)
  })
})
