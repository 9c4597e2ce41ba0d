import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Settings } from '../../../main/api/app.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { writeFileAtomic } from '../../../main/storage/files/atomic-file.ts'
import { defaultSettings, SettingsStore } from '../../../main/storage/settings.ts'
import { openWorkspace } from '../../../main/storage/workspace.ts'
import { folderOfTest } from '../../support/folders.ts'

let directory: string
beforeEach(() => {
  directory = folderOfTest('storage')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the workspace', () => {
  it('is the given folder, else that of the environment, and is made', () => {
    const given = join(directory, 'a', 'b')
    vi.stubEnv('LFVILA_WORKSPACE', join(directory, 'from environment'))
    expect(openWorkspace(given).root).toBe(given)
    const workspace = openWorkspace()
    expect(workspace.root).toBe(join(directory, 'from environment'))
    for (const folder of [workspace.vectorsDirectory, workspace.modelsDirectory, workspace.cacheDirectory]) {
      expect(existsSync(folder)).toBe(true)
    }
  })

  it('says what to do when it cannot be written', () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    expect(() => openWorkspace(join(file, 'inside'))).toThrow(
      /cannot be written \(ENOTDIR\): choose another folder with --workspace/,
    )
  })
})

describe('an atomic write', () => {
  it('replaces the whole file and leaves nothing beside it', async () => {
    const file = join(directory, 'a.json')
    await writeFileAtomic(file, 'old and long')
    await writeFileAtomic(file, new TextEncoder().encode('new'))
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(readdirSync(directory)).toEqual(['a.json'])
  })

  it('leaves the old file when it fails', async () => {
    const folder = join(directory, 'folder')
    mkdirSync(join(folder, 'inside'), { recursive: true })
    await expect(writeFileAtomic(folder, 'x')).rejects.toThrow()
    expect(readdirSync(directory)).toEqual(['folder'])
  })

  it('never shows a part to a reader', async () => {
    const file = join(directory, 'big')
    const contents = ['a', 'b'].map(letter => letter.repeat(2_000_000))
    await writeFileAtomic(file, contents[0] ?? '')
    let writing = true
    const writer = (async () => {
      for (let i = 0; i < 10; i += 1) await writeFileAtomic(file, contents[i % 2] ?? '')
      writing = false
    })()
    while (writing) {
      expect(contents.includes(readFileSync(file, 'utf8'))).toBe(true)
      await sleep(1)
    }
    await writer
  })
})

