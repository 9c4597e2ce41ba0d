import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { CaptionDrafts } from '../../../main/library/captions/caption-drafts.ts'
import { reconcile } from '../../../main/retrieval/vectors/consistency.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { SettingsStore } from '../../../main/storage/settings.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import { childProgram } from '../../support/child-program.ts'
import { folderOfFile } from '../../support/folders.ts'
import { isKept, keptThings } from './kept-things.ts'
import { Recording, recorder, recording } from './power-cut.ts'
import { draft, pathOf, rowsOf, vectorsOf } from './stored-round.ts'

/**
 * The power fails at random moments, with all that was not synchronised lost in one of the ways a disk can lose it.
 * `LFVILA_KILLS` is how many twenties of moments are looked at, `LFVILA_SEED` draws which.
 */
const cuts = 20 * Number(process.env.LFVILA_KILLS ?? 1)
const seed = Number(process.env.LFVILA_SEED ?? 1)
const rounds = keptThings.length
const home = folderOfFile('power-cut')
const library = recorder()

/** Files below a folder with their contents; shared memory of SQLite is no file that is read again. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  return new Map(
    names
      .filter(entry => entry.isFile() && !entry.name.endsWith('-shm'))
      .map(entry => [join(entry.parentPath, entry.name), ''])
      .map(([path = '']) => [path.slice(folder.length), readFileSync(path, 'latin1')]),
  )
}

describe.skipIf(library === null)('when the power fails', () => {
  const folder = join(home, 'recorded')
  let recorded: Recording

  beforeAll(async () => {
    const program = await childProgram('tests/fault/power-cut/power-cut-child.ts')
    mkdirSync(folder)
    recorded = new Recording(folder)
    const log = join(home, 'recording')
    const { status, stderr } = spawnSync(process.execPath, [program, folder, String(rounds)], {
      encoding: 'utf8',
      env: { ...process.env, ...recording(library ?? '', folder, log) },
    })
    expect(status, stderr).toBe(0)
    recorded.read(log)
  })

  it('everything that the program did to its files is known', () => {
    const played = join(home, 'played')
    recorded.whole(played)
    expect(recorded.steps).toBeGreaterThan(100)
    expect([...contents(played).keys()].sort()).toEqual([...contents(folder).keys()].sort())
    expect(contents(played)).toEqual(contents(folder))
  })

  it('what was finished is there, though the disk has nothing but what was asked to be on it', async () => {
    const lost: string[] = []
    for (const [index, step] of recorded.writesTo('done.log').entries()) {
      const round = index + 1
      const after = join(home, `after round ${round}`)
      recorded.cut(step, after, { ...seededRandom(seed, 'nothing'), below: () => 0 })
      for (const thing of keptThings) {
        const kept = await isKept(thing, round, { folder: after, original: folder, isFinished: true })
        if (!kept) lost.push(`${thing.name} of round ${round}`)
      }
      const database = openDatabase(join(after, 'library.db'))
      if (!new CaptionDrafts(database).of(pathOf(round))) lost.push(`edited captions of round ${round}`)
      if (!new EmbeddingLedger(database).has(vectorsOf(round).contentId, 'key')) lost.push(`entry of round ${round}`)
      database.close()
      rmSync(after, { recursive: true })
    }
    expect(lost).toEqual([])
    // The index of vectors, which no writing comes after.
    const [step = 0] = recorded.writesTo('indexed.log')
    const [after, vectors] = [join(home, 'after the index'), join(folder, 'vectors')]
    recorded.cut(step, after, { ...seededRandom(seed, 'nothing'), below: () => 0 })
    expect(readdirSync(vectors, { recursive: true })).toContainEqual(expect.stringMatching(/_indices.*aux/))
    const kept = contents(join(after, 'vectors'))
    const other = [...contents(vectors)].filter(([path, content]) => kept.get(path) !== content).map(([path]) => path)
    // The one file that is written again is a hint where to begin to look.
    expect(other.filter(path => !path.endsWith('latest_version_hint.json'))).toEqual([])
    rmSync(after, { recursive: true })
  })

  it('nothing that was finished is lost or half there', { timeout: 7_200_000 }, async () => {
    const told = recorded.writesTo('done.log')
    expect(told).toHaveLength(rounds)
    let kept = 0
    for (let cut = 0; cut < cuts; cut++) {
      const random = seededRandom(seed, 'power', cut)
      const moment = random.below(recorded.steps + 1)
      const finished = told.filter(step => step <= moment).length
      const after = join(home, `after ${cut}`)
      recorded.cut(moment, after, random)
      const what = `cut ${cut} of seed ${seed}, after step ${moment}, in round ${finished + 1}`

      const settings = new SettingsStore(join(after, 'settings.json'))
      expect(settings.notice, what).toBeNull()
      if (finished > 0) expect([finished, finished + 1], what).toContain(settings.get().denseRate)

      const file = join(after, 'checkpoint.safetensors')
      expect(existsSync(file) || finished === 0, what).toBe(true)
      if (existsSync(file)) {
        const checkpoint = await openCheckpoint(file)
        const values = new Set((await checkpoint.tensors.get('w')?.read()) as Float32Array)
        expect([[finished], [finished + 1]], what).toContainEqual([...values])
        await checkpoint.close()
      }

      // What has its name is whole, and what was finished has it.
      for (let round = 1; round <= rounds; round++) {
        for (const thing of keptThings) {
          const kept = await isKept(thing, round, { folder: after, original: folder, isFinished: round <= finished })
          expect(kept, `${what}: ${thing.name} of round ${round}`).toBe(true)
        }
      }

      const database = openDatabase(join(after, 'library.db'))
      expect(database.prepare('PRAGMA integrity_check').get(), what).toEqual({ integrity_check: 'ok' })
      for (let round = 1; round <= finished; round++) {
        expect(new CaptionDrafts(database).of(pathOf(round)), `${what}: captions of round ${round}`).toEqual(draft)
      }
      const ledger = new EmbeddingLedger(database)
      const store = await VectorStore.open(join(after, 'vectors'))
      // Every complete entry has its vectors, bit by bit: none had to be taken back.
      const complete = [...ledger.complete('key').keys()]
      await reconcile(store, ledger, { pass: 'overview', key: 'key' })
      expect([...ledger.complete('key').keys()], what).toEqual(complete)
      for (let round = 1; round <= rounds; round++) {
        if (!complete.includes(vectorsOf(round).contentId)) continue
        kept++
        const rows = (await store.get(vectorsOf(round))).toSorted((one, other) => one.clip - other.clip)
        expect(rows, what).toEqual(rowsOf(round))
      }
      // And it goes on.
      await store.replace(vectorsOf(rounds + 1), rowsOf(rounds + 1))
      expect(await store.get(vectorsOf(rounds + 1)), what).toHaveLength(3)
      await store.close()
      database.close()
      rmSync(after, { recursive: true })
    }
    console.log(`The power failed ${cuts} times in ${recorded.steps} steps; ${kept} finished videos were whole.`)
    expect(kept).toBeGreaterThan(0)
  })
})
