import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../../main/api/jobs.ts'
import type { Model } from '../../../main/api/models.ts'
import { diagnose } from '../../../main/diagnostics/diagnose.ts'
import type { Diagnosed } from '../../../main/diagnostics/findings.ts'
import { withoutPaths } from '../../../main/diagnostics/without-paths.ts'
import { configureExecutables } from '../../../main/media/ffmpeg/executables.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { defaultSettings } from '../../../main/storage/settings.ts'
import { folderOfTest } from '../../support/folders.ts'

const job = {
  id: 1,
  kind: 'index',
  title: 'Index Holiday in Rome.mp4',
  state: 'failed',
  failures: [],
  problem: '/home/ada/My videos/Holiday in Rome.mp4 cannot be read.',
  createdAt: 1_700_000_000_000,
} as unknown as Job

function diagnosed(folder: string, changes: Partial<Diagnosed> = {}): Diagnosed {
  return {
    info: {
      version: '1.2.3',
      host: 'cli',
      workspace: folder,
      platform: 'linux',
      nativeDialogs: false,
      updates: false,
      confined: false,
      exportFolder: folder,
    },
    logFile: join(folder, 'workbench.log'),
    database: openDatabase(join(folder, 'library.db')),
    settings: () => defaultSettings,
    devices: async () => [
      { id: 'cpu', provider: 'CPU', name: 'A processor', usable: true, reason: null, trials: [] },
      { id: 'cuda', provider: 'NVIDIA CUDA', name: 'CUDA', usable: false, reason: 'no driver', trials: [] },
    ],
    status: () => ({ state: 'idle', device: 'cpu', fallback: null, memory: null, restarts: 0 }),
    models: async () => [{ id: 'starter', inUse: true, trained: true } as Model],
    jobs: () => [],
    ...changes,
  }
}

/** How full the disk is and what its ffmpeg can do is a matter of the machine. */
const ofThisMachine = ['space', 'ffmpeg']

const stateOf = async (changes: Partial<Diagnosed>, subject: string) =>
  (await diagnose(diagnosed(folderOfTest(`doctor-${subject}`), changes), { paths: true })).findings.find(
    finding => finding.subject === subject,
  )

describe('a diagnosis', () => {
  it('finds nothing where nothing is', async () => {
    const { findings, report } = await diagnose(diagnosed(folderOfTest('doctor')), { paths: true })
    expect(findings.filter(({ state, subject }) => state !== 'fine' && !ofThisMachine.includes(subject))).toEqual([])
    expect(report).toContain('[fine] database: The database is whole.')
    expect(report).toContain('cuda (CUDA): refused; no driver')
  })

  it('names what is not as it should be, and goes on with the rest', async () => {
    expect(await stateOf({ models: async () => [] }, 'model')).toMatchObject({ state: 'fault' })
    expect(await stateOf({ jobs: () => [job] }, 'jobs')).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('1 of 1 jobs failed'),
    })
    const broken = { prepare: () => ({ all: () => [{ quick_check: 'row 1 missing from index' }] }) }
    expect(await stateOf({ database: broken as never }, 'database')).toMatchObject({
      state: 'fault',
      text: expect.stringContaining('row 1 missing from index'),
    })
    const refusing = {
      prepare: () => {
        throw new Error('file is not a database')
      },
    }
    expect(await stateOf({ database: refusing as never }, 'database')).toEqual({
      subject: 'database',
      state: 'fault',
      text: 'file is not a database',
    })
  })

  it('tells a program that is missing as the page would', async () => {
    configureExecutables({ ffmpeg: '/nowhere/ffmpeg' })
    try {
      expect(await stateOf({}, 'ffmpeg')).toMatchObject({
        state: 'fault',
        text: expect.stringContaining('the settings name /nowhere/ffmpeg'),
      })
    } finally {
      configureExecutables({})
    }
  })

  it('tells errors of the log, and what of them is recent', async () => {
    const folder = folderOfTest('doctor-log')
    const entry = (time: number) => `${JSON.stringify({ level: 50, time, msg: 'a job failed' })}\n`
    writeFileSync(join(folder, 'workbench.log'), entry(1_600_000_000_000) + entry(Date.now()))
    const { findings } = await diagnose(diagnosed(folder), { paths: true })
    expect(findings.find(({ subject }) => subject === 'log')?.text).toMatch(/^1 errors in the last seven days/)
  })

  it('leaves out of a report what tells whose machine it is of, when asked to', async () => {
    const folder = folderOfTest('doctor-paths')
    const all = await diagnose(diagnosed(folder, { jobs: () => [job] }), { paths: true })
    expect(all.report).toContain('Holiday in Rome')
    expect(all.report).toContain(folder)
    const { report } = await diagnose(diagnosed(folder, { jobs: () => [job] }), { paths: false })
    for (const secret of ['Holiday', 'Rome', 'ada', 'My videos', folder, homedir()]) {
      expect(report).not.toContain(secret)
    }
    expect(report).toContain('index · failed · <path>.mp4 cannot be read.')
  })
})

it.each([
  ['/home/ada/My videos/A b.mp4 cannot be read', '<path>.mp4 cannot be read'],
  ['C:\\Users\\Ada Love\\a b.mkv: no pictures', '<path>.mkv: no pictures'],
  ['\\\\server\\share\\clip.avi, line 3', '<path>.avi, line 3'],
  ['at open (/opt/workbench/main/a.ts:12:3)', 'at open (<path>.ts:12:3)'],
  ['https://user:secret@example.org/x?y=1 answers 404', '<address> answers 404'],
  ['file:///home/ada/x.ts:1', '<address>'],
  ['“Rome” and ‘mine’ fail', '“…” and “…” fail'],
  ['~/films/rome', '<path>'],
  ['3.1/s, 1/2 of 4 GB', '3.1/s, 1/2 of 4 GB'],
])('%s is told as %s', (text, told) => {
  expect(withoutPaths(text)).toBe(told)
})
