import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { CachedFiles } from '../../main/storage/files/cached-files.ts'
import { openWorkbench } from '../../main/workbench/workbench.ts'
import type { Workbench } from '../../main/workbench/workbench.ts'
import { isDiskFull, untoldDiskFull } from '../../native-models/disk-full.ts'
import { shippedModels } from '../../native-models/starter/shipped.ts'
import { importing, writeTinyModel } from '../promises/support/tiny-model.ts'
import { commandLineWords } from '../support/child-program.ts'
import { folderOfFile } from '../support/folders.ts'
import { commandLine } from '../support/models/models.ts'
import { writeColourClasses } from '../support/videos/labelled-videos.ts'

/**
 * A disk that is full: written bytes are refused as the system refuses them, below a folder; no disk can be filled on
 * every machine. On Linux and macOS a limit on the size of files, which the system itself enforces, stands for it in a
 * process of its own.
 */
const full = vi.hoisted(() => ({ below: null as string | null }))
vi.mock('node:fs/promises', async original => {
  const actual = await original<typeof import('node:fs/promises')>()
  const refuse = (file: unknown): void => {
    if (full.below === null || !String(file).startsWith(full.below)) return
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
  return {
    ...actual,
    async open(...args: Parameters<typeof actual.open>) {
      if (args[1] !== undefined && args[1] !== 'r' && typeof args[1] === 'string') refuse(args[0])
      return actual.open(...args)
    },
    async appendFile(...args: Parameters<typeof actual.appendFile>) {
      refuse(args[0])
      return actual.appendFile(...args)
    },
    async writeFile(...args: Parameters<typeof actual.writeFile>) {
      refuse(args[0])
      return actual.writeFile(...args)
    },
  }
})

const home = folderOfFile('full-disk')
let workspace = ''
let workbench: Workbench | null = null
beforeAll(() => {
  workspace = join(home, 'workspace')
}, 120_000)
afterEach(async () => {
  full.below = null
  await workbench?.close()
  workbench = null
})

/** A command in a process whose files may have so many KiB. */
function limited(
  kibibytes: number,
  words: readonly string[],
): { readonly status: number | null; readonly sentence: string } {
  const line = [process.execPath, ...commandLineWords(), ...words, '--workspace', workspace]
  const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f ${kibibytes * 2}; exec "$@"`, 'sh', ...line], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  return {
    status,
    sentence:
      stderr
        .trim()
        .split(/[\r\n]+/)
        .at(-1) ?? '',
  }
}

// Windows has no such limit.
it.skipIf(process.platform === 'win32')(
  'refuses an import and an export in a sentence, leaves nothing, and does both when there is room',
  async () => {
    const lfvila = commandLine(workspace)
    const files = await writeTinyModel(home, 'pretrain-stage1')
    const models = () => readdirSync(join(workspace, 'models')).sort()
    await lfvila('model', 'list')
    // The weights have a mebibyte, everything else that is written is smaller.
    const refused = limited(512, importing(files, 'tiny'))
    expect(refused).toEqual({
      status: 1,
      sentence: expect.stringMatching(/^The disk that holds .*models takes no file so large, .*; use another one\.$/),
    })
    expect(models()).toEqual([...shippedModels].sort())
    expect(await lfvila(...importing(files, 'tiny'))).toMatchObject({ model: 'tiny' })

    const out = join(home, 'tiny.bin')
    const exporting = ['model', 'export', 'tiny', '--format', 'torch', '--out', out]
    expect(limited(512, exporting)).toEqual({
      status: 1,
      sentence: expect.stringMatching(/^The disk that .*tiny\.bin was to be written on takes no file so large/),
    })
    expect(readdirSync(home).filter(name => name.includes('tiny.bin'))).toEqual([])
    expect(await lfvila(...exporting)).toMatchObject({ path: out })
  },
  300_000,
)

it('tells of a run that the disk is full, though its record cannot say so, and goes on when there is room', async () => {
  const videos = join(home, 'videos')
  await writeColourClasses(videos, { train: 2, val: 1, test: 1 })
  workbench = await openWorkbench({ host: 'cli', version: 'test', workspace, demo: false, device: 'cpu' })
  const { client } = workbench
  const [preset] = (await client.training.presets()).filter(({ task }) => task === 'video-classification')
  const run = await client.training.start({
    name: 'full',
    model: 'starter',
    task: 'video-classification',
    preset: null,
    train: { what: 'heads' },
    clips: null,
    dataset: { folder: videos, videos: null, format: null, task: null, split: null },
    parameters: {
      ...preset!.parameters,
      epochs: 1,
      batchSize: 4,
      microBatchSize: 2,
      augment: false,
      stochastic: false,
    },
    seed: 1,
    validateEvery: 1,
    patience: null,
  })
  const folder = join(workspace, 'runs', run.id)
  full.below = folder
  await workbench.waitForJob(run.jobId ?? -1)
  const told = await client.training.info({ id: run.id })
  expect(told).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/is full; free some space and resume the run/),
  })
  // Another look says the same, and a new start is refused in a sentence and leaves no half of a run.
  expect(await client.training.info({ id: run.id })).toMatchObject({ state: 'failed', problem: told.problem })
  full.below = join(workspace, 'runs')
  await expect(client.training.start({ ...run.config, name: 'second' })).rejects.toMatchObject({
    code: 'EXPECTED',
    message: expect.stringMatching(/full/),
  })
  expect(readdirSync(join(workspace, 'runs'))).toEqual([run.id])

  full.below = null
  const resumed = await client.training.resume({ id: run.id })
  await workbench.waitForJob(resumed.jobId ?? -1)
  expect(await client.training.info({ id: run.id })).toMatchObject({ state: 'finished', problem: null })
}, 300_000)

it('shows what can be computed again, and says that it is not kept', async () => {
  const told: (string | null)[] = []
  const cached = new CachedFiles(home, problem => told.push(problem))
  const file = join(home, 'attention', 'a.attention')
  full.below = home
  await cached.write(file, Buffer.from('map'))
  expect(existsSync(file)).toBe(false)
  full.below = null
  await cached.write(file, Buffer.from('map'))
  expect(existsSync(file)).toBe(true)
  expect(told).toEqual([expect.stringMatching(/^There is no room for .*free some space\.$/), null])
})

it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('%s, wherever it comes from, is a sentence', code => {
  const error = Object.assign(new Error(`${code}: write`), { code, path: '/data/a.bin' })
  expect(isDiskFull(error)).toBe(true)
  expect(untoldDiskFull(error)?.message).toMatch(/^The disk of \/data\/a\.bin (is full|takes no file so large)[^.]*\.$/)
  expect(untoldDiskFull(new Error('another'))).toBeNull()
})
