import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Run, RunConfig } from '../../../main/api/training.ts'
import { openWorkbench } from '../../../main/workbench.ts'
import type { Workbench } from '../../../main/workbench.ts'
import { writeColourClasses } from './labelled-videos.ts'

let folder = ''
let workbench: Workbench
const videos = () => path.join(folder, 'videos')

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lfvila-run-'))
  await writeColourClasses(videos(), { train: 4, val: 2 })
  workbench = await openWorkbench({ host: 'cli', version: 'test', workspace: path.join(folder, 'workspace'), demo: false, device: 'cpu' })
}, 120_000)
afterAll(async () => {
  await workbench.close()
  await rm(folder, { recursive: true, force: true })
})

const config = (changes: Partial<RunConfig> = {}): RunConfig => ({
  name: 'colours', model: 'untrained', task: 'video-classification', preset: null, train: { what: 'heads' }, clips: null,
  dataset: { folder: videos(), videos: null, format: null, task: null, split: null },
  parameters: {
    epochs: 4, batchSize: 4, microBatchSize: 2, learningRate: 0.02, weightDecay: 0, clipNorm: 1, labelSmoothing: 0, stochastic: false, augment: false, negatives: 'reference',
    schedule: { kind: 'linear', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 0 },
  },
  seed: 3, validateEvery: 2, patience: null, ...changes,
})

async function finish(run: Run): Promise<Run> {
  await workbench.waitForJob(run.jobId ?? -1)
  return workbench.client.training.info({ id: run.id })
}

const losses = async (run: Run): Promise<number[]> => (await workbench.client.training.metrics({ id: run.id })).flatMap(({ values }) => values['train/loss'] ?? [])

describe('a run', () => {
  it('learns to tell two classes apart and registers its best checkpoint as a model', async () => {
    const run = await finish(await workbench.client.training.start(config()))
    expect(run).toMatchObject({ state: 'finished', step: 8, steps: 8, problem: null })
    expect(run.best).toMatchObject({ metric: 'accuracy', value: 1 })
    const [first = 0, ...rest] = await losses(run)
    expect(rest).toHaveLength(7)
    expect(rest.at(-1)).toBeLessThan(first)
    expect(await workbench.client.models.info({ id: run.model ?? '' })).toMatchObject({ kind: 'video-classification', trained: true })
    expect((await readdir(path.join(folder, 'workspace', 'runs', run.id))).filter(name => name.includes('tfevents'))).toHaveLength(1)
  }, 300_000)

  it('computes the same numbers when it is paused and goes on', async () => {
    const whole = await finish(await workbench.client.training.start(config()))
    const started = await workbench.client.training.start(config({ name: 'paused' }))
    await vi.waitUntil(async () => (await losses(started)).length >= 3, { timeout: 120_000, interval: 100 })
    await workbench.client.training.pause({ id: started.id })
    await workbench.waitForJob(started.jobId ?? -1)
    expect(await workbench.client.training.info({ id: started.id })).toMatchObject({ state: 'paused' })
    const resumed = await finish(await workbench.client.training.resume({ id: started.id }))
    expect(resumed.state).toBe('finished')
    expect(await losses(resumed)).toEqual(await losses(whole))
  }, 300_000)
})
