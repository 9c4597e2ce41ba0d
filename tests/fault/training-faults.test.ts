import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { evaluationChoice } from '../../main/api/evaluation/evaluation.ts'
import type { Run, RunConfig } from '../../main/api/training/training.ts'
import { forkLauncher } from '../../main/engine/launcher.ts'
import type { EngineLauncher } from '../../main/engine/launcher.ts'
import { openWorkbench } from '../../main/workbench/workbench.ts'
import type { Workbench } from '../../main/workbench/workbench.ts'
import { folderOfFile } from '../support/folders.ts'
import { colourRun, importSmallModel } from '../support/models/small-model.ts'
import { thorough } from '../support/sample.ts'
import { writeColourClasses } from '../support/videos/labelled-videos.ts'

/** What goes wrong in the engine and on the disk; each test sets its own. */
const faults = vi.hoisted(() => ({
  examplesInMemory: Infinity,
  /** Ends the engine in this place of the runs that are fed labels, counted from 1. */
  endsAt: Infinity,
  losses: (_: number): number => 1,
  checkpointFiles: Infinity,
  /** Part of the name of a video whose drive is away when the times of rows are looked at, and back when it is read. */
  away: null as string | null,
}))
const counted = vi.hoisted(() => ({ losses: 0, checkpointFiles: 0, labelled: 0 }))

// No disk can be filled on every machine that runs this: the write of a checkpoint fails as one on a full disk.
vi.mock('../../native-models/checkpoints/safetensors/safetensors.ts', async original => {
  const actual = await original<typeof import('../../native-models/checkpoints/safetensors/safetensors.ts')>()
  return {
    ...actual,
    writeSafetensors: (...args: Parameters<typeof actual.writeSafetensors>) => {
      if (args[0].includes('checkpoints') && ++counted.checkpointFiles > faults.checkpointFiles) {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      }
      return actual.writeSafetensors(...args)
    },
  }
})

vi.mock('../../main/media/probing/probe.ts', async original => {
  const actual = await original<typeof import('../../main/media/probing/probe.ts')>()
  return {
    ...actual,
    probe: (...args: Parameters<typeof actual.probe>) =>
      actual.probe(faults.away !== null && args[0].includes(faults.away) ? `${args[0]} away` : args[0], args[1]),
  }
})

/** The engine, killed as by a system that is out of memory when a micro-batch is too large, and with other losses. */
const faulty: EngineLauncher = () => {
  const engine = forkLauncher()()
  return {
    ...engine,
    send: message => {
      const examples = message.type === 'run' ? (message.feeds.labels?.dims[0] ?? 0) : 0
      if (examples > 0) counted.labelled += 1
      if (examples > faults.examplesInMemory || (examples > 0 && counted.labelled === faults.endsAt)) engine.kill()
      else engine.send(message)
    },
    onMessage: listener =>
      engine.onMessage(message => {
        const { outputs } = message as { outputs?: Record<string, { data: Float32Array }> }
        if (outputs?.loss) outputs.loss.data[0]! *= faults.losses(++counted.losses)
        listener(message)
      }),
  }
}

const folder = folderOfFile('training-faults')
let workbench: Workbench
beforeAll(async () => {
  await writeColourClasses(join(folder, 'videos'), { train: 2, val: 1 })
  workbench = await openWorkbench({
    host: 'cli',
    version: 'test',
    workspace: join(folder, 'workspace'),
    demo: false,
    device: 'cpu',
    launchEngine: faulty,
  })
  await importSmallModel(workbench, folder)
}, 300_000)
afterAll(async () => {
  await workbench.close()
})
beforeEach(() => {
  Object.assign(faults, {
    examplesInMemory: Infinity,
    endsAt: Infinity,
    losses: () => 1,
    checkpointFiles: Infinity,
    away: null,
  })
  Object.assign(counted, { losses: 0, checkpointFiles: 0, labelled: 0 })
})

/** One step in an epoch, of two micro-batches, and a validation after each. */
const config = (epochs: number): RunConfig =>
  colourRun(join(folder, 'videos'), {
    name: 'faulty',
    train: { what: 'heads' },
    parameters: { ...colourRun('').parameters, epochs, learningRate: 0.02, clipNorm: null },
    seed: 1,
    validateEvery: 1,
  })

async function ended(run: Run): Promise<Run> {
  await workbench.waitForJob(run.jobId ?? -1)
  return workbench.client.training.info({ id: run.id })
}
const start = async (of: RunConfig) => ended(await workbench.client.training.start(of))
const resume = async ({ id }: Run) => ended(await workbench.client.training.resume({ id }))
const losses = async ({ id }: Run) =>
  (await workbench.client.training.metrics({ id })).flatMap(({ step, values }) =>
    values['train/loss'] === undefined ? [] : [[step, values['train/loss']]],
  )

it('goes on with smaller micro-batches when the memory does not hold the chosen ones', async () => {
  faults.examplesInMemory = 1
  const run = await start(config(1))
  expect(run).toMatchObject({
    state: 'finished',
    step: 1,
    notices: ['Micro-batches of 1 instead of 2, because the memory did not hold more.'],
  })
}, 300_000)

