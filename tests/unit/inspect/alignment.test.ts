import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { align, bestWindows, similarityMatrix } from '../../../main/inspect/alignment.ts'
import type { AlignmentRequest } from '../../../main/inspect/alignment.ts'
import { pauses } from '../../../main/processes/pauses.ts'
import type { IndexingParts } from '../../../main/retrieval/embedding/embedding-parts.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { folderOfTest } from '../../support/folders.ts'
import { encoderOf, samplerOf, videoOf } from '../retrieval/stand-ins.ts'

let folder: string
let database: Database
let parts: IndexingParts
const encoder = encoderOf('m')
const pause = pauses(new AbortController().signal)

beforeEach(async () => {
  folder = folderOfTest('align')
  database = openDatabase(join(folder, 'library.db'))
  encoder.calls = 0
  parts = {
    store: await VectorStore.open(join(folder, 'vectors')),
    ledger: new EmbeddingLedger(database),
    sampler: samplerOf(),
    encoder: async () => encoder,
    settings: () => ({ sampling: 'fast', denseRate: 1 }),
  }
})
afterEach(async () => {
  await parts.store.close()
  database.close()
})

const detail = { id: 5, name: 'five.mp4', captions: [], captionProblem: null }
// 19 seconds: embedded along axis 3.
const request: AlignmentRequest = {
  video: videoOf(5, { duration: 19 }),
  detail,
  text: 'Nothing of the kind. Now comes 3!',
  pass: 'dense',
}
const ask = (changes: Partial<AlignmentRequest> = {}) =>
  align(parts, { ...request, ...changes }, new AbortController().signal)

describe('similarityMatrix', () => {
  it('is the cosine of unit vectors, clips in rows', () => {
    const half = Math.SQRT1_2
    const matrix = similarityMatrix(
      [{ vector: Float32Array.of(1, 0) }, { vector: Float32Array.of(0, 1) }, { vector: Float32Array.of(0.6, 0.8) }],
      [Float32Array.of(1, 0), Float32Array.of(half, half)],
    )
    // By hand: (0.6 + 0.8) / √2 in the last cell; float32 has seven digits.
    const expected = [
      [1, half],
      [0, half],
      [0.6, 1.4 * half],
    ]
    matrix.forEach((row, clip) =>
      row.forEach((value, sentence) => expect(value).toBeCloseTo(expected[clip]?.[sentence] ?? Number.NaN, 6)),
    )
    expect(matrix).toHaveLength(3)
  })
})

it('a sentence is proposed where its clips stand out, whatever stands before and after', async () => {
  const clips = [0, 2, 4, 6, 8, 10].map(start => ({ start, end: start + 2 }))
  const [first, second] = [
    [0.1, 0.1, 0.7, 0.8, 0.1, 0.1],
    [0.9, 0.1, 0.1, 0.1, 0.1, 0.1],
  ]
  const similarity = clips.map((_, row) => [first?.[row] ?? 0, second?.[row] ?? 0])
  expect(await bestWindows(clips, similarity, pause)).toEqual([
    { start: 4, end: 8 },
    { start: 0, end: 2 },
  ])
  expect(await bestWindows([], [], pause)).toEqual([])
})

it('hundreds of sentences leave the process its turns, so that they can be stopped', async () => {
  const clips = Array.from({ length: 300 }, (_, clip) => ({ start: 2 * clip, end: 2 * clip + 2 }))
  const similarity = clips.map((_, row) => Array.from({ length: 400 }, (_, column) => Math.sin(row * column)))
  const told = new AbortController()
  setImmediate(() => told.abort(new Error('enough')))
  await expect(bestWindows(clips, similarity, pauses(told.signal))).rejects.toThrow('enough')
})

describe('align', () => {
  it('gives clips × sentences with times, thumbnails and the path', async () => {
    const alignment = await ask()
    expect(alignment).toMatchObject({ videoId: 5, duration: 19, pass: 'dense', model: 'model-m', warnings: [] })
    expect(alignment.clips[1]).toEqual({ start: 2, end: 4, thumbnail: 'frame/5/3000' })
    expect(alignment.sentences).toEqual([
      { text: 'Nothing of the kind.', start: null, end: null },
      { text: 'Now comes 3!', start: null, end: null },
    ])
    expect(alignment.similarity).toEqual(alignment.clips.map(() => [0, 1]))
    expect(alignment.path).toEqual(alignment.clips.map(() => 1))
    // Each sentence is as like every clip: none stands out.
    expect(alignment.windows).toEqual([null, null])
    // The published one: the stand-in does not say its own.
    expect(alignment.temperature).toBe(0.05)
  })

  it('embeds a video that is not indexed once and keeps it; another pass is another computation', async () => {
    const first = await ask()
    expect(encoder.calls).toBe(3)
    expect(await ask()).toEqual(first)
    expect(encoder.calls).toBe(3)
    expect((await ask({ pass: 'overview' })).clips).toHaveLength(4)
    expect(encoder.calls).toBe(4)
  })

  it('takes the captions with their times when there is no text', async () => {
    const captions = [
      { text: 'Two 2.', start: 0, end: 4 },
      { text: 'Three 3.', start: 4, end: 9.5 },
    ]
    const alignment = await ask({ text: null, detail: { ...detail, captions } })
    expect(alignment.sentences).toEqual(captions)
    expect(alignment.similarity[0]).toEqual([0, 1])
  })

  it('says what to do without captions or without text', async () => {
    await expect(ask({ text: null })).rejects.toMatchObject({
      code: 'no-captions',
      message:
        'There are no captions beside five.mp4: type a text, or put a .txt, .srt, .vtt or .json file of the same name beside it.',
    })
    await expect(
      ask({ text: null, detail: { ...detail, captionProblem: 'five.srt has no cue that can be read.' } }),
    ).rejects.toThrow('five.srt has no cue that can be read.')
    await expect(ask({ text: '  ' })).rejects.toMatchObject({ code: 'empty-text' })
  })

  it('stores nothing when it is aborted', async () => {
    const controller = new AbortController()
    const aborting = encoderOf('m', async () => controller.abort(new Error('closed the page')))
    await expect(align({ ...parts, encoder: async () => aborting }, request, controller.signal)).rejects.toThrow(
      'closed the page',
    )
    await ask()
    expect(encoder.calls).toBe(3)
  })

  it('aligns a long video with a long text', async () => {
    const alignment = await ask({
      video: videoOf(6, { duration: 1600 }),
      text: Array.from({ length: 120 }, (_, index) => `Sentence about ${index % 8}.`).join(' '),
    })
    expect(alignment.clips).toHaveLength(800)
    expect(alignment.similarity[0]).toHaveLength(120)
    expect(alignment.path).toHaveLength(800)
  })
})
