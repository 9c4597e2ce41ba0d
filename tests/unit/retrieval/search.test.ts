import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Library } from '../../../main/library/videos/library.ts'
import type { IndexableVideo } from '../../../main/retrieval/embedding/embedding-parts.ts'
import { indexVideos } from '../../../main/retrieval/indexing/indexing.ts'
import { search } from '../../../main/retrieval/search/search.ts'
import type { SearchQuery } from '../../../main/retrieval/search/search.ts'
import { SearchableVideos } from '../../../main/retrieval/search/searchable-videos.ts'
import { forgetEmbeddings } from '../../../main/retrieval/vectors/consistency.ts'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { folderOfTest } from '../../support/folders.ts'
import { encoderOf, samplerOf, videoOf } from './stand-ins.ts'

let folder: string
let store: VectorStore
let database: Database
let ledger: EmbeddingLedger
let library: Library
/** A video of n seconds is embedded along axis n mod 8, a sentence along the first digit in it. */
let videos: IndexableVideo[]
const settings = { sampling: 'fast' as const, denseRate: 1 }
const encoder = encoderOf('m')

beforeEach(async () => {
  folder = folderOfTest('search')
  store = await VectorStore.open(join(folder, 'vectors'))
  database = openDatabase(join(folder, 'library.db'))
  ledger = new EmbeddingLedger(database)
  library = new Library(database, {
    probe: async () => {
      throw new Error('nothing is scanned here')
    },
  })
  videos = []
  for (const id of [1, 2, 3, 4]) add(videoOf(id, { duration: 16 + id }))
})
afterEach(async () => {
  library.close()
  await store.close()
  database.close()
})

/** Puts a video into the library as a scan does. */
function add(video: IndexableVideo): void {
  const file = { path: `/videos/${video.id}.mp4`, size: 1, modifiedNs: 0n }
  library.records.add(null, file)
  const record = library.records.byPath(file.path)
  if (record) library.records.markReady(record.id, { file, contentId: video.contentId, info: video.info })
  expect(record?.id).toBe(video.id)
  videos.push(video)
}

const ask = (query: Partial<SearchQuery>, model = encoder) =>
  search(
    {
      store,
      ledger,
      searchable: new SearchableVideos(database),
      library,
      encoder: async () => model,
      settings: () => settings,
    },
    { text: 'a sentence about 3', level: 'video', top: 10, ...query },
  )

async function index(
  wanted = videos,
  passes: readonly ('overview' | 'dense')[] = ['overview', 'dense'],
  model = encoder,
): Promise<void> {
  const fail = (_video: unknown, reason: string) => {
    throw new Error(reason)
  }
  await indexVideos(
    { store, ledger, sampler: samplerOf(), encoder: async () => model, settings: () => settings },
    { videos: () => wanted, passes, signal: new AbortController().signal, progress: () => undefined, fail },
  )
}