it('comes to the same when the engine is ended once, with micro-batches of the same size', async () => {
  const undisturbed = await start(config(3))
  Object.assign(counted, { labelled: 0 })
  // In the second step: the first of its two micro-batches is computed.
  faults.endsAt = 4
  const run = await start(config(3))
  expect(run).toMatchObject({ state: 'finished', step: 3, notices: [] })
  expect(await losses(run)).toEqual(await losses(undisturbed))
  expect((await workbench.client.training.log({ id: run.id })).map(({ text }) => text).join('\n')).toMatch(
    /The engine process ended unexpectedly \(signal SIGKILL\).* Going on from the last checkpoint\./,
  )
}, 300_000)

thorough(
  'says what to lower when smaller micro-batches do not fit either',
  async () => {
    faults.examplesInMemory = 0
    const run = await start(config(1))
    expect(run).toMatchObject({
      state: 'failed',
      step: 0,
      problem:
        'A micro-batch of 1 does not fit into memory: free some memory, train only the heads or the last layers, or begin with a smaller model.',
    })
  },
  300_000,
)

it('stops at a loss that is no number or explodes, and goes on from the last good checkpoint', async () => {
  faults.losses = loss => (loss === 5 ? Number.NaN : 1)
  const broken = await start(config(4))
  expect(broken).toMatchObject({ state: 'stopped', step: 2, steps: 4 })
  expect(broken.problem).toMatch(
    /^Training stopped at step 3 because ‘loss’ is NaN; the last good checkpoint is kept: try a lower learning rate/,
  )
  const good = await losses(broken)
  expect(good.map(([step]) => step)).toEqual([1, 2])

  faults.losses = () => 1e6
  const exploded = await resume(broken)
  expect(exploded.problem).toMatch(/^Training stopped at step 3 because the loss grew from 0\.\d+ to \d\.\d+e\+5/)

  faults.losses = () => 1
  const run = await resume(exploded)
  expect(run).toMatchObject({ state: 'finished', step: 4, problem: null })
  expect((await losses(run)).slice(0, 2)).toEqual(good)
}, 300_000)

it('keeps the last checkpoint and the record when the disk is full', async () => {
  // One validation writes the best weights, the last ones and their two moments.
  faults.checkpointFiles = 4
  const full = await start(config(2))
  expect(full).toMatchObject({ state: 'failed', step: 1 })
  expect(full.problem).toMatch(
    /^The disk that holds .* is full; free some space and resume the run: it goes on from its last checkpoint\.$/,
  )
  expect(await readdir(join(folder, 'workspace', 'runs', full.id, 'checkpoints'))).toEqual([
    'best-00000001',
    'step-00000001',
  ])
  faults.checkpointFiles = Infinity
  const run = await resume(full)
  expect(run).toMatchObject({ state: 'finished', step: 2, problem: null })
  expect((await workbench.client.training.log({ id: run.id })).map(({ text }) => text)).toContain(
    'Goes on after step 1.',
  )
}, 300_000)

it('looks at the times of rows whose video was away before the first step when it is back', async () => {
  faults.away = 'red-0'
  const rows = (split: string, ...times: readonly string[]) =>
    ['video,label,start,end', ...times.map(time => time.replaceAll('SPLIT', split))].join('\n')
  const home = join(folder, 'timed')
  await mkdir(home)
  const times = ['SPLIT-red-0,red,100,120', 'SPLIT-red-0,red,0.2,50', 'SPLIT-blue-0,blue,0,1']
  await writeFile(join(home, 'train.csv'), rows('train', ...times, 'train-red-1,red,0,1'))
  await writeFile(join(home, 'val.csv'), rows('val', ...times))
  const dataset = { ...config(1).dataset, folder: home, videos: join(folder, 'videos') }
  const said = [
    /csv:2 has no times that are in its video: 1 × The row begins after the end of its video; it is left out/,
    /1 × The row ends after the end of its video; it is taken to that end \(\w+.csv:3/,
  ]

  const run = await start({ ...config(1), dataset })
  expect(run).toMatchObject({ state: 'finished', counts: { train: 4, validation: 3 } })
  const log = (await workbench.client.training.log({ id: run.id })).map(({ text }) => text)
  for (const sentence of said) expect(log).toContainEqual(expect.stringMatching(sentence))

  const choice = evaluationChoice.parse({ dataset, model: run.model, split: 'validation' })
  const started = await workbench.client.evaluation.start(choice)
  await workbench.waitForJob(started.jobId ?? -1)
  const evaluation = await workbench.client.evaluation.info({ id: started.id })
  expect(evaluation).toMatchObject({ state: 'finished', figures: { count: 2 } })
  for (const sentence of said) expect(evaluation.warnings).toContainEqual(expect.stringMatching(sentence))
  expect(evaluation.warnings).not.toContainEqual(expect.stringContaining('cannot be read'))
}, 300_000)
