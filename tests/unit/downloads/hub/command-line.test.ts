import { existsSync, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Download, Model } from '../../../../main/api/index.ts'
import { shippedModels } from '../../../../native-models/starter/shipped.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { commitOf, filesOf, HubStandIn } from '../../../support/hub.ts'
import { commandLine } from '../../../support/models/models.ts'
import { paint } from '../../models/dual-encoder/paint.ts'
import { published } from '../../models/hub-folder/published.ts'
import type { TinyFolder } from '../../models/hub-folder/tiny-folder.ts'
import { writeTinyFolder } from '../../models/hub-folder/tiny-folder.ts'

const stand = new HubStandIn()
let scratch: string

beforeAll(() => stand.listen())
afterAll(() => stand.close())
beforeEach(() => {
  scratch = folderOfTest('hub-command')
  vi.stubEnv('HF_ENDPOINT', stand.hub.url)
  vi.stubEnv('HF_TOKEN', '')
  vi.stubEnv('HF_HUB_OFFLINE', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** A SigLIP whose directions of colours lie around the middle of grey. */
const siglip: TinyFolder = {
  ...published.siglip,
  vision: { outputs: ['last_hidden_state', 'pooler_output'], shape: ['free', 3, 32, 32] },
  preprocessor: { ...published.siglip.preprocessor, size: { height: 32, width: 32 } },
}

async function offer(name: string, options: TinyFolder): Promise<void> {
  const folder = await writeTinyFolder(join(scratch, 'repository', name), options)
  stand.repositories.set(name, { commit: commitOf(name), files: filesOf(folder), licence: 'apache-2.0' })
}

it('downloads a model by its name, registers it and uses it: the next index and search are its own', async () => {
  const videos = join(scratch, 'videos')
  await mkdir(videos)
  await Promise.all([paint(join(videos, 'rose.mp4'), 'red'), paint(join(videos, 'meadow.mp4'), 'lime')])
  await offer('tester/siglip-tiny', siglip)
  const lfvila = commandLine(join(scratch, 'workspace'))
  const found = await lfvila<Download>('model', 'download', 'hf:tester/siglip-tiny')
  expect(found).toMatchObject({ id: 'hf:tester/siglip-tiny', models: ['siglip-tiny'] })
  const models = await lfvila<Model[]>('model', 'list')
  expect(models.find(({ inUse }) => inUse)).toMatchObject({
    id: 'siglip-tiny',
    source: `hf:tester/siglip-tiny@${commitOf('tester/siglip-tiny')}`,
  })
  expect(readdirSync(join(scratch, 'workspace/downloads/hub'))).toEqual([])

  expect(await lfvila('index', videos, '--device', 'cpu')).toMatchObject({ videos: 2, indexed: 2, failed: [] })
  const results = await lfvila<{ path: string }[]>('search', 'a GREEN, please!', '--device', 'cpu')
  expect(results[0]?.path).toBe(join(videos, 'meadow.mp4'))
})

it('registers nothing of towers that do not fit together, and says so of the repository', async () => {
  await offer('tester/two-sizes', { ...siglip, text: { dimension: 6 } })
  await offer('tester/no-pair', { ...siglip, text: { inputs: ['input_ids', 'pixel_values'] } })
  const lfvila = commandLine(join(scratch, 'workspace'))
  for (const [name, sentence] of [
    ['two-sizes', /hf:tester\/two-sizes.* gives vectors of 4 numbers and .* of 6/],
    ['no-pair', /hf:tester\/no-pair.* takes pictures and texts at once/],
  ] as const) {
    await expect(lfvila('model', 'download', `hf:tester/${name}`)).rejects.toThrow(sentence)
    const entries = await lfvila<Download[]>('model', 'download')
    expect(entries.find(({ id }) => id === `hf:tester/${name}`)).toMatchObject({ models: [] })
  }
  expect(
    readdirSync(join(scratch, 'workspace/models'))
      .filter(folder => !folder.startsWith('.'))
      .sort(),
  ).toEqual([...shippedModels].sort())
  expect(existsSync(join(scratch, 'workspace/downloads/hub/tester--two-sizes'))).toBe(true)
})