describe('the database', () => {
  const open = () => openDatabase(join(directory, 'library.db'))

  it('keeps what was written, and opens twice at once', () => {
    const [one, two] = [open(), open()]
    one.prepare('INSERT INTO folders (path, real_path, added_at) VALUES (?, ?, ?)').run(['/it\'s "här" 🎬', '/x', 1])
    expect(two.prepare('SELECT path, problem FROM folders').all()).toEqual([{ path: '/it\'s "här" 🎬', problem: null }])
    one.close()
    two.close()
    const again = open()
    expect(again.prepare('SELECT COUNT(*) AS count FROM folders').get()).toEqual({ count: 1 })
    again.close()
  })

  it('takes back all of a transaction that fails', () => {
    const database = open()
    const add = database.prepare('INSERT INTO folders (path, real_path, added_at) VALUES (?, ?, 0)')
    expect(() =>
      database.transaction(() => {
        add.run(['/a', '/a'])
        database.transaction(() => add.run(['/b', '/b']))
        add.run(['/a', '/again'])
      }),
    ).toThrow(/UNIQUE/)
    expect(database.prepare('SELECT * FROM folders').all()).toEqual([])
    add.run(['/a', '/a'])
    database.close()
  })

  it('tells of what others write, not of our own', async () => {
    const [one, two] = [open(), open()]
    let told = 0
    const stop = one.onForeignChange(() => {
      told += 1
    })
    one.prepare('UPDATE library_revision SET number = 1').run()
    await sleep(700)
    expect(told).toBe(0)
    two.prepare('UPDATE library_revision SET number = 2').run()
    await vi.waitFor(() => expect(told).toBe(1), 3000)
    stop()
    one.close()
    two.close()
  })

  it('says what to do with a damaged file', () => {
    writeFileSync(join(directory, 'library.db'), 'no database at all. '.repeat(500))
    expect(open).toThrow(
      expect.objectContaining({
        code: 'database-corrupt',
        message: expect.stringMatching(/library\.db is damaged: move it aside .*the videos themselves are untouched/),
      }),
    )
  })

  it('says what to do with a damaged page found later', () => {
    const database = open()
    database.transaction(() => {
      for (let i = 0; i < 2000; i += 1) {
        database
          .prepare('INSERT INTO folders (path, real_path, added_at) VALUES (?, ?, 0)')
          .run([`/${'x'.repeat(100)}${i}`, `/${i}`])
      }
    })
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    const file = join(directory, 'library.db')
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096 * 40)
    writeFileSync(file, bytes)
    expect(() => open().prepare('SELECT * FROM folders').all()).toThrow(
      expect.objectContaining({ code: 'database-corrupt' }),
    )
  })

  it('does not touch a database of a newer version', () => {
    const database = open()
    database.exec('PRAGMA user_version = 999')
    database.close()
    expect(open).toThrow(
      expect.objectContaining({
        code: 'database-newer',
        message: expect.stringMatching(
          /newer version of LF-VILA Workbench \(schema 999, this one knows \d+\): install that version, or choose another workspace/,
        ),
      }),
    )
  })

  it('says where it cannot be', () => {
    expect(() => openDatabase(join(directory, 'none', 'library.db'))).toThrow(
      expect.objectContaining({ code: 'database-unusable' }),
    )
  })
})

describe('settings', () => {
  const file = () => join(directory, 'settings.json')

  it('are the defaults at first and keep what was changed', async () => {
    const store = new SettingsStore(file())
    expect(store.get()).toEqual({
      theme: 'dark',
      language: 'system',
      device: 'auto',
      precision: 'auto',
      sampling: 'fast',
      denseRate: 2,
      frameCache: 20e9,
      watch: true,
      ffmpeg: null,
      ffprobe: null,
      offline: false,
      updates: false,
      downloadMirror: null,
      vectorStore: null,
    })
    expect(store.notice).toBeNull()
    await Promise.all([
      store.change({ theme: 'light' }),
      store.change({ denseRate: 4 }),
      store.change({ theme: 'contrast' }),
    ])
    const changed = { ...defaultSettings, theme: 'contrast', denseRate: 4 }
    expect(new SettingsStore(file()).get()).toEqual(changed)
    // As a client may send what it leaves as it is.
    expect(await store.change({ theme: undefined } as unknown as Partial<Settings>)).toEqual(changed)
  })

  it.each([
    ['{"theme": "dark"', 'cut off'],
    ['{"theme": "pink"}', 'an impossible value'],
    ['[]', 'no settings'],
    ['', 'empty'],
  ])('a broken file (%s) is kept aside and said', async content => {
    writeFileSync(file(), content)
    const store = new SettingsStore(file())
    expect(store.get()).toEqual(defaultSettings)
    expect(store.notice).toMatchObject({ level: 'warning', text: expect.stringContaining('settings.json.broken') })
    expect(readFileSync(`${file()}.broken`, 'utf8')).toBe(content)
    await store.change({ watch: false })
    expect(new SettingsStore(file())).toMatchObject({ notice: null })
  })

  it('take settings of another version, as far as they are known', () => {
    writeFileSync(file(), '{"theme": "light", "invented later": 7}')
    const store = new SettingsStore(file())
    expect(store.get()).toEqual({ ...defaultSettings, theme: 'light' })
    expect(store.notice).toBeNull()
  })

  it('refuse what is no setting and stay as they were', async () => {
    const store = new SettingsStore(file())
    await expect(store.change({ denseRate: 0 })).rejects.toThrow()
    expect(store.get()).toEqual(defaultSettings)
  })
})
