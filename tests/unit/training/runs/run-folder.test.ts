import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Task } from '../../../../main/api/training/datasets.ts'
import type { Hyperparameters, RunRecord } from '../../../../main/api/training/training.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import { RunFolder } from '../../../../main/training/runs/folder/run-folder.ts'
import { batchOf, leastExamples, makePlan } from '../../../../main/training/runs/loop/plan.ts'
import { Runs } from '../../../../main/training/runs/runs.ts'
import type { RunsParts } from '../../../../main/training/runs/runs.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import { learningRate } from '../../../../native-models/training/learning-rate.ts'
import { folderOfTest } from '../../../support/folders.ts'

let runs = ''
beforeEach(() => {
  runs = folderOfTest('runs')
})

const parameters: Hyperparameters = {
  epochs: 3,
  batchSize: 4,
  microBatchSize: null,
  learningRate: 1,
  weightDecay: 0,
  clipNorm: null,
  labelSmoothing: 0,
  stochastic: false,
  augment: false,
  negatives: 'reference',
  contrast: 'micro-batch',
  schedule: { kind: 'linear', warmupEpochs: 1, decayEpochs: null, decayRate: null, minimum: 0 },
}
const record = (id: string, createdAt = 1_700_000_000_000): RunRecord => ({
  id,
  state: 'queued',
  jobId: null,
  createdAt,
  endedAt: null,
  epoch: 0,
  step: 0,
  steps: 0,
  best: null,
  counts: null,
  model: null,
  problem: null,
  notices: [],
  dataHash: '',
  codeVersion: '',
  precision: null,
  contrast: null,
  continues: null,
  config: {
    name: id,
    dataset: { folder: '/x', videos: null, format: null, task: null, split: null },
    model: 'm',
    task: 'retrieval',
    preset: null,
    train: { what: 'heads' },
    clips: null,
    parameters,
    seed: 0,
    validateEvery: 1,
    patience: null,
  },
})
const create = (id = 'run', createdAt?: number) =>
  RunFolder.create(runs, record(id, createdAt), { examples: [], labels: [] })
const point = (step: number, value = step) => ({
  step,
  epoch: step / 2,
  time: 1_700_000_000_000 + step,
  values: { 'train/loss': value },
})

/** What TensorBoard reads: steps and scalars, after both checksums of every record. */
async function events(folder: string): Promise<{ step: number; tag: string; value: number }[]> {
  const name = (await readdir(folder)).find(file => file.includes('tfevents')) ?? ''
  const bytes = await readFile(join(folder, name))
  const scalars: { step: number; tag: string; value: number }[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(bytes.subarray(at, at + 8)))
    const event = bytes.subarray(at + 12, at + 12 + length)
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(event))
    at += 16 + length
    if (event[11] === 0x1a) {
      expect(event.toString('latin1', 13)).toBe('brain.Event:2')
    }
    // wall time (9 bytes), step (2 bytes while it is below 128), summary { value { tag, scalar } }
    else {
      scalars.push({
        step: event[10] ?? -1,
        tag: event.toString('latin1', 17, 17 + (event[16] ?? 0)),
        value: event.readFloatLE(event.length - 4),
      })
    }
  }
  return scalars
}

/** CRC-32C bit by bit, rotated and offset. */
function masked(data: Uint8Array): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  crc = ~crc
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

