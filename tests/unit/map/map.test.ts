import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MapSubject, VideoMap } from '../../../main/api/map.ts'
import { mapAnswer } from '../../../main/api/map.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { Library } from '../../../main/library/videos/library.ts'
import { MapFiles } from '../../../main/map/map-files.ts'
import { Maps } from '../../../main/map/maps.ts'
import { SearchableVideos } from '../../../main/retrieval/search/searchable-videos.ts'
import { forgetEmbeddings } from '../../../main/retrieval/vectors/consistency.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { wholeSegment } from '../../../main/retrieval/vectors/vector-rows.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { normalStream } from '../../../native-models/starter/random.ts'
import { folderOfTest } from '../../support/folders.ts'
import { dimension, encoderOf, mediaInfo } from '../retrieval/stand-ins.ts'

const keys = { overview: 'key-of-overview', dense: 'key-of-dense' }
const normal = normalStream(11)

let folder: string
let store: VectorStore
let database: Database
let ledger: EmbeddingLedger
let library: Library
let jobs: JobQueue
let maps: Maps
let told: number

beforeEach(async () => {
  folder = folderOfTest('map')
  store = await VectorStore.open(join(folder, 'vectors'))
  database = openDatabase(join(folder, 'library.db'))
  ledger = new EmbeddingLedger(database)
  library = new Library(database, {
    probe: async () => {
      throw new Error('nothing is scanned here')
    },
  })
  jobs = new JobQueue(database)
  told = 0
  maps = new Maps({
    store,
    ledger,
    database,
    jobs,
    searchable: new SearchableVideos(database),
    files: new MapFiles(join(folder, 'maps')),
    keys: () => keys,
    encoder: async () => encoderOf('m'),
    modelId: () => 'm',
    onMap: () => (told += 1),
  })
  jobs.define({ map: { run: maps.job() } })
  jobs.start()
})
afterEach(async () => {
  await jobs.close()
  library.close()
  await store.close()
  database.close()
})

/** A vector near an axis. */
const near = (axis: number) =>
  Float32Array.from({ length: dimension }, (_, at) => Number(at === axis % dimension) + 0.1 * normal())

/** Puts a video into the library and into both indexes; two clips a segment of the dense pass. */
async function add(id: number, { content = `content-${id}`, segments = 1 } = {}): Promise<void> {
  const file = { path: `/videos/${id % 2 === 0 ? 'even' : 'odd'}/${id}.mp4`, size: 1, modifiedNs: 0n }
  library.records.add(null, file)
  const record = library.records.byPath(file.path)
  library.records.markReady(record!.id, { file, contentId: content, info: mediaInfo(16) })
  if (ledger.has(content, keys.overview)) return
  const whole = { segment: 0, clip: wholeSegment, start: 0, end: 16, vector: near(id) }
  await store.replace({ pass: 'overview', key: keys.overview, contentId: content }, [
    whole,
    { ...whole, clip: 0, end: 8, vector: near(id) },
  ])
  ledger.record({ contentId: content, key: keys.overview, pass: 'overview', modelHash: 'm', rows: 2 })
  const clips = Array.from({ length: 2 * segments }, (_, at) => ({
    segment: at >> 1,
    clip: at & 1,
    start: 4 * at,
    end: 4 * at + 4,
    vector: near(id + at),
  }))
  await store.replace({ pass: 'dense', key: keys.dense, contentId: content }, clips)
  ledger.record({ contentId: content, key: keys.dense, pass: 'dense', modelHash: 'm', rows: clips.length })
}

async function addMany(count: number): Promise<void> {
  for (let id = 1; id <= count; id++) await add(id)
}

async function compute(subject: MapSubject = 'videos') {
  return jobs.wait(maps.start(subject).jobId)
}

async function mapped(subject: MapSubject = 'videos'): Promise<VideoMap> {
  const answer = mapAnswer.parse(await maps.get(subject))
  expect(answer.map).not.toBeNull()
  return answer.map!
}

const floats = (packed: string) => [...new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)]
const whole = (packed: string) => [...new Int32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)]
/** Where each video lies, by path. */
const places = (map: VideoMap) => {
  const points = floats(map.neighbours ?? map.principal)
  return Object.fromEntries(
    whole(map.video).map((place, point) => [
      map.videos.path[place]!,
      [points[2 * point]!, points[2 * point + 1]!] as const,
    ]),
  )
}

