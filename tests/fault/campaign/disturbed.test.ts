import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../native-models/starter/seeded-random.ts'
import { folderOfFile } from '../../support/folders.ts'
import { Recording, recorder, recording } from '../power-cut/power-cut.ts'
import { runCommand } from './killable-command.ts'
import type { Ended } from './killable-command.ts'
import { expectNoFault, expectTold, placesIn, prepare, worksIn } from './works.ts'
import type { Work } from './works.ts'

/**
 * Work that is disturbed without being killed, and then done again, must come to what it comes to in peace: clocks
 * jump, drives vanish and return, a second program does the same, the power fails. `npm run faults` disturbs every kind
 * of work in every way, `npm test` each way once; `LFVILA_SEED` draws other moments.
 */
const all = process.env.LFVILA_KILLS !== undefined
const seed = Number(process.env.LFVILA_SEED ?? 1)
const home = folderOfFile('disturbed')
const places = placesIn(home)
const works = worksIn(places)
const counts: Record<string, number> = {}
let expected: Map<string, { outcome: unknown; milliseconds: number }>

interface Disturbed {
  readonly work: Work
  readonly workspace: string
  /** How long the work takes in peace. */
  readonly milliseconds: number
  readonly random: Random
}

interface Disturbance {
  readonly name: string
  /** Which work is disturbed when `npm test` has time for one. */
  readonly first: string
  readonly possible: boolean
  /** Does the work in a workspace and disturbs it; returns how its programs ended. */
  readonly disturb: (disturbed: Disturbed) => Promise<Ended[]>
}

const hasFaketime = process.platform === 'linux' && spawnSync('faketime', ['--version']).error === undefined
const powerRecorder = recorder()

/** Clocks as a program sees them, but for the one that only measures how long something takes. */
const shifted = (by: string) => ({ by: ['faketime', '-m', '-f', by], env: { FAKETIME_DONT_FAKE_MONOTONIC: '1' } })

const disturbances: Disturbance[] = [
  {
    name: 'a clock that jumps',
    first: 'finetune',
    possible: hasFaketime,
    // A year ahead, cut short; two years back; and after that the right time.
    disturb: async ({ work, workspace, milliseconds, random }) => {
      const words = [...work.words(workspace), '--workspace', workspace]
      const kill = { after: random.between(0, milliseconds), victim: 'program', random } as const
      const ahead = await runCommand(words, kill, shifted('+365d'))
      return [ahead, await runCommand([...work.words(workspace), '--workspace', workspace], null, shifted('-730d'))]
    },
  },
  {
    name: 'a second program that does the same',
    first: 'index',
    possible: true,
    disturb: async ({ work, workspace, milliseconds, random }) => {
      const words = [...work.words(workspace), '--workspace', workspace]
      const first = runCommand(words)
      await delay(random.between(0, milliseconds / 2))
      return Promise.all([first, runCommand(words)])
    },
  },
  {
    name: 'a drive that vanishes and returns',
    first: 'index',
    possible: true,
    disturb: async ({ work, workspace, milliseconds, random }) => {
      const running = runCommand([...work.words(workspace), '--workspace', workspace])
      await delay(random.between(0, milliseconds))
      // The place where it was mounted stays, and is empty.
      const away = `${places.videos} away`
      await rename(places.videos, away)
      mkdirSync(places.videos)
      const ended = await running
      const without = await runCommand([...work.words(workspace), '--workspace', workspace])
      await rm(places.videos, { recursive: true })
      await rename(away, places.videos)
      return [ended, without]
    },
  },
  {
    name: 'power that fails',
    first: 'finetune',
    possible: powerRecorder !== null,
    disturb: async ({ work, workspace, random }) => {
      const recorded = new Recording(workspace)
      const log = `${workspace}.recording`
      const ended = await runCommand([...work.words(workspace), '--workspace', workspace], null, {
        env: recording(powerRecorder ?? '', workspace, log),
      })
      recorded.read(log)
      await rm(workspace, { recursive: true })
      recorded.cut(random.below(recorded.steps + 1), workspace, random)
      return [ended]
    },
  },
]

beforeAll(async () => {
  await prepare(places)
  expected = new Map()
  const wanted = all ? works : works.filter(({ name }) => disturbances.some(({ first }) => first === name))
  for (const work of wanted) {
    const workspace = join(home, `${work.name} in peace`)
    await cp(places.base, workspace, { recursive: true })
    const { exitCode, stderr, milliseconds } = await runCommand([...work.words(workspace), '--workspace', workspace])
    expect(exitCode, stderr).toBe(0)
    expected.set(work.name, { outcome: await work.outcome(workspace), milliseconds })
    await rm(workspace, { recursive: true })
  }
}, 600_000)

it.each(disturbances)(
  '$name changes nothing of what comes out',
  async ({ name, first, possible, disturb }) => {
    if (!possible) {
      console.log(`Not tried here, for want of its tool: ${name}.`)
      return
    }
    for (const work of all ? works : works.filter(one => one.name === first)) {
      const workspace = join(home, `${name}, ${work.name}`)
      await cp(places.base, workspace, { recursive: true })
      const { outcome, milliseconds } = expected.get(work.name) ?? { outcome: null, milliseconds: 0 }
      const random = seededRandom(seed, name, work.name)
      for (const ended of await disturb({ work, workspace, milliseconds, random })) {
        expect(ended.signal, `${work.name}, ${name}`).not.toBe('SIGABRT')
        if (ended.exitCode !== null && ended.exitCode !== 0) expectTold(ended, `${work.name}, ${name}`)
      }
      const last = await runCommand([...work.words(workspace), '--workspace', workspace])
      if (last.exitCode !== 0) expect(last.stderr, work.name).toMatch(work.isDone ?? /no such end is known/)
      expect(await work.outcome(workspace), `${work.name}, ${name}`).toEqual(outcome)
      await expectNoFault(workspace)
      counts[name] = (counts[name] ?? 0) + 1
      await rm(workspace, { recursive: true })
    }
  },
  7_200_000,
)

it('says how often what was disturbed', () => {
  console.log(
    `Disturbed: ${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}; nothing lost.`,
  )
  expect(Object.keys(counts)).toEqual(disturbances.filter(({ possible }) => possible).map(({ name }) => name))
})
