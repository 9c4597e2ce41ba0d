import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Run, RunConfig } from '../../../../main/api/training/training.ts'
import { forkLauncher } from '../../../../main/engine/launcher.ts'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { RunFolder } from '../../../../main/training/runs/folder/run-folder.ts'
import { trainRun } from '../../../../main/training/runs/run-job.ts'
import { openWorkbench } from '../../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../../main/workbench/workbench.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { windows } from '../../../support/models/small-config.ts'
import { colourRun, importSmallModel } from '../../../support/models/small-model.ts'
import { once } from '../../../support/once.ts'
import { isWhole, thorough } from '../../../support/sample.ts'
import { writeColourClasses } from '../../../support/videos/labelled-videos.ts'
import { swiftShader } from '../../engine/swiftshader.ts'

const folder = folderOfFile('run')
let workbench: Workbench
const videos = () => join(folder, 'videos')
/** Two steps in an epoch, of two micro-batches each. */
const config = ({ parameters, ...changes }: Changes = {}) =>
  colourRun(videos(), {
    ...changes,
    parameters: { ...colourRun('').parameters, batchSize: 2, microBatchSize: 1, ...parameters },
  })
type Changes = Partial<Omit<RunConfig, 'parameters'>> & { readonly parameters?: Partial<RunConfig['parameters']> }

beforeAll(async () => {
  await writeColourClasses(videos(), { train: 2, val: 2 })
  workbench = await openWorkbench({
    host: 'cli',
    version: 'test',
    workspace: join(folder, 'workspace'),
    demo: false,
    device: 'cpu',
  })
  await importSmallModel(workbench, folder)
}, 600_000)
afterAll(async () => {
  await workbench.close()
})

async function finish(run: Run, { client, waitForJob } = workbench): Promise<Run> {
  await waitForJob(run.jobId ?? -1)
  return client.training.info({ id: run.id })
}

async function losses(run: Run, { client } = workbench): Promise<number[]> {
  return (await client.training.metrics({ id: run.id })).flatMap(({ values }) => values['train/loss'] ?? [])
}

const plain = once(async () => finish(await workbench.client.training.start(config())))
/** With everything that chance decides, and nothing kept of frames before it. */
const random = config({ name: 'random', parameters: { stochastic: true, augment: true } })
const whole = once(async () => {
  await workbench.client.app.clearFrameCache()
  return finish(await workbench.client.training.start(random))
})

