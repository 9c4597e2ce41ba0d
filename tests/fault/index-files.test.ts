import { copyFile, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { videoQuery } from '../../main/api/library/video-rules.ts'
import { JobQueue } from '../../main/jobs/job-queue.ts'
import { Library } from '../../main/library/videos/library.ts'
import { probe } from '../../main/media/probing/probe.ts'
import { sampleOverview, samplePasses } from '../../main/media/sampling/frames.ts'
import { denseSegments } from '../../main/media/sampling/sampling.ts'
import { indexJob } from '../../main/retrieval/indexing/index-job.ts'
import { embeddingKeys } from '../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../main/storage/database.ts'
import type { Database } from '../../main/storage/database.ts'
import { folderOfTest } from '../support/folders.ts'
import { drawVideo } from '../support/videos/ffmpeg.ts'
import { encoderOf } from '../unit/retrieval/stand-ins.ts'

let folder: string
let database: Database
let library: Library
let store: VectorStore
let jobs: JobQueue
const settings = { sampling: 'fast' as const, denseRate: 2 }
/** Called before each run of the model. */
let beforeModel: () => Promise<void>
const encoder = { ...encoderOf('m', () => beforeModel()), height: 16, width: 24 }

beforeEach(async () => {
  folder = folderOfTest('index-files')
  beforeModel = async () => undefined
  database = openDatabase(join(folder, 'library.db'))
  library = new Library(database, { probe })
  store = await VectorStore.open(join(folder, 'vectors'))
  jobs = new JobQueue(database)
  jobs.define({
    index: {
      run: indexJob({
        store,
        library,
        ledger: new EmbeddingLedger(database),
        encoder: async () => encoder,
        hold: () => () => undefined,
        settings: () => settings,
        sampler: { sampleOverview, samplePasses, denseSegments },
      }),
    },
  })
  jobs.start()
})
afterEach(async () => {
  await jobs.close()
  library.close()
  await store.close()
  database.close()
})

/** A file of moving pictures in the library; Matroska, because a part of it can still be read. */
async function video(name: string, seconds = 4): Promise<string> {
  const path = join(folder, name)
  const source = `testsrc2=size=96x64:rate=25:duration=${seconds},hue=h=${name.length * 20}`
  await drawVideo(path, source, ['-c:v', 'mpeg4', '-q:v', '8', '-g', '25', '-f', 'matroska'])
  await library.openVideo(path)
  return path
}

async function index() {
  return jobs.wait(
    jobs.enqueue({ kind: 'index', title: 'Index everything', payload: { videoIds: null, dense: true } }).id,
  )
}

const complete = () => new EmbeddingLedger(database).complete(embeddingKeys(encoder, settings).dense).size

describe('an index job, with real files that change under it', () => {
  it('goes on when a file is deleted while it is indexed, and names it', async () => {
    const [, doomed] = [await video('a.mkv'), await video('b.mkv', 30), await video("c 'quoted' 🎞.mkv")]
    beforeModel = () => rm(doomed, { force: true })
    const job = await index()
    expect(job.state).toBe('succeeded')
    expect(job.failures).toEqual([
      {
        path: doomed,
        reason: expect.stringMatching(/b\.mkv was deleted or moved while it was being (indexed|read); put it back/),
      },
    ])
    expect(complete()).toBe(2)
  })

  it('never takes a replaced file for what it was', async () => {
    const [good, replaced] = [await video('a.mkv'), await video('bb.mkv')]
    const before = await readFile(replaced)
    await copyFile(good, replaced)
    const job = await index()
    expect(job.failures).toEqual([
      {
        path: replaced,
        reason: `${replaced} has changed since its folder was scanned; scan again, and the new content is indexed.`,
      },
    ])
    expect(complete()).toBe(1)
    // The old content back under its old time is what the library knows.
    const [known] = library.readyVideos(null).filter(each => each.path === replaced)
    await writeFile(replaced, before)
    await utimes(replaced, new Date(), new Date(known?.modifiedAt ?? 0))
    expect((await index()).failures).toEqual([])
    expect(complete()).toBe(2)
  })

  it('says of a file that lost its end what is wrong with it, and keeps the others', async () => {
    const [, cut] = [await video('a.mkv'), await video('cut.mkv', 8)]
    await truncate(cut, Math.floor((await readFile(cut)).length * 0.4))
    await library.openVideo(cut)
    expect(await index()).toMatchObject({ state: 'succeeded', failures: [] })
    const { videos } = library.list(videoQuery.parse({}), embeddingKeys(encoder, settings))
    expect(videos.map(({ name, overview, dense }) => [name, overview, dense])).toEqual([
      ['a.mkv', 'indexed', 'indexed'],
      ['cut.mkv', 'indexed', 'indexed'],
    ])
    expect(videos[0]?.warnings).toEqual([])
    expect(videos[1]?.warnings.join(' ')).toMatch(/cut\.mkv .*(incomplete|replaced)/)
    // They belong to what was indexed: under other keys nothing is indexed and nothing is known.
    expect(library.list(videoQuery.parse({}), { overview: 'other', dense: 'other' }).videos[1]).toMatchObject({
      overview: 'stale',
      warnings: [],
    })
  })

  it('indexes nothing twice when everything is there', async () => {
    await video('a.mkv')
    await index()
    const calls = encoder.calls
    const job = await index()
    expect(encoder.calls).toBe(calls)
    expect(job.progress).toMatchObject({ done: 0, total: 0, unit: 'videos' })
  })
})
