import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Work } from '../../../main/api/index.ts'
import { AttentionStore } from '../../../main/inspect/attention-store.ts'
import { AttentionInspector } from '../../../main/inspect/attention.ts'
import type { VideoTextEncoder } from '../../../main/models/encoders/encoder.ts'
import { CachedFiles } from '../../../main/storage/files/cached-files.ts'
import { folderOfTest } from '../../support/folders.ts'
import { encoderOf, frameCount, samplerOf, videoOf } from '../retrieval/stand-ins.ts'

let folder: string
let runs: number
let samplings: number
beforeEach(() => {
  folder = folderOfTest('attention')
  runs = 0
  samplings = 0
})

/** Two stages: windows of 2 frames with one head, windows of 4 frames with two heads; every weight 1 / window. */
function encoder(): VideoTextEncoder {
  const alike = (heads: number, window: number) => new Float32Array(heads * frameCount * window).fill(1 / window)
  // In the last block of stage 0 every frame attends to the first of its window.
  const first = Float32Array.from({ length: frameCount * 2 }, (_, index) => (index % 2 === 0 ? 1 : 0))
  return {
    ...encoderOf('m'),
    stages: [
      { window: 2, heads: 1, blocks: 2, rows: 3, columns: 2 },
      { window: 4, heads: 2, blocks: 1, rows: 1, columns: 1 },
    ],
    attention: async () => {
      runs += 1
      return [
        { stage: 0, block: 0, heads: 1, window: 2, maps: alike(1, 2) },
        { stage: 0, block: 1, heads: 1, window: 2, maps: first },
        { stage: 1, block: 0, heads: 2, window: 4, maps: alike(2, 4) },
      ]
    },
    attentionRow: async (_frames, { frame }) => ({
      firstFrame: frame - (frame % 2),
      weights: Float32Array.from({ length: 1 * 2 * 3 * 2 }, (_, index) => index),
    }),
  }
}

const sampler = () =>
  samplerOf(async () => {
    samplings += 1
  })
const inspector = () =>
  new AttentionInspector({
    store: new AttentionStore(folder, new CachedFiles(folder)),
    sampler: sampler(),
    encoder: async () => model,
    settings: () => ({ sampling: 'fast', denseRate: 1 }),
  })
const model = encoder()
const video = videoOf(7, { duration: 16 })

