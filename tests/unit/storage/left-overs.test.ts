import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Downloads } from '../../../main/downloads/downloads.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { ProxyFiles } from '../../../main/media/playback/proxy-job.ts'
import { ModelRegistry } from '../../../main/models/registry/registry.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { sweepAtomicWrites } from '../../../main/storage/files/atomic-file.ts'
import { CachedFiles } from '../../../main/storage/files/cached-files.ts'
import { sweepLeftOvers, unfinishedMark } from '../../../main/storage/files/left-overs.ts'
import { RecordFolder } from '../../../main/storage/record-folder.ts'
import { shippedModels } from '../../../native-models/starter/shipped.ts'
import { folderOfTest } from '../../support/folders.ts'
import { noModels } from '../../support/models/no-models.ts'

let folder: string
beforeEach(() => {
  folder = folderOfTest('left')
})

/** The mark of a process that has ended, and of this one before it, had it the same number. */
function deadMark(): string {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  return unfinishedMark().replace(`-${process.pid}-`, `-${pid}-`)
}
const dayOld = (file: string): void => utimesSync(file, Date.now() / 1000 - 90_000, Date.now() / 1000 - 90_000)
const write = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), 'half')
}

describe('what a killed process has left', () => {
  it('is swept as soon as its process is gone, and what a living one is writing stays', async () => {
    const [dead, own, other] = [
      deadMark(),
      unfinishedMark(),
      unfinishedMark().replace(`-${process.pid}-`, `-${process.ppid}-`),
    ]
    write(`a.${dead}.partial`, `b.${own}.partial`, `c.${other}.partial`, `mine.${dead}.txt`)
    await sweepLeftOvers(folder, name => name.endsWith('.partial'))
    expect(readdirSync(folder).sort()).toEqual([`b.${own}.partial`, `c.${other}.partial`, `mine.${dead}.txt`].sort())
  })

  it('is swept also where this process has got the number of the dead one, as in a container', async () => {
    const mark = unfinishedMark()
    write(`a.${mark}.partial`)
    dayOld(join(folder, `a.${mark}.partial`))
    await sweepLeftOvers(folder, () => true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is left for a day where the name does not tell whose it is', async () => {
    const old = '.settings.json.0b5a1f0e-0f2d-4a33-9d0c-1f2e3d4c5b6a.part'
    write(old, old.replace('0b5a', '1b5a'))
    dayOld(join(folder, old))
    await sweepAtomicWrites(folder)
    expect(readdirSync(folder)).toEqual([old.replace('0b5a', '1b5a')])
  })

  it('of an import and of the note which model is in use goes at the next start', async () => {
    const models = join(folder, 'models')
    const living = `.unfinished-${unfinishedMark()}`
    // So that no model is made in this test.
    for (const name of ['starter', living, `.unfinished-${deadMark()}`]) {
      mkdirSync(join(models, name), { recursive: true })
    }
    writeFileSync(join(models, `.in-use.${deadMark()}.part`), 'x')
    await new ModelRegistry(folder).ensureShipped()
    expect(readdirSync(models).sort()).toEqual([living, ...[...shippedModels].sort()])
  })

  it('of a playable copy goes at the next start', async () => {
    mkdirSync(join(folder, 'proxies'))
    write(`proxies/abc.mp4.${deadMark()}.partial`, 'proxies/abc.webm')
    await new ProxyFiles(folder).tidy()
    expect(readdirSync(join(folder, 'proxies'))).toEqual(['abc.webm'])
  })

  it('of cached pictures and attention maps goes without a look through the cache', async () => {
    const cached = new CachedFiles(folder)
    await cached.write(join(folder, 'frames/ab/abc/thumbnail.jpg'), Buffer.from('whole'))
    expect(readdirSync(join(folder, 'frames/ab/abc'))).toEqual(['thumbnail.jpg'])
    const living = `.1.jpg.${unfinishedMark()}.part`
    write(`unfinished/${living}`, `unfinished/.2.jpg.${deadMark()}.part`)
    await cached.tidy()
    expect(readdirSync(join(folder, 'unfinished'))).toEqual([living])
  })

  it('of the notes of downloads goes, and the bytes that have arrived stay', async () => {
    const home = join(folder, 'downloads/one')
    mkdirSync(home, { recursive: true })
    write(
      `downloads/one/.a.bin.part.json.${deadMark()}.part`,
      'downloads/one/a.bin.part',
      'downloads/one/a.bin.part.json',
    )
    const database = openDatabase(join(folder, 'library.db'))
    const settings = () => ({ offline: true, downloadMirror: null })
    const catalogue = [{ id: 'one', title: 'One', text: '', licence: '', page: '', files: [] }]
    const parts = { workspace: folder, jobs: new JobQueue(database), models: noModels, settings, catalogue }
    await new Downloads(parts).tidy()
    database.close()
    expect(readdirSync(home).sort()).toEqual(['a.bin.part', 'a.bin.part.json'])
  })

  it('of a run or an evaluation goes, and what another process is making stays', async () => {
    const living = `.run-1.${unfinishedMark()}.part`
    for (const name of [living, `.run-2.${deadMark()}.part`]) mkdirSync(join(folder, name))
    await RecordFolder.tidy(folder)
    expect(readdirSync(folder)).toEqual([living])
  })
})

describe('a database that is closed', () => {
  const file = (): string => join(folder, 'library.db')
  const jobs = (database: string): number => {
    const opened = openDatabase(database)
    const count = opened.prepare('SELECT COUNT(*) AS count FROM jobs').get<{ count: number }>()?.count ?? 0
    opened.close()
    return count
  }
  const add = (database: ReturnType<typeof openDatabase>) =>
    database
      .prepare(
        `INSERT INTO jobs (kind, title, payload, state, progress, created_at) VALUES ('scan', 'x', 'null', 'succeeded', '{}', 1)`,
      )
      .run()

  it('is whole in its one file', async () => {
    const database = openDatabase(file())
    add(database)
    database.prepare('SELECT * FROM jobs').all()
    database.close()
    await copyFile(file(), join(folder, 'copy.db'))
    expect(jobs(join(folder, 'copy.db'))).toBe(1)

    expect(statSync(`${file()}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
  })

  it('is so also while another process has it open', async () => {
    const [database, other] = [openDatabase(file()), openDatabase(file())]
    add(other)
    other.prepare('SELECT * FROM jobs').all()
    add(database)
    database.close()
    await copyFile(file(), join(folder, 'copy.db'))
    expect(jobs(join(folder, 'copy.db'))).toBe(2)
    add(other)
    other.close()
    expect(jobs(file())).toBe(3)
  })

  it('closes although another is in the middle of reading or writing', () => {
    const [database, other] = [openDatabase(file()), openDatabase(file())]
    add(database)
    other.exec('BEGIN IMMEDIATE')
    expect(() => database.close()).not.toThrow()
    other.exec('ROLLBACK')
    other.close()
    expect(jobs(file())).toBe(1)
  })
})