describe('search for videos', () => {
  it('ranks the video that the paragraph describes first, over its whole length', async () => {
    await index()
    const response = await ask({ top: 2 })
    expect(response.results).toHaveLength(2)
    expect(response.results[0]).toMatchObject({ rank: 1, video: { id: 3, overview: 'indexed' }, start: 0, end: 19 })
    expect(response.results[0]?.thumbnail).toMatch(/^thumbnail\/3\b/)
    expect(response.results[0]?.score).toBeCloseTo(1, 6)
    expect(response).toMatchObject({ model: 'model-m', warnings: [], searched: 4, total: 4 })
  })

  it('leaves out what can no longer be watched and fills up with the next', async () => {
    await index()
    library.records.markMissing(3, 'The file is gone.')
    const { results } = await ask({ top: 3 })
    expect(results.map(result => result.video.id).sort()).toEqual([1, 2, 4])
    expect(results.map(result => result.rank)).toEqual([1, 2, 3])
  })

  it('shows the same content in each path that holds it', async () => {
    add(videoOf(5, { duration: 19, contentId: 'content-3' }))
    await index()
    const { results } = await ask({ top: 2 })
    expect(results.map(result => result.video.id)).toEqual([3, 5])
  })

  it('never counts on rows of an index job that was cut off before it noted them', async () => {
    await index()
    ledger.forget(['content-3'])
    const response = await ask({})
    expect(response.results.map(result => result.video.id)).not.toContain(3)
    expect(response.warnings).toEqual(['1 video is not indexed and was not searched; index the library to include it.'])
  })

  it('does not find what was forgotten', async () => {
    await index()
    await forgetEmbeddings(store, ledger, ['content-3'])
    expect((await ask({})).results.map(result => result.video.id).sort()).toEqual([1, 2, 4])
    expect(await store.count('dense', embeddingKeys(encoder, settings).dense)).toBe(3 * 4 * 3)
  })

  it('counts as searched what an index job stores while the text waits for the model', async () => {
    const { encodeParagraph } = encoder
    const { results, searched, warnings } = await ask(
      {},
      {
        ...encoder,
        encodeParagraph: async (...text) => {
          await index()
          return encodeParagraph(...text)
        },
      },
    )
    expect(results).toHaveLength(4)
    expect([searched, warnings]).toEqual([4, []])
  })

  it('says how many videos were not searched, and why', async () => {
    await index(videos.slice(0, 1))
    await index(videos.slice(0, 3), ['overview', 'dense'], encoderOf('another'))
    const { warnings, searched, total } = await ask({})
    expect(warnings).toEqual([
      '2 videos are indexed for another model or another way of sampling and were not searched; index again to include them.',
      '1 video is not indexed and was not searched; index the library to include it.',
    ])
    expect([searched, total]).toEqual([1, 4])
  })

  it('refuses an empty text with a sentence', async () => {
    await expect(ask({ text: ' \n\t ' })).rejects.toMatchObject({
      code: 'empty-text',
      message: 'There is nothing to search for: type a sentence or a paragraph.',
    })
  })

  it('finds nothing, without failing, where nothing was indexed yet', async () => {
    expect((await ask({})).results).toEqual([])
  })
})

describe('search for moments', () => {
  it('gives the stretch of the video that answers the sentence', async () => {
    await index()
    const { results } = await ask({ level: 'moment', top: 1 })
    // All clips of video 3 are alike: the moment is one segment long, its thumbnail in the middle of the best clip.
    expect(results[0]).toMatchObject({ rank: 1, video: { id: 3 } })
    expect((results[0]?.end ?? 0) - (results[0]?.start ?? 0)).toBe(8)
    expect(results[0]?.thumbnail).toMatch(/^frame\/3\/\d+$/)
  })

  it('answers each sentence of a paragraph', async () => {
    await index()
    const { results } = await ask({ level: 'moment', text: 'First comes 2. Then comes 4.', top: 8 })
    const best = results.filter(result => result.score > 0.5).map(result => result.video.id)
    expect(new Set(best)).toEqual(new Set([2, 4]))
  })

  it('falls back to the clips of the overview, and says so', async () => {
    await index(videos, ['overview'])
    const { results, warnings, searched } = await ask({ level: 'moment', top: 1 })
    expect(results[0]).toMatchObject({ video: { id: 3 } })
    expect(warnings).toEqual([
      'There is no dense index, so moments are the few clips of each overview; index with the dense pass for moments every few seconds.',
    ])
    expect(searched).toBe(4)
  })

  it('searches a text of 5,000 words, saying what was left out', async () => {
    await index()
    const { results, warnings } = await ask({
      level: 'moment',
      text: Array.from({ length: 500 }, () => 'The cook cuts an onion on the board in kitchen 3.').join(' '),
    })
    expect(results[0]?.video.id).toBe(3)
    expect(warnings).toEqual([
      'Only the first 16 of 500 sentences were searched for moments; search for the others separately.',
    ])
  })
})