/** How far the videos of a map are from where they were, rising. */
const moves = (before: ReturnType<typeof places>, now: ReturnType<typeof places>) =>
  Object.entries(before)
    .map(([path, [x, y]]) => Math.hypot(now[path]![0] - x, now[path]![1] - y))
    .sort((a, b) => a - b)

describe('the map of a library', () => {
  it('is computed by a job, kept, and nothing is left to do until the index is another', async () => {
    await addMany(14)
    expect(await maps.get('videos')).toEqual({ model: 'm', map: null, indexed: 14, total: 14 })
    expect(await compute()).toMatchObject({ state: 'succeeded', failures: [], title: 'Map the videos' })
    // Principal components first, then the whole.
    expect(told).toBe(2)
    const map = await mapped()
    expect(map).toMatchObject({ subject: 'videos', points: 14, isCurrent: true, isFinished: true })
    expect(floats(map.neighbours!).every(Number.isFinite)).toBe(true)
    expect(map.videos.path).toHaveLength(14)
    expect(floats(map.end)).toEqual(Array.from({ length: 14 }, () => 16))
    expect(await compute()).toMatchObject({ state: 'skipped' })
    expect(await mapped()).toEqual(map)
    await add(15)
    expect(await mapped()).toMatchObject({ isCurrent: false, points: 14 })
    const before = places(await mapped())
    expect(await compute()).toMatchObject({ state: 'succeeded' })
    expect(await mapped()).toMatchObject({ isCurrent: true, points: 15 })
    // The map before stays until the next is whole, which leaves each video about where it was: the map is two wide.
    expect(told).toBe(3)
    expect(moves(before, places(await mapped())).at(-1)).toBeLessThan(0.25)
    expect(await jobs.wait(maps.start('videos', true).jobId)).toMatchObject({ state: 'succeeded' })
    expect(moves(before, places(await mapped())).at(-1)).toBeGreaterThan(0.25)
  })

  it('is the same for the same embeddings, whatever the order in which they came', async () => {
    await addMany(13)
    await compute()
    const first = places(await mapped())
    for (const contentId of ['content-3', 'content-9']) {
      const rows = await store.get({ pass: 'overview', key: keys.overview, contentId })
      await store.replace({ pass: 'overview', key: keys.overview, contentId }, rows.toReversed())
    }
    await store.merge()
    for (const name of readdirSync(join(folder, 'maps'))) writeFileSync(join(folder, 'maps', name), 'damaged')
    expect((await maps.get('videos')).map).toBeNull()
    expect(await compute()).toMatchObject({ state: 'succeeded' })
    expect(places(await mapped())).toEqual(first)
  })

  it.each([0, 1, 2])('is there for %i videos', async count => {
    await addMany(count)
    expect(await compute()).toMatchObject({ state: 'succeeded', problem: null })
    const map = await mapped()
    expect(map).toMatchObject({ points: count, neighbours: null, isFinished: true, isCurrent: true })
    expect(floats(map.principal)).toHaveLength(2 * count)
    expect(floats(map.principal).every(Number.isFinite)).toBe(true)
  })

  it('has a point for each clip of the dense pass, with its time', async () => {
    for (const id of [1, 2, 3, 4]) await add(id, { segments: 2 })
    await compute('clips')
    const map = await mapped('clips')
    expect(map.points).toBe(16)
    expect(floats(map.start).slice(0, 4)).toEqual([0, 4, 8, 12])
    expect(new Set(whole(map.video).slice(0, 4)).size).toBe(1)
    expect(new Set(whole(map.video)).size).toBe(4)
    expect(map.neighbours).not.toBeNull()
  })

  it('has a point for each file that holds the same content, and none for videos that left', async () => {
    await addMany(3)
    await add(4, { content: 'content-1' })
    await compute()
    const { '/videos/odd/1.mp4': one, '/videos/even/4.mp4': copy, ...others } = places(await mapped())
    expect(copy).toEqual(one)
    expect(Object.keys(others)).toHaveLength(2)
    await forgetEmbeddings(store, ledger, ['content-2'])
    database.prepare("DELETE FROM videos WHERE content_id = 'content-2'").run()
    expect(await mapped()).toMatchObject({ points: 3, isCurrent: false })
    await compute()
    expect(await mapped()).toMatchObject({ points: 3, isCurrent: true })
  })

  it('leaves out an embedding that is no number, and says of which video', async () => {
    await addMany(3)
    const broken = near(1)
    // The store itself refuses what is not a number; infinity it takes.
    broken[2] = Infinity
    await store.replace({ pass: 'overview', key: keys.overview, contentId: 'content-2' }, [
      { segment: 0, clip: wholeSegment, start: 0, end: 16, vector: broken },
    ])
    const { failures, state } = await compute()
    expect(state).toBe('succeeded')
    expect(failures).toEqual([{ path: '/videos/even/2.mp4', reason: expect.stringMatching(/index it/) as string }])
    expect(await mapped()).toMatchObject({ points: 2 })
  })

  it('keeps the principal components when it is cancelled, and ends at the same map when it is computed again', async () => {
    for (const id of [1, 2, 3]) await add(id, { segments: 150 })
    const { jobId } = maps.start('clips')
    await expect.poll(() => told, { timeout: 30_000 }).toBe(1)
    jobs.cancel(jobId)
    expect(await jobs.wait(jobId)).toMatchObject({ state: 'cancelled' })
    expect(await mapped('clips')).toMatchObject({ points: 900, neighbours: null, isFinished: false, isCurrent: true })
    expect(await compute('clips')).toMatchObject({ state: 'succeeded' })
    const map = await mapped('clips')
    expect(map.isFinished).toBe(true)
    const file = join(folder, 'maps', `${keys.dense}.map`)
    const bytes = readFileSync(file)
    // As after a kill between the two writings: the next run begins anew.
    writeFileSync(file, bytes.subarray(0, bytes.length - 4))
    expect((await maps.get('clips')).map).toBeNull()
    await compute('clips')
    expect((await mapped('clips')).neighbours).toEqual(map.neighbours)
    expect(readdirSync(join(folder, 'maps'))).toEqual([`${keys.dense}.map`])
  })

  it('of a key of which nothing is indexed any more goes when the next is written', async () => {
    await addMany(2)
    await compute('clips')
    const file = join(folder, 'maps', `${keys.dense}.map`)
    expect(existsSync(file)).toBe(true)
    ledger.erase(['content-1', 'content-2'], keys.dense)
    await compute()
    expect(existsSync(file)).toBe(false)
  })
})

