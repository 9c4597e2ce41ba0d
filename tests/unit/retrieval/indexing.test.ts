import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embedVideo } from '../../../main/retrieval/embedding/embed-video.ts'
import type { IndexableVideo, IndexingParts } from '../../../main/retrieval/embedding/embedding-parts.ts'
import { indexVideos } from '../../../main/retrieval/indexing/indexing.ts'
import type { IndexingHooks } from '../../../main/retrieval/indexing/indexing.ts'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import type { ErrorCode } from '../../../native-models/error-codes.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { folderOfTest } from '../../support/folders.ts'
import { broken, encoderOf, samplerOf, takeTime, videoOf } from './stand-ins.ts'
import type { StandInEncoder } from './stand-ins.ts'

let folder: string
let store: VectorStore
let database: Database
let ledger: EmbeddingLedger
const settings = { sampling: 'fast' as const, denseRate: 1 }

beforeEach(async () => {
  folder = folderOfTest('indexing')
  store = await VectorStore.open(join(folder, 'vectors'))
  database = openDatabase(join(folder, 'library.db'))
  ledger = new EmbeddingLedger(database)
})
afterEach(async () => {
  await store.close()
  database.close()
})

const partsWith = (encoder: StandInEncoder, sampler = samplerOf()): IndexingParts => ({
  store,
  ledger,
  sampler,
  encoder: async () => encoder,
  settings: () => settings,
})

interface Run {
  reports: { done: number; total: number; current: string | null }[]
  failures: { id: number; reason: string; undecodable: boolean }[]
}

async function index(
  parts: IndexingParts,
  videos: IndexableVideo[],
  signal = new AbortController().signal,
): Promise<Run> {
  const run: Run = { reports: [], failures: [] }
  const hooks: IndexingHooks = {
    signal,
    progress: ({ done, total, current }) => run.reports.push({ done, total, current }),
    fail: ({ id }, reason, undecodable) => run.failures.push({ id, reason, undecodable }),
  }
  await indexVideos(parts, { videos: () => videos, passes: ['overview', 'dense'], ...hooks })
  return run
}