describe('a run on the disk', () => {
  it('has nothing to force onto the disk before its first point, as when it is paused before its first step', async () => {
    const run = await create()
    await run.syncPoints()
    await run.append([point(1)])
    await run.syncPoints()
    expect(await run.metrics()).toEqual([point(1)])
  })

  it('keeps points for the charts and for TensorBoard, and forgets those that are computed again', async () => {
    const run = await create()
    await run.append([point(1), point(2)])
    await run.append([point(3)])
    expect((await run.metrics(1)).map(({ step }) => step)).toEqual([2, 3])
    expect(await events(run.path)).toEqual([1, 2, 3].map(step => ({ step, tag: 'train/loss', value: step })))
    await run.forgetAfter(2)
    await run.append([point(3, 7)])
    expect((await run.metrics()).map(({ values }) => values['train/loss'])).toEqual([1, 2, 7])
    expect((await events(run.path)).map(({ value }) => value)).toEqual([1, 2, 7])
  })

  it('passes over a line that a crash cut short', async () => {
    const run = await create()
    await run.append([point(1)])
    await appendFile(join(run.path, 'metrics.jsonl'), '{"step":2,"epo')
    expect(await run.metrics()).toEqual([point(1)])
  })

  it('is listed newest first, without what is half made or damaged', async () => {
    await create('older', 1)
    await create('newer', 2)
    const damaged = await create('damaged', 3)
    await writeFile(join(damaged.path, 'run.json'), '{')
    expect((await RunFolder.list(runs)).map(run => run.record.id)).toEqual(['newer', 'older'])
    await expect(RunFolder.open(runs, '../newer')).rejects.toThrow(/no run/)
    await expect(RunFolder.open(runs, 'damaged')).rejects.toThrow(/cannot be read/)
    expect(await RunFolder.damaged(runs)).toEqual([expect.stringContaining(`${damaged.path} cannot be read`)])
  })

  it('changes its record as it is on the disk', async () => {
    const [one, other] = [await create(), await RunFolder.open(runs, 'run')]
    await one.change({ step: 5 })
    expect(await other.change({ state: 'paused' })).toMatchObject({ step: 5, state: 'paused' })
  })
})

