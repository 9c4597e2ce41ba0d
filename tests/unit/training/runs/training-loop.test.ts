import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { MetricPoint, RunConfig, RunRecord } from '../../../../main/api/training/training.ts'
import type { Replace } from '../../../../main/training/data/batches/batches.ts'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { train } from '../../../../main/training/runs/loop/training-loop.ts'
import type { TrainingParts } from '../../../../main/training/runs/loop/training-loop.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { colourRun } from '../../../support/models/small-model.ts'

const broken = new Set([3, 8, 11])
const examples: Example[] = Array.from({ length: 16 }, (_, index) => ({
  source: `rows:${index}`,
  split: 'train',
  content: { type: 'class', video: { path: `${index}.mp4`, start: null, end: null }, label: 0 },
}))
const [steps, perStep] = [12, 4]

interface Watched {
  taken: number[][]
  begun: number[]
  computing: number
  ended: number
  signals: AbortSignal[]
  points: MetricPoint[]
  /** Points that were not forced onto the disk, at each checkpoint. */
  unsynced: number[]
  records: Partial<RunRecord>[]
}

/**
 * Trains on examples of which some cannot be read, with an engine that only takes time; `from` a step as after a
 * restart.
 */
async function trained({
  from = 0,
  frameBytes = 1,
  stopAfter = steps,
  config = {},
}: { from?: number; frameBytes?: number; stopAfter?: number; config?: Partial<RunConfig> } = {}): Promise<Watched> {
  const watched: Watched = {
    taken: [],
    begun: [],
    computing: from,
    ended: 0,
    signals: [],
    points: [],
    unsynced: [],
    records: [],
  }
  const readable = async (example: Example, replace: Replace, original = example): Promise<number> => {
    const index = examples.indexOf(example)
    // Some fail sooner than others.
    await delay(index % 3)
    return broken.has(index)
      ? readable(
          replace(example, new ExpectedError('video-damaged', `${index}.mp4 is damaged`), original),
          replace,
          original,
        )
      : index
  }
  let loads = from
  let synced = 0
  const batches = {
    frameBytes,
    load: async (batch: readonly Example[], { signal, replace }: { signal: AbortSignal; replace: Replace }) => {
      watched.signals.push(signal)
      watched.begun.push(loads++ - watched.computing)
      return {
        places: {
          dtype: 'int32',
          dims: [batch.length],
          data: Int32Array.from(await Promise.all(batch.map(example => readable(example, replace)))),
        },
      }
    },
  }
  const trainer = {
    lossScale: 1,
    accumulate: async (feeds: { places: { data: Int32Array } }) => {
      watched.taken.push([...feeds.places.data])
      await delay(20)
      if (watched.taken.length > stopAfter) throw new Error('the engine has ended')
      return { values: { loss: 1 }, gradientNorm: 1 }
    },
    update: async () => {
      watched.computing += 1
    },
  }
  const nothing = async () => undefined
  const parts = {
    config: { ...colourRun(''), patience: null, ...config },
    precision: 'fp32',
    trainer,
    batches,
    kept: null,
    examples,
    plan: {
      batchSize: perStep,
      microBatchSize: perStep,
      stepsPerEpoch: 4,
      steps,
      schedule: { kind: 'linear', base: 1, warmup: 0, total: steps, minimum: 0, decaySteps: 1, decayRate: 1 },
    },
    folder: {
      forgetAfter: nothing,
      change: async (changes: Partial<RunRecord>) => {
        watched.records.push(changes)
      },
      say: nothing,
      metrics: async () => [],
      append: async (points: MetricPoint[]) => {
        watched.points.push(...points)
      },
      syncPoints: async () => {
        synced = watched.points.length
      },
    },
    checkpoints: {
      restoreLast: async () => ({ step: from, best: null, validationsSinceBest: 0, lossScale: null }),
      saveLast: async () => {
        watched.unsynced.push(watched.points.length - synced)
      },
      saveBest: nothing,
      keepBest: nothing,
    },
    validate: async () => ({ values: {}, metric: 'accuracy', value: 1 }),
    onProgress: () => undefined,
  } as unknown as TrainingParts
  await train(parts, new AbortController().signal).catch(() => undefined)
  return watched
}

it('puts the same examples in the place of broken ones, whatever was found broken before', async () => {
  const whole = await trained()
  expect(whole.taken).toHaveLength(steps)
  expect(whole.taken.flat().some(index => broken.has(index))).toBe(false)
  for (const from of [1, 5, 10]) expect((await trained({ from })).taken).toEqual(whole.taken.slice(from))
})

it('has every point on the disk before the checkpoint that counts on it', async () => {
  const { unsynced } = await trained()
  expect(unsynced.length).toBeGreaterThan(0)
  expect(unsynced.every(points => points === 0)).toBe(true)
})

it('reads ahead while the engine computes, as far as the memory allows, and stops reading when it ends', async () => {
  // Steps begun are counted from the one that is computed.
  expect(Math.max(...(await trained()).begun)).toBe(4)
  expect(Math.max(...(await trained({ frameBytes: 2 ** 27 })).begun)).toBe(1)
  const failed = await trained({ stopAfter: 3 })
  expect(failed.signals.at(-1)?.aborted).toBe(true)
})

it('says what part of a step is spent waiting for frames', async () => {
  const points = (await trained()).points.filter(({ values }) => values['train/loss'] !== undefined)
  expect(points).toHaveLength(steps)
  for (const { values } of points) {
    expect(values['time/secondsPerStep']).toBeGreaterThan(0)
    expect(values['time/waitingForFrames']).toBeGreaterThanOrEqual(0)
    expect(values['time/waitingForFrames']).toBeLessThanOrEqual(1)
  }
})

it('records how many negatives examples really had, those that stand in for broken ones counted as what they are', async () => {
  const { taken, records } = await trained({ config: { task: 'retrieval' } })
  const others = taken.flatMap(batch =>
    batch.map((index, place) => batch.filter((other, at) => at !== place && other !== index).length),
  )
  expect(others.some(count => count < perStep - 1)).toBe(true)
  expect(records.at(-1)?.contrast).toEqual({
    ...{ together: perStep, batch: perStep, leftOut: 0 },
    compared: {
      examples: steps * perStep,
      negatives: others.reduce((sum, count) => sum + count, 0),
      fewest: Math.min(...others),
      falseNegatives: others.reduce((sum, count) => sum + perStep - 1 - count, 0),
    },
  })
  expect((await trained()).records.at(-1)?.contrast).toBeNull()
})