describe('indexVideos', () => {
  it('stores both passes with the times of their clips', async () => {
    const encoder = encoderOf('m')
    await index(partsWith(encoder), [videoOf(1, { duration: 16 })])
    const keys = embeddingKeys(encoder, settings)
    const overview = await store.get({ pass: 'overview', key: keys.overview, contentId: 'content-1' })
    expect(overview.map(({ clip, start, end }) => [clip, start, end])).toEqual([
      [-1, 0, 16],
      [0, 0, 4],
      [1, 4, 8],
      [2, 8, 12],
      [3, 12, 16],
    ])
    const dense = await store.get({ pass: 'dense', key: keys.dense, contentId: 'content-1' })
    expect(dense.map(({ segment, start, end }) => [segment, start, end])).toEqual([
      [0, 0, 2],
      [0, 2, 4],
      [0, 4, 6],
      [0, 6, 8],
      [1, 8, 10],
      [1, 10, 12],
      [1, 12, 14],
      [1, 14, 16],
    ])
    expect(ledger.complete(keys.overview)).toEqual(new Map([['content-1', 5]]))
    expect(ledger.complete(keys.dense)).toEqual(new Map([['content-1', 8]]))
  })

  it('skips what is complete and computes the same content of two paths once', async () => {
    const encoder = encoderOf('m')
    const twins = [videoOf(1), videoOf(2, { contentId: 'content-1' }), videoOf(3)]
    await index(partsWith(encoder), twins)
    expect(encoder.calls).toBe(4)
    const again = await index(partsWith(encoder), [...twins, videoOf(4)])
    expect(encoder.calls).toBe(6)
    expect(again.reports.at(-1)).toEqual({ done: 1, total: 1, current: null })
  })

  it('reports progress in videos: never backwards, a constant total, everything at the end', async () => {
    const { reports } = await index(partsWith(encoderOf('m')), [videoOf(1, { duration: 24 }), videoOf(2), videoOf(3)])
    expect(new Set(reports.map(report => report.total))).toEqual(new Set([3]))
    expect(reports.every(({ done }, position) => done >= (reports[position - 1]?.done ?? 0))).toBe(true)
    expect(reports.at(-1)?.done).toBe(3)
    expect(reports.map(report => report.current)).toContainEqual(expect.stringContaining('(segment 2 of 3)'))
  })

  it('decodes ahead while the model works, and not without bound', async () => {
    let decoded = 0
    let encoded = 0
    const ahead: number[] = []
    const sampler = samplerOf(async () => {
      decoded += 1
    })
    const encoder = encoderOf('m', async () => {
      await takeTime(5)
      encoded += 1
      ahead.push(decoded - encoded)
    })
    await index(partsWith(encoder, sampler), [videoOf(1, { duration: 8 * 20 }), videoOf(2)])
    expect(encoded).toBe(1 + 20 + 2)
    // While a segment is encoded the next ones are decoded already: three, and one waiting to be taken.
    expect(Math.min(...ahead.slice(0, -4))).toBeGreaterThanOrEqual(2)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(4)
  })

  it('goes on after a video that cannot be decoded or was deleted, with a sentence each', async () => {
    const deleted = videoOf(2, { path: join(folder, 'deleted.mp4') })
    const damaged = videoOf(3, { path: join(folder, '..') })
    const sampler = samplerOf(async path => {
      if (path === deleted.path) {
        throw Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'stat' })
      }
      if (path === damaged.path) throw broken(path)
    })
    const encoder = encoderOf('m')
    const { failures, reports } = await index(partsWith(encoder, sampler), [videoOf(1), deleted, damaged, videoOf(4)])
    expect(failures).toEqual([
      {
        id: 2,
        reason: `${deleted.path} was deleted or moved while it was being indexed; put it back and index again.`,
        undecodable: false,
      },
      { id: 3, reason: `No frame of ${damaged.path} can be decoded; copy it again.`, undecodable: true },
    ])
    expect([...ledger.complete(embeddingKeys(encoder, settings).dense).keys()]).toEqual(['content-1', 'content-4'])
    expect(reports.at(-1)).toMatchObject({ done: 4, total: 4 })
  })

  it('goes on with the embeddings of a model whose weights for videos are the same', () => {
    const keysOf = (model: Parameters<typeof embeddingKeys>[0]) => embeddingKeys(model, settings)
    const base = keysOf({ hash: 'base', frames: 32 })
    expect(keysOf({ hash: 'learnt', videoHash: 'base', frames: 32 })).toEqual(base)
    expect(keysOf({ hash: 'learnt', frames: 32 })).not.toEqual(base)
  })

  it('stores nothing of a video whose later segment cannot be decoded', async () => {
    const sampler = samplerOf(async (path, segment) => {
      if (segment === 2) throw broken(path)
    })
    const encoder = encoderOf('m')
    await index(partsWith(encoder, sampler), [videoOf(1, { duration: 40 })])
    const keys = embeddingKeys(encoder, settings)
    expect(ledger.has('content-1', keys.overview)).toBe(true)
    expect(ledger.has('content-1', keys.dense)).toBe(false)
    expect(await store.count('dense', keys.dense)).toBe(0)
  })

  it('stops as a whole when the cause would meet every video, keeping what is done', async () => {
    const sampler = samplerOf(async path => {
      if (path === 'second') throw new ExpectedError('ffmpeg-missing', 'ffmpeg was not found.')
    })
    const encoder = encoderOf('m')
    await expect(
      index(partsWith(encoder, sampler), [videoOf(1), videoOf(2, { path: 'second' }), videoOf(3)]),
    ).rejects.toThrow('ffmpeg was not found.')
    expect([...ledger.complete(embeddingKeys(encoder, settings).dense).keys()]).toEqual(['content-1'])
  })

  it('indexes a video some frames of which were replaced, and keeps the warnings with the embeddings', async () => {
    const sampler = samplerOf()
    const worn = {
      ...sampler,
      async *samplePasses(...asked: Parameters<typeof sampler.samplePasses>) {
        for await (const sampled of sampler.samplePasses(...asked)) {
          yield { ...sampled, warnings: [`${String(sampled.segment)}: frames replaced.`] }
        }
      },
    }
    const encoder = encoderOf('m')
    const { failures } = await index(partsWith(encoder, worn), [videoOf(1, { duration: 40 })])
    expect(failures).toEqual([])
    const keys = embeddingKeys(encoder, settings)
    expect(ledger.warnings('content-1', keys.overview)).toEqual(['overview: frames replaced.'])
    // Five segments, each with a sentence of its own: a few of them, and how many there are.
    expect(ledger.warnings('content-1', keys.dense)).toEqual([
      ...[0, 1, 2].map(segment => `${segment}: frames replaced.`),
      '5 segments of this pass are so affected.',
    ])
    expect(
      (
        await embedVideo({ store, ledger, sampler, encoder, settings }, videoOf(1), {
          pass: 'overview',
          signal: new AbortController().signal,
        })
      ).warnings,
    ).toEqual(['overview: frames replaced.'])
  })

  const failing = (times: number, code: ErrorCode) => {
    let left = times
    return encoderOf('m', async () => {
      if (left-- > 0) throw new ExpectedError(code, 'Running the model failed.')
    })
  }

  it('tries a segment again when the engine has crashed under it', async () => {
    const encoder = failing(1, 'engine-crashed')
    expect((await index(partsWith(encoder), [videoOf(1), videoOf(2)])).failures).toEqual([])
    expect(ledger.complete(embeddingKeys(encoder, settings).dense).size).toBe(2)
    expect(encoder.calls).toBe(5)
  })

  it('stops when the model fails again and again, but not for one video', async () => {
    const { failures } = await index(partsWith(failing(1, 'engine-run')), [videoOf(1), videoOf(2)])
    expect(failures).toMatchObject([{ id: 1, reason: 'Running the model failed.' }])
    await expect(
      index(partsWith(failing(9, 'engine-run')), [videoOf(3), videoOf(4), videoOf(5), videoOf(6)]),
    ).rejects.toThrow('Running the model failed.')
  })

  it('ends between two segments when told to, and goes on from there', async () => {
    const controller = new AbortController()
    const videos = [videoOf(1), videoOf(2), videoOf(3)]
    const encoder = encoderOf('m', async () => {
      if (encoder.calls === 4) controller.abort()
    })
    await expect(index(partsWith(encoder), videos, controller.signal)).rejects.toThrow('abort')
    expect(encoder.calls).toBe(4)
    const second = encoderOf('m')
    await index(partsWith(second), videos)
    expect(ledger.complete(embeddingKeys(encoder, settings).dense).size).toBe(3)
    // Six passes in all: what was finished stays finished, the one in flight may be done again.
    expect(second.calls).toBeLessThanOrEqual(3)
  })

  it('discards an embedding when the model was changed meanwhile, and goes on with the new one', async () => {
    const videos = [videoOf(1), videoOf(2), videoOf(3)]
    const after = encoderOf('after')
    let inUse: StandInEncoder = encoderOf('before', async () => {
      if (before.calls === 4) inUse = after
    })
    const before = inUse
    await index({ ...partsWith(before), encoder: async () => inUse }, videos)
    // The fourth call was the dense pass of the second video: computed by the old model, never stored.
    expect(await store.contents('dense', embeddingKeys(before, settings).dense)).toEqual(new Map([['content-1', 4]]))
    expect([...ledger.complete(embeddingKeys(after, settings).dense).keys()].sort()).toEqual([
      'content-1',
      'content-2',
      'content-3',
    ])
    expect(before.calls).toBe(4)
  })

  it('replaces rows that a crash left without an entry, and entries whose rows are gone', async () => {
    const encoder = encoderOf('m')
    const { overview } = embeddingKeys(encoder, settings)
    const row = { segment: 7, clip: 0, start: 0, end: 1, vector: new Float32Array(8).fill(0.5) }
    await store.replace({ pass: 'overview', key: overview, contentId: 'content-1' }, [row])
    await store.replace({ pass: 'overview', key: overview, contentId: 'orphan' }, [row])
    ledger.record({ contentId: 'content-2', key: overview, pass: 'overview', modelHash: 'm', rows: 5 })
    await index(partsWith(encoder), [videoOf(1), videoOf(2)])
    expect(await store.contents('overview', overview)).toEqual(
      new Map([
        ['content-1', 5],
        ['content-2', 5],
      ]),
    )
    expect(ledger.complete(overview)).toEqual(
      new Map([
        ['content-1', 5],
        ['content-2', 5],
      ]),
    )
  })
})
