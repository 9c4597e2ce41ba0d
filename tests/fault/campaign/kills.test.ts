import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import { folderOfFile } from '../../support/folders.ts'
import { sample } from '../../support/sample.ts'
import { runCommand } from './killable-command.ts'
import { expectNoFault, expectTold, placesIn, prepare, worksIn } from './works.ts'

/**
 * Work that is killed at random moments and then done again must come to what it comes to when nothing dies.
 * `npm run faults` kills two hundred times and more; `LFVILA_SEED` draws other moments.
 */
const killsOfEach = Number(process.env.LFVILA_KILLS ?? 1)
const seed = Number(process.env.LFVILA_SEED ?? 1)

const home = folderOfFile('campaign')
const places = placesIn(home)
const counts: Record<string, number> = {}

/** A training that is killed is in `killed/finetune-kill` as well, an export in `killed/export-kill`. */
const works = 'LFVILA_KILLS' in process.env ? worksIn(places) : sample(worksIn(places), 1)

beforeAll(() => prepare(places), 300_000)

it.each(works)(
  '$name comes to the same, whatever of it is killed',
  async ({ name, words, isDone, outcome }) => {
    const whole = join(home, `${name} whole`)
    await cp(places.base, whole, { recursive: true })
    const reference = await runCommand([...words(whole), '--workspace', whole])
    expect(reference.exitCode, reference.stderr).toBe(0)
    const expected = await outcome(whole)
    await rm(whole, { recursive: true })

    const random = seededRandom(seed, name)
    let late = 0
    for (let kills = 0; kills < killsOfEach;) {
      const workspace = join(home, `${name} ${kills}`)
      await cp(places.base, workspace, { recursive: true })
      // One to three deaths in a row, before it is let go on.
      for (let deaths = 1 + random.below(3); deaths > 0 && kills < killsOfEach; deaths--) {
        const victim = random.below(2) === 0 ? 'program' : 'child'
        const after = random.between(0, reference.milliseconds)
        const ended = await runCommand([...words(workspace), '--workspace', workspace], { after, victim, random })
        // What came too late killed nothing, and is drawn again.
        if (ended.killed !== null) kills++
        else if (++late > 10 * killsOfEach + 10) throw new Error(`${name} ends before anything of it can be killed`)
        counts[ended.killed ?? 'nothing'] = (counts[ended.killed ?? 'nothing'] ?? 0) + 1
        expect(ended.signal, `${name}, after ${after} ms`).not.toBe('SIGABRT')
        if (ended.exitCode !== null && ended.exitCode !== 0) {
          expectTold(ended, `${name}, ${ended.killed} after ${after} ms`)
        }
      }
      const last = await runCommand([...words(workspace), '--workspace', workspace])
      if (last.exitCode !== 0) expect(last.stderr, name).toMatch(isDone ?? /no such end is known/)
      expect(await outcome(workspace), `${name}, kill ${kills}`).toEqual(expected)
      await expectNoFault(workspace)
      await rm(workspace, { recursive: true })
    }
  },
  7_200_000,
)

it('says what was killed', () => {
  console.log(
    `Killed: ${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}; nothing lost.`,
  )
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  expect(all - (counts.nothing ?? 0)).toBe(killsOfEach * works.length)
})