describe('AttentionInspector', () => {
  it('shows all stages over the overview frames', async () => {
    const overview = await inspector().overview(video)
    expect(overview.frames.map(frame => frame.image).slice(0, 3)).toEqual(['frame/7/0', 'frame/7/2000', 'frame/7/4000'])
    expect(overview.stages.map(({ window, heads, blocks, grid }) => ({ window, heads, blocks, grid }))).toEqual([
      { window: 2, heads: 1, blocks: 2, grid: { rows: 3, columns: 2 } },
      { window: 4, heads: 2, blocks: 1, grid: { rows: 1, columns: 1 } },
    ])
    // The last block of stage 0: frames 2 and 3 attend to frame 2.
    expect(overview.stages[0]?.mean[3]).toEqual([0, 0, 1, 0, 0, 0, 0, 0])
    expect(overview.stages[1]?.mean[5]).toEqual([0, 0, 0, 0, 0.25, 0.25, 0.25, 0.25])
  })

  it('shows the segment of the dense pass that has a moment, and keeps it apart from the overview', async () => {
    const inspected = inspector()
    // Eight frames, one a second: two segments of 16 seconds.
    const [first, second] = [
      await inspected.overview({ ...video, at: 7.9 }),
      await inspected.overview({ ...video, at: 8 }),
    ]
    expect(first.segments).toEqual([
      { start: 0, end: 8 },
      { start: 8, end: 16 },
    ])
    expect([first.segment, second.segment]).toEqual([0, 1])
    expect(second.frames.map(({ time }) => time)).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
    expect((await inspected.overview(video)).segment).toBeNull()
    expect(runs).toBe(3)
    expect((await inspected.overview({ ...video, at: 99 })).segment).toBe(1)
    await inspected.block({ ...video, at: 1 }, { stage: 0, block: 0 })
    await inspected.rollout({ ...video, at: 9 })
    expect(runs).toBe(3)
  })

  it('tells the stages of what takes long, once: what is kept is shown without', async () => {
    const told: Work[] = []
    const telling = new AttentionInspector({
      store: new AttentionStore(folder, new CachedFiles(folder)),
      sampler: sampler(),
      encoder: async () => model,
      settings: () => ({ sampling: 'fast', denseRate: 1 }),
      tell: work => told.push(work),
    })
    await telling.overview(video)
    expect(told.map(({ key, stage }) => `${key}: ${stage}`)).toEqual([
      'attention 7: frames',
      'attention 7: model',
      'attention 7: keeping',
    ])
    await telling.overview(video)
    expect(told).toHaveLength(3)
    await telling.row(video, { stage: 0, block: 0, frame: 5, row: 2, column: 1 })
    expect(told.slice(3).map(({ key, stage }) => `${key}: ${stage}`)).toEqual(['patch 7: frames', 'patch 7: model'])
  })

  it('gives each head of a block its entropy and distance', async () => {
    const { window, heads } = await inspector().block(video, { stage: 1, block: 0 })
    expect(window).toBe(4)
    expect(heads).toHaveLength(2)
    // Four frames alike: ln 4 nats; distances 0–3 seen from four places: (6 + 4 + 4 + 6) / 16 frames.
    expect(heads[1]?.entropy).toBeCloseTo(Math.log(4), 12)
    expect(heads[1]?.distance).toBeCloseTo(20 / 16, 12)
    for (const row of heads[0]?.map ?? []) expect(row.reduce((sum, weight) => sum + weight, 0)).toBe(1)
  })

  it('gives the raw row of one patch over the grid of its window', async () => {
    const row = await inspector().row(video, { stage: 0, block: 0, frame: 5, row: 2, column: 1 })
    expect(row.firstFrame).toBe(4)
    expect(row.weights).toEqual([
      [
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        [
          [6, 7],
          [8, 9],
          [10, 11],
        ],
      ],
    ])
  })

  it('runs the model once for several callers, and not at all after a restart', async () => {
    const one = inspector()
    await Promise.all([
      one.overview(video),
      one.block(video, { stage: 0, block: 1 }),
      one.row(video, { stage: 0, block: 0, frame: 0, row: 0, column: 0 }),
    ])
    expect([runs, samplings]).toEqual([1, 1])
    const before = await one.overview(video)
    expect(await inspector().overview(video)).toEqual(before)
    expect([runs, samplings]).toEqual([1, 1])
  })

  it('computes again when the kept file is cut off or not one of ours', async () => {
    const before = await inspector().overview(video)
    const [name = ''] = await readdir(folder)
    const bytes = await readFile(join(folder, name))
    for (const damaged of [bytes.subarray(0, -3), Buffer.from('not attention\n'), Buffer.alloc(0)]) {
      await writeFile(join(folder, name), damaged)
      expect(await inspector().overview(video)).toEqual(before)
    }
    expect(runs).toBe(4)
  })

  it('says which stages, blocks and patches there are', async () => {
    await expect(inspector().block(video, { stage: 2, block: 0 })).rejects.toThrow(
      'There is no stage 2: the model model-m has 2 stages, counted from 0.',
    )
    await expect(inspector().block(video, { stage: 0, block: 2 })).rejects.toThrow(
      'There is no block 2 in stage 0: it has 2 blocks, counted from 0.',
    )
    await expect(inspector().row(video, { stage: 0, block: 0, frame: 1, row: 3, column: 0 })).rejects.toThrow(
      '8 frames of 3 × 2 patches',
    )
  })

  it('ends at once for a caller who has left, and goes on for one who stays', async () => {
    const controller = new AbortController()
    const one = inspector()
    const leaving = one.overview(video, controller.signal)
    const staying = one.overview(video)
    controller.abort(new Error('left the page'))
    await expect(leaving).rejects.toThrow('left the page')
    expect((await staying).videoId).toBe(7)
  })

  it('refuses a model without temporal windows', async () => {
    const plain = new AttentionInspector({
      store: new AttentionStore(folder, new CachedFiles(folder)),
      sampler: sampler(),
      encoder: async () => encoderOf('plain'),
      settings: () => ({ sampling: 'fast', denseRate: 1 }),
    })
    await expect(plain.overview(video)).rejects.toMatchObject({ code: 'no-attention' })
  })
})