describe('the scores of a text on a map', () => {
  it('are cosines with the embedding of the paragraph, in the order of the stored points', async () => {
    await addMany(5)
    await compute()
    const map = await mapped()
    const { scores, map: of } = await maps.scores('videos', 'What lies along axis 3.')
    expect(of).toBe(map.id)
    const values = floats(scores)
    const best = values.indexOf(Math.max(...values))
    expect(map.videos.path[whole(map.video)[whole(map.row).indexOf(best)]!]).toBe('/videos/odd/3.mp4')
    const [row] = await store.get({ pass: 'overview', key: keys.overview, contentId: 'content-3' })
    // float32 arithmetic
    expect(Math.max(...values)).toBeCloseTo(row!.vector[3]! / Math.hypot(...row!.vector), 5)
  })

  it('of clips are those of the sentence that they answer best', async () => {
    for (const id of [1, 2]) await add(id, { segments: 2 })
    await compute('clips')
    const both = floats((await maps.scores('clips', 'Axis 1. Axis 4.')).scores)
    const [one, four] = [await maps.scores('clips', 'Axis 1.'), await maps.scores('clips', 'Axis 4.')]
    const other = floats(four.scores)
    expect(both).toEqual(floats(one.scores).map((score, at) => Math.max(score, other[at]!)))
  })

  it('are refused without a text, and before there is a map', async () => {
    await addMany(2)
    await expect(maps.scores('videos', ' ')).rejects.toMatchObject({ code: 'empty-text' })
    await expect(maps.scores('videos', 'Axis 1.')).rejects.toMatchObject({ code: 'map-missing' })
  })
})
