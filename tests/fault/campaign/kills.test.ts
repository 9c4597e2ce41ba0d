import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import { folderOfFile } from '../../support/folders.ts'
import { commandLine } from '../../support/models/models.ts'
import { writeSmallModel } from '../../support/models/small-model.ts'
import { sample } from '../../support/sample.ts'
import { writeColourClasses } from '../../support/videos/labelled-videos.ts'
import { runCommand } from './killable-command.ts'
import type { Ended } from './killable-command.ts'

/**
 * Work that is killed at random moments and then done again must come to what it comes to when nothing dies.
 * `npm run faults` kills two hundred times and more; `LFVILA_SEED` draws other moments.
 */
const killsOfEach = Number(process.env.LFVILA_KILLS ?? 1)
const seed = Number(process.env.LFVILA_SEED ?? 1)

const home = folderOfFile('campaign')
const [videos, base] = [join(home, 'colours'), join(home, 'base')]
const counts: Record<string, number> = {}

interface Work {
  readonly name: string
  /** The command; another one where something is left to go on with. */
  readonly words: (workspace: string) => string[]
  /** What may be told the second time, because the first came to its end before it was killed. */
  readonly isDone?: RegExp
  /** What there is in the end, without times and numbers of records. */
  readonly outcome: (workspace: string) => Promise<unknown>
}

const training = ['--epochs', '4', '--batch', '4', '--micro-batch', '2', '--lr', '0.02', '--weight-decay', '0']
const sameEverywhere = ['--warmup', '0', '--no-stochastic', '--no-augment', '--seed', '3', '--device', 'cpu']
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

const works: Work[] = [
  {
    name: 'index',
    words: () => ['index', videos, '--dense', '--device', 'cpu'],
    outcome: async workspace => {
      const lfvila = commandLine(workspace)
      const found = await lfvila<{ results: object[] }>('search', 'a red circle', '--top', '50')
      const moments = await lfvila<{ results: object[] }>('search', 'a red circle', '--top', '50', '--level', 'moment')
      return [found.results, moments.results]
    },
  },
  {
    name: 'finetune',
    words: workspace => {
      const runs = join(workspace, 'runs')
      const [run] = existsSync(runs) ? readdirSync(runs).filter(name => !name.startsWith('.')) : []
      return run === undefined
        ? [
            ...['finetune', videos, '--task', 'video-classification', '--model', 'small', '--train', 'heads'],
            ...['--name', 'trained', ...training, ...sameEverywhere],
          ]
        : ['finetune', '--resume', run, '--device', 'cpu']
    },
    isDone: /is finished/,
    outcome: async workspace => {
      const [run = ''] = readdirSync(join(workspace, 'runs')).filter(name => !name.startsWith('.'))
      const lines = readFileSync(join(workspace, 'runs', run, 'metrics.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
      const losses = lines.map(line => (JSON.parse(line) as { values: Record<string, number> }).values['train/loss'])
      return [losses, hashOf(join(workspace, 'models', 'trained', 'weights.safetensors'))]
    },
  },
  {
    name: 'evaluate',
    words: () => ['evaluate', videos, '--model', 'small', '--device', 'cpu'],
    outcome: async workspace => {
      const { evaluation: _, ...figures } = await commandLine(workspace)<{ evaluation: string }>(
        ...['evaluate', videos, '--model', 'small', '--device', 'cpu'],
      )
      return figures
    },
  },
  {
    name: 'model import',
    words: () => [
      ...['model', 'import', '--config', join(home, 'model.json'), '--bert-config', join(home, 'bert.json')],
      ...['--kind', 'video-classification', '--name', 'another', '--init', 'random=7'],
    ],
    isDone: /‘another’|“another”/,
    outcome: async workspace => {
      const models = await commandLine(workspace)<{ id: string; hash: string }[]>('model', 'list')
      return models.map(({ id, hash }) => [id, hash]).sort()
    },
  },
  {
    name: 'model export',
    words: workspace => [
      ...['model', 'export', 'small', '--format', 'safetensors', '--overwrite'],
      ...['--out', join(workspace, 'exported.safetensors')],
    ],
    outcome: async workspace => hashOf(join(workspace, 'exported.safetensors')),
  },
]

/** A training that is killed is in `killed/finetune-kill` as well. */
const tried = 'LFVILA_KILLS' in process.env ? works : sample(works, 2)

beforeAll(async () => {
  await writeColourClasses(videos, { train: 4, val: 2, test: 2 })
  const { config, bertConfig } = await writeSmallModel(home)
  await commandLine(base)(
    ...['model', 'import', '--config', config, '--bert-config', bertConfig, '--kind', 'video-classification'],
    ...['--name', 'small', '--init', 'random=1'],
  )
}, 300_000)

/** A sentence for whoever reads it, and no stack of a bug. */
function expectTold({ stderr }: Ended, what: string): void {
  expect(stderr, what).not.toMatch(/^ {4}at /m)
  expect(stderr.trim(), what).not.toBe('')
}

it.each(tried)(
  '$name comes to the same, whatever of it is killed',
  async ({ name, words, isDone, outcome }) => {
    const whole = join(home, `${name} whole`)
    await cp(base, whole, { recursive: true })
    const reference = await runCommand([...words(whole), '--workspace', whole])
    expect(reference.exitCode, reference.stderr).toBe(0)
    const expected = await outcome(whole)
    await rm(whole, { recursive: true })

    const random = seededRandom(seed, name)
    for (let kills = 0; kills < killsOfEach;) {
      const workspace = join(home, `${name} ${kills}`)
      await cp(base, workspace, { recursive: true })
      // One to three deaths in a row, before it is let go on.
      for (let deaths = 1 + random.below(3); deaths > 0 && kills < killsOfEach; deaths--) {
        const victim = random.below(2) === 0 ? 'program' : 'child'
        const after = random.between(0, reference.milliseconds)
        const ended = await runCommand([...words(workspace), '--workspace', workspace], { after, victim, random })
        kills++
        counts[ended.killed ?? 'nothing'] = (counts[ended.killed ?? 'nothing'] ?? 0) + 1
        expect(ended.signal, `${name}, after ${after} ms`).not.toBe('SIGABRT')
        if (ended.exitCode !== null && ended.exitCode !== 0) {
          expectTold(ended, `${name}, ${ended.killed} after ${after} ms`)
        }
      }
      const last = await runCommand([...words(workspace), '--workspace', workspace])
      if (last.exitCode !== 0) expect(last.stderr, name).toMatch(isDone ?? /no such end is known/)
      expect(await outcome(workspace), `${name}, kill ${kills}`).toEqual(expected)
      const { findings } = await commandLine(workspace)<{ findings: { state: string; text: string }[] }>('doctor')
      expect(findings.filter(({ state }) => state === 'fault')).toEqual([])
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
  expect(all).toBe(killsOfEach * works.length)
})