describe('a run', () => {
  it('learns to tell two classes apart and registers its best checkpoint as a model', async () => {
    const run = await plain()
    expect(run).toMatchObject({ state: 'finished', step: 6, steps: 6, problem: null })
    // Two classes: chance is one half.
    expect(run.best).toMatchObject({ metric: 'accuracy', value: 1 })
    const [first = 0, ...rest] = await losses(run)
    expect(rest).toHaveLength(5)
    expect(rest.at(-1)).toBeLessThan(first)
    expect(await workbench.client.models.info({ id: run.model ?? '' })).toMatchObject({
      kind: 'video-classification',
      trained: true,
    })
    expect(
      (await readdir(join(folder, 'workspace', 'runs', run.id))).filter(name => name.includes('tfevents')),
    ).toHaveLength(1)
  }, 300_000)

  it('computes the same numbers when it is paused and goes on', async () => {
    const expected = await losses(await whole())
    const started = await workbench.client.training.start(random)
    await vi.waitUntil(async () => (await losses(started)).length >= 3, { timeout: 120_000, interval: 50 })
    await workbench.client.training.pause({ id: started.id })
    await workbench.waitForJob(started.jobId ?? -1)
    expect(await workbench.client.training.info({ id: started.id })).toMatchObject({
      state: 'paused',
      resumable: true,
    })
    const resumed = await finish(await workbench.client.training.resume({ id: started.id }))
    expect(resumed).toMatchObject({ state: 'finished', resumable: false })
    expect(await losses(resumed)).toEqual(expected)
  }, 300_000)

  thorough(
    'computes the same numbers whether or not decoded frames are kept',
    async () => {
      const frames = join(folder, 'workspace', 'cache', 'training-frames')
      const kept = await whole()
      expect((await workbench.client.app.frameCache()).bytes).toBeGreaterThan(0)
      const other = await openWorkbench({
        host: 'cli',
        version: 'test',
        workspace: join(folder, 'no frames'),
        demo: false,
        device: 'cpu',
        frameCache: 0,
      })
      try {
        await importSmallModel(other, folder)
        const decoded = await finish(await other.client.training.start(random), other)
        expect(await losses(decoded, other)).toEqual(await losses(kept))
        expect(await other.client.app.frameCache()).toEqual({ bytes: 0 })
      } finally {
        await other.close()
      }
      expect((await readdir(frames)).length).toBeGreaterThan(0)
      // All of it is there the second time.
      expect(await losses(await finish(await workbench.client.training.start(random)))).toEqual(await losses(kept))
      expect(await workbench.client.app.clearFrameCache()).toEqual({ bytes: 0 })
    },
    300_000,
  )

  it('reads no video twice where what is frozen is kept, and learns the same', async () => {
    const heads = config({ name: 'heads', train: { what: 'heads' } })
    const kept = await finish(await workbench.client.training.start(heads))
    expect(await readdir(join(folder, 'workspace', 'runs', kept.id, 'kept'))).toHaveLength(4)
    // With augmentation every epoch draws its frames anew; one colour looks the same whatever is drawn.
    const anew = await finish(
      await workbench.client.training.start(config({ ...heads, parameters: { ...heads.parameters, augment: true } })),
    )
    const [one, other] = [await losses(kept), await losses(anew)]
    for (const [step, loss] of one.entries()) expect(other[step]).toBeCloseTo(loss, 3)
  }, 300_000)

  it('trains low-rank additions and registers them worked into the weights', async () => {
    const run = await finish(
      await workbench.client.training.start(config({ name: 'lora', train: { what: 'lora', rank: 2, alpha: 4 } })),
    )
    expect(run).toMatchObject({ state: 'finished', best: { value: 1 } })
    expect((await workbench.client.models.info({ id: run.model ?? '' })).parameters).toBe(
      (await workbench.client.models.info({ id: 'small' })).parameters,
    )
  }, 300_000)

  thorough(
    'learns in half precision under a loss scale that goes on with the run',
    async () => {
      const started = await workbench.client.training.start(config({ name: 'half' }))
      await workbench.client.training.cancel({ id: started.id })
      await workbench.waitForJob(started.jobId ?? -1)
      const run = await RunFolder.open(join(folder, 'workspace', 'runs'), started.id)
      await run.change({ precision: null })
      // The processor gains nothing from half precision and so never chooses it; it computes it all the same.
      const sampler = new SamplingThread()
      const finished = await trainRun(
        {
          models: join(folder, 'workspace', 'models'),
          launch: forkLauncher(),
          register: () => Promise.resolve('unregistered'),
          device: () => Promise.resolve({ device: 'cpu', fallback: null, precision: 'fp16' }),
          sampler,
          frameCache: () => ({ directory: join(folder, 'frames'), limit: 0 }),
        },
        run,
        { signal: new AbortController().signal, progress: () => undefined, fail: () => undefined },
      )
      await sampler.close()
      expect(finished).toMatchObject({ state: 'finished', precision: 'fp16', best: { value: 1 } })
      const single = await losses(await plain())
      for (const [step, loss] of (await losses(started)).entries()) {
        expect(loss).toBeCloseTo(single[step] ?? Number.NaN, 1)
      }
      const [last = ''] = (await readdir(run.checkpoints)).filter(name => name.startsWith('step-'))
      expect(JSON.parse(await readFile(join(run.checkpoints, last, 'progress.json'), 'utf8'))).toMatchObject({
        step: 6,
        lossScale: { good: expect.any(Number) },
      })
    },
    300_000,
  )

  it('says what a run will take before it starts', async () => {
    const estimate = await workbench.client.training.estimate(config({ train: { what: 'heads' } }))
    expect(estimate).toMatchObject({ stepsPerEpoch: 2, microBatchSize: 1, warnings: [] })
    expect(estimate.secondsPerEpoch).toBeGreaterThan(0)
    expect(estimate.basis).toMatch(/micro-batch of 1, measured on the device ‘cpu’.*first epoch takes/)
    expect(estimate.trainedParameters).toBe(64 * 64 * 2 + 64 * 2 + 2 * 64 + 2 - (64 * 64 + 64))
  }, 120_000)
})

describe.runIf(isWhole && swiftShader !== null)('on a software Vulkan device', () => {
  it('computes the losses of the CPU', async () => {
    // Two videos, two steps and one block: the device in software takes its time to compile each kernel.
    const shallow = {
      VideoEncoder: {
        embed_dim: 64,
        depths: [1],
        num_heads: [1],
        downsample_stages: [],
        window_size: windows(2),
      },
      DATA: { input_res: [32, 48] },
    }
    const few = join(folder, 'few')
    await writeColourClasses(few, { train: 1, val: 1 })
    const small = {
      ...config({ name: 'webgpu', parameters: { microBatchSize: 2, epochs: 2 }, validateEvery: 2 }),
      model: 'shallow',
      dataset: { ...config().dataset, folder: few },
    }
    await importSmallModel(workbench, folder, 'shallow', shallow)
    const cpu = await finish(await workbench.client.training.start(small))
    const other = await openWorkbench({
      host: 'cli',
      version: 'test',
      workspace: join(folder, 'webgpu'),
      demo: false,
      device: 'webgpu',
      launchEngine: forkLauncher(swiftShader ?? {}),
    })
    try {
      await importSmallModel(other, folder, 'shallow', shallow)
      const run = await finish(await other.client.training.start(small), other)
      expect(run).toMatchObject({ state: 'finished', notices: [] })
      expect(await other.client.training.log({ id: run.id })).not.toContainEqual(
        expect.objectContaining({ level: 'warning' }),
      )
      const [expected, computed] = [await losses(cpu), await losses(run, other)]
      expect(computed).toHaveLength(2)
      for (const [step, loss] of expected.entries()) expect(computed[step]).toBeCloseTo(loss, 3)
    } finally {
      await other.close()
    }
  }, 400_000)
})
