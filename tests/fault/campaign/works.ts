import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { commandLine } from '../../support/models/models.ts'
import { writeSmallModel } from '../../support/models/small-model.ts'
import { writeColourClasses } from '../../support/videos/labelled-videos.ts'
import type { Ended } from './killable-command.ts'

/** Where a campaign works: videos, and the workspace that all others are copies of, in its own folder. */
export interface Places {
  readonly home: string
  readonly videos: string
  readonly base: string
}

export const placesIn = (home: string): Places => ({ home, videos: join(home, 'colours'), base: join(home, 'base') })

/** Work of the command line that may be disturbed, done again, and compared. */
export interface Work {
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

/** The works over a folder of labelled videos, in workspaces that are copies of one; see {@link prepare}. */
export const worksIn = ({ home, videos }: Places): Work[] => [
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

/** Draws the videos and registers the model. */
export async function prepare({ home, videos, base }: Places): Promise<void> {
  await writeColourClasses(videos, { train: 4, val: 2, test: 2 })
  const { config, bertConfig } = await writeSmallModel(home)
  await commandLine(base)(
    ...['model', 'import', '--config', config, '--bert-config', bertConfig, '--kind', 'video-classification'],
    ...['--name', 'small', '--init', 'random=1'],
  )
}

/** A sentence for whoever reads it, and no stack of a bug. */
export function expectTold({ stderr }: Ended, what: string): void {
  expect(stderr, what).not.toMatch(/^ {4}at /m)
  expect(stderr.trim(), what).not.toBe('')
}

/** What is left after a disturbance is sound. */
export async function expectNoFault(workspace: string): Promise<void> {
  const { findings } = await commandLine(workspace)<{ findings: { state: string; text: string }[] }>('doctor')
  expect(findings.filter(({ state }) => state === 'fault')).toEqual([])
}
