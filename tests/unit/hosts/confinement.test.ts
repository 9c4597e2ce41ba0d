import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeRedirectPage, writeRedirectPage } from '../../../main/hosts/server/redirect-page.ts'
import { openWorkspace } from '../../../main/storage/workspace.ts'
import { assertExportPath } from '../../../main/workbench/exports/confinement.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../main/workbench/workbench.ts'
import { folderOfFile } from '../../support/folders.ts'

const folder = folderOfFile('confined')
const at = (...names: string[]): string => join(folder, ...names)
const labelled = { folder: at('labelled'), videos: null, format: null, task: null, split: null }

describe('a served window', () => {
  let workbench: Workbench
  const open = (host: 'server' | 'cli', exportFolder?: string) =>
    openWorkbench({ host, version: 'test', workspace: at('workspace'), exportFolder, demo: false, runJobs: false })
  beforeAll(async () => {
    workbench = await open('server')
  }, 120_000)
  afterAll(() => workbench.close())

  it.each(['ffmpeg', 'ffprobe'] as const)('cannot name %s, which the workbench would run', async tool => {
    const program = at('program')
    writeFileSync(program, `#!/bin/sh\ntouch ${at('it-ran')}\n`, { mode: 0o755 })
    await expect(workbench.client.app.changeSettings({ [tool]: program, denseRate: 3 })).rejects.toMatchObject({
      code: 'EXPECTED',
      message: expect.stringMatching(/LFVILA_FF(MPEG|PROBE)=PATH/),
    })
    expect(await workbench.client.app.settings()).toMatchObject({ [tool]: null, denseRate: 2 })
    expect(existsSync(at('it-ran'))).toBe(false)
    // What it does not change it may send back.
    await expect(workbench.client.app.changeSettings({ [tool]: null, theme: 'light' })).resolves.toMatchObject({
      theme: 'light',
    })
  })

  it('cannot name where embeddings lie, which would be written to', async () => {
    await expect(workbench.client.app.changeSettings({ vectorStore: at('elsewhere') })).rejects.toMatchObject({
      code: 'EXPECTED',
      message: expect.stringContaining('--store URI'),
    })
    expect(await workbench.client.app.settings()).toMatchObject({ vectorStore: null })
  })

  it('says so beforehand, and where exports go', async () => {
    expect(await workbench.client.app.info()).toMatchObject({
      confined: true,
      exportFolder: at('workspace', 'exports'),
    })
  })

  it('cannot replace a file of the user by an export', async () => {
    writeFileSync(at('notes.txt'), 'mine')
    mkdirSync(at('workspace', 'exports'), { recursive: true })
    symlinkSync(folder, at('workspace', 'exports', 'out'))
    symlinkSync(at('notes.txt'), at('workspace', 'exports', 'notes.bin'))
    for (const target of [
      at('notes.txt'),
      at('workspace', 'exports', '..', '..', 'notes.txt'),
      at('workspace', 'exports', 'out', 'notes.txt'),
      at('workspace', 'exports', 'notes.bin'),
      at('workspace', 'exports'),
      at('workspace', 'exports2', 'a'),
      'notes.txt',
    ]) {
      const refusal = { code: 'EXPECTED', message: expect.stringContaining('--export-dir') }
      await expect(
        workbench.client.models.export({ id: 'starter', format: 'torch', path: target, overwrite: true }),
        target,
      ).rejects.toMatchObject(refusal)
      await expect(
        workbench.client.training.exportJob({ id: 'any', folder: target, overwrite: true }),
        target,
      ).rejects.toMatchObject(refusal)
      await expect(
        workbench.client.datasets.exportAnnotations({ choice: labelled, as: 'csv', out: target, overwrite: true }),
        target,
      ).rejects.toMatchObject(refusal)
    }
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('mine')
  })

  it('may export below its folder', async () => {
    await expect(
      assertExportPath(at('workspace', 'exports', 'deep', 'model.bin'), { exportFolder: at('workspace', 'exports') }),
    ).resolves.toBeUndefined()
    await expect(
      assertExportPath(at('not-made-yet', 'model.bin'), { exportFolder: at('not-made-yet') }),
    ).resolves.toBeUndefined()
    const { jobId } = await workbench.client.models.export({
      id: 'starter',
      format: 'torch',
      path: at('workspace', 'exports', 'model.bin'),
    })
    expect((await workbench.client.jobs.list()).find(({ id }) => id === jobId)?.state).toBe('queued')
    mkdirSync(labelled.folder)
    const row = { clip_id: 'a', text: ['A dog runs.'], start: 1, end: 2.5 }
    writeFileSync(at('labelled', 'test.jsonl'), JSON.stringify(row))
    const out = at('workspace', 'exports', 'moments.csv')
    const counts = { spans: 1, added: 1, untimed: 0, problems: [] }
    expect(await workbench.client.datasets.exportAnnotations({ choice: labelled, as: 'csv', out })).toMatchObject({
      ...counts,
      labellingInterface: null,
    })
    expect(readFileSync(out, 'utf8')).toContain('a,1,2.5,A dog runs.')
    const tasks = at('workspace', 'exports', 'tasks.json')
    const project = { choice: { ...labelled, frameRate: 25 }, as: 'label-studio', out: tasks } as const
    expect(await workbench.client.datasets.exportAnnotations(project)).toMatchObject({
      ...counts,
      labellingInterface: expect.stringContaining('frameRate="25"'),
    })
  })
})

describe.skipIf(process.platform === 'win32')('other users of the machine (Windows has no modes)', () => {
  const mode = (...names: string[]): number => statSync(at(...names)).mode & 0o077

  it('cannot look into a workspace, nor into one that an earlier version made', () => {
    openWorkspace(at('new'))
    expect([mode('new'), mode('new', 'models')]).toEqual([0, 0])
    mkdirSync(at('old', 'vectors'), { recursive: true })
    writeFileSync(at('old', 'library.db'), '', { mode: 0o644 })
    for (const name of ['old', join('old', 'vectors')]) chmodSync(at(name), 0o755)
    openWorkspace(at('old'))
    expect([mode('old'), mode('old', 'vectors'), mode('old', 'library.db')]).toEqual([0, 0, 0])
  })

  it('keep their way into a folder that holds other things too', () => {
    mkdirSync(at('home', 'videos'), { recursive: true })
    for (const name of ['home', join('home', 'videos')]) chmodSync(at(name), 0o755)
    openWorkspace(at('home'))
    expect([mode('home'), mode('home', 'videos'), mode('home', 'models')]).toEqual([0o055, 0o055, 0])
  })

  it('see no token: a browser is given a page that only the owner can read', async () => {
    const page = await writeRedirectPage(at('new'), 'http://127.0.0.1:4321/?token=secret')
    expect(page).not.toContain('secret')
    expect(statSync(page).mode & 0o777).toBe(0o600)
    expect(readFileSync(page, 'utf8')).toContain('url=http://127.0.0.1:4321/?token=secret')
    await removeRedirectPage(at('new'))
    expect(readdirSync(at('new'))).not.toContain('open-window.html')
  })
})