describe('the plan', () => {
  it('leaves out what fills no batch, and makes micro-batches of one size', () => {
    expect(makePlan(10, { ...parameters, microBatchSize: 3 }, 'retrieval')).toMatchObject({
      batchSize: 4,
      microBatchSize: 2,
      stepsPerEpoch: 2,
      steps: 6,
    })
    expect(makePlan(3, parameters, 'retrieval')).toMatchObject({
      batchSize: 3,
      microBatchSize: 3,
      stepsPerEpoch: 1,
      steps: 3,
    })
  })

  it('refuses a contrastive loss with nothing to compare', () => {
    expect(() => makePlan(1, parameters, 'retrieval')).toThrow(
      /batch of one has nothing to compare: give more examples/,
    )
    expect(() => makePlan(8, { ...parameters, microBatchSize: 1 }, 'retrieval')).toThrow(
      /micro-batch of one has nothing to compare: choose at least 2/,
    )
    expect(makePlan(1, parameters, 'qa-classification')).toMatchObject({ batchSize: 1 })
  })

  it('refuses matching where the first half of a batch has no other video, so that a pair would count as none', () => {
    expect(['retrieval', 'pretrain-stage2', 'qa-classification'].map(task => leastExamples(task as Task))).toEqual([
      2, 4, 1,
    ])
    expect(() => makePlan(3, parameters, 'pretrain-stage2')).toThrow(/a batch of 3 has no other: give more examples/)
    expect(() => makePlan(8, { ...parameters, microBatchSize: 2 }, 'pretrain-stage2')).toThrow(
      /a micro-batch of 2 has no other: choose at least 4/,
    )
    expect(makePlan(8, parameters, 'pretrain-stage2')).toMatchObject({ microBatchSize: 4 })
  })

  it('compares a batch of several micro-batches, where its loss compares and nobody wants it otherwise', () => {
    const several = { ...parameters, microBatchSize: 1, contrast: 'batch' } as const
    expect(makePlan(8, several, 'retrieval')).toMatchObject({ microBatchSize: 1, contrasts: 4 })
    expect(makePlan(8, { ...several, microBatchSize: null }, 'retrieval').contrasts).toBeNull()
    expect(makePlan(8, several, 'qa-classification').contrasts).toBeNull()
    // The same examples come together, however many of them are in memory at once.
    const pairs = Array.from({ length: 8 }, (_, place) => ({ group: `pair ${place % 4}` }))
    const batches = ([1, 2, 4] as const).map(microBatchSize =>
      batchOf(1, pairs, { ...makePlan(8, { ...several, microBatchSize }, 'retrieval'), seed: 2 }),
    )
    expect(batches[1]).toEqual(batches[0])
    expect(batches[2]).toEqual(batches[0])
  })

  it('begins at rate 0 and warms up for an epoch', () => {
    const { schedule } = makePlan(8, parameters, 'retrieval')
    expect([0, 1, 2].map(step => learningRate(schedule, step))).toEqual([0, 0.5, 1])
  })

  it('visits every example once an epoch, each epoch in an order of its own', () => {
    const plan = makePlan(8, parameters, 'retrieval')
    const eight = Array.from({ length: 8 }, () => ({}))
    const order = (epoch: number) =>
      [0, 1].flatMap(step => batchOf(2 * epoch + step, eight, { ...plan, seed: 1 }).places)
    expect(order(0).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(order(1)).not.toEqual(order(0))
    expect(batchOf(3, eight, { ...plan, seed: 1 })).toEqual(batchOf(3, eight, { ...plan, seed: 1 }))
  })

  it('keeps the examples of a group in one micro-batch, and leaves none out', () => {
    // Places 1 and 7, 2 and 6, 3 and 5 are pairs, the others single.
    const pairs = Array.from({ length: 12 }, (_, place) =>
      place % 4 !== 0 && place < 8 ? { group: `pair ${Math.min(place, 8 - place)}` } : {},
    )
    const plan = makePlan(12, { ...parameters, batchSize: 6, microBatchSize: 3 }, 'retrieval')
    for (let epoch = 0; epoch < 20; epoch += 1) {
      const places = [0, 1].flatMap(step => batchOf(2 * epoch + step, pairs, { ...plan, seed: 4 }).places)
      expect(places.toSorted((a, b) => a - b)).toEqual(pairs.map((_, place) => place))
      const microBatchOf = (place: number) => Math.floor(places.indexOf(place) / 3)
      for (const place of [1, 2, 3]) expect(microBatchOf(place)).toBe(microBatchOf(8 - place))
    }
  })

  it('orders examples without groups as it did before there were groups', () => {
    const plan = makePlan(8, parameters, 'retrieval')
    const order = seededRandom(1, 'order', 0).shuffled([0, 1, 2, 3, 4, 5, 6, 7])
    expect(
      batchOf(
        0,
        Array.from({ length: 8 }, () => ({})),
        { ...plan, seed: 1 },
      ).places,
    ).toEqual(order.slice(0, 4))
  })
})

describe('a run whose program was killed before its job stood in the record', () => {
  async function runsWithQueue() {
    const database = openDatabase(join(runs, 'library.db'))
    const jobs = new JobQueue(database)
    const parts = { folder: join(runs, 'runs'), jobs, onRuns: () => undefined } as unknown as RunsParts
    const { record: known } = await RunFolder.create(parts.folder, record('run'), { examples: [], labels: [] })
    return { all: new Runs(parts), jobs, id: known.id, close: () => database.close() }
  }

  it('is followed by its job, where that was enqueued', async () => {
    const { all, jobs, id, close } = await runsWithQueue()
    jobs.enqueue({ kind: 'finetune', title: 'another', payload: { run: `${id}b` } })
    const job = jobs.enqueue({ kind: 'finetune', title: 'its own', payload: { run: id } })
    expect((await all.open(id)).record).toMatchObject({ state: 'queued', jobId: job.id })
    close()
  })

  it('waits to be told to go on, where it was not', async () => {
    const { all, jobs, id, close } = await runsWithQueue()
    expect((await all.open(id)).record).toMatchObject({ state: 'paused', jobId: null })
    const { state, jobId } = await all.resume(id)
    expect([state, jobId]).toEqual(['queued', jobs.list()[0]?.id])
    close()
  })
})
