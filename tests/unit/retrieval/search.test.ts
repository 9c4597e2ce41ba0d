import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VideoRules } from '../../../main/api/library/video-rules.ts'
import { similarQuery } from '../../../main/api/search.ts'
import type { SimilarQuery } from '../../../main/api/search.ts'
import { Library } from '../../../main/library/videos/library.ts'
import type { IndexableVideo } from '../../../main/retrieval/embedding/embedding-parts.ts'
import { indexVideos } from '../../../main/retrieval/indexing/indexing.ts'
import { QueryFiles } from '../../../main/retrieval/search/query-files.ts'
import { ListScores } from '../../../main/retrieval/search/scored-list.ts'
import { SearchHistory } from '../../../main/retrieval/search/search-history.ts'
import { search } from '../../../main/retrieval/search/search.ts'
import type { SearchQuery } from '../../../main/retrieval/search/search.ts'
import { SearchableVideos } from '../../../main/retrieval/search/searchable-videos.ts'
import { findSimilar } from '../../../main/retrieval/search/similar.ts'
import { forgetEmbeddings } from '../../../main/retrieval/vectors/consistency.ts'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { folderOfTest } from '../../support/folders.ts'
import { encoderOf, mediaInfo, samplerOf, videoOf } from './stand-ins.ts'

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
function add(video: IndexableVideo, folderId: number | null = null): void {
  const file = { path: `/videos/${video.id}.mp4`, size: 1, modifiedNs: 0n }
  library.records.add(folderId, file)
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
    { text: 'a sentence about 3', level: 'video', top: 10, folderId: null, ...query },
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

  it('keeps to a folder, whose videos alone count', async () => {
    const { id } = await library.addFolder(folder)
    add(videoOf(5, { duration: 25 }), id)
    await index(videos.slice(0, 4))
    const before = await ask({ folderId: id })
    expect([before.results, before.searched, before.total]).toEqual([[], 0, 1])
    await index()
    for (const level of ['video', 'moment'] as const) {
      const { results, searched, warnings } = await ask({ level, folderId: id, text: 'a sentence about 3' })
      expect([...new Set(results.map(({ video }) => video.id))]).toEqual([5])
      expect([searched, warnings]).toEqual([1, []])
    }
    await expect(ask({ folderId: id + 1 })).rejects.toMatchObject({ code: 'folder-unknown' })
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

describe('what is similar', () => {
  const like = (query: Partial<SimilarQuery> & Pick<SimilarQuery, 'source'>) =>
    findSimilar(
      {
        store,
        ledger,
        searchable: new SearchableVideos(database),
        library: { videos: (ids, keys) => library.videos(ids, keys), ready: id => videos[id - 1] ?? library.ready(id) },
        sampler: samplerOf(),
        queryFiles: new QueryFiles(folder, async () => mediaInfo(19)),
        encoder: async () => encoder,
        settings: () => settings,
      },
      similarQuery.parse(query),
      new AbortController().signal,
    )
  const video = (videoId: number) => ({ kind: 'video' as const, videoId })

  it('to a video is another that is embedded alike, never the same', async () => {
    add(videoOf(5, { duration: 25 }))
    await index()
    const { results, query, model } = await like({ source: video(1) })
    expect(results.map(({ rank, video: { id } }) => [rank, id])[0]).toEqual([1, 5])
    expect(results[0]?.score).toBeCloseTo(1, 6)
    expect(results.map(({ video: { id } }) => id).sort()).toEqual([2, 3, 4, 5])
    expect([query.start, query.end, query.duration, model]).toEqual([null, null, 17, 'model-m'])
    expect(query.pictures).toHaveLength(6)
    expect(query.pictures[0]).toBe('frame/1/1417')
  })

  it('keeps to a folder', async () => {
    const { id } = await library.addFolder(folder)
    add(videoOf(5, { duration: 26 }), id)
    await index()
    for (const asked of [{ source: video(1) }, { source: video(1), start: 2, end: 6 }]) {
      const { results, searched } = await like({ ...asked, folderId: id })
      expect([results.map(result => result.video.id), searched]).toEqual([[5], 1])
    }
  })

  it('to a span is found for that span alone, also in the video itself', async () => {
    add(videoOf(5, { duration: 25 }))
    await index()
    const { results, query } = await like({ source: video(5), start: 2, end: 6, level: 'moment', top: 8 })
    expect([...new Set(results.slice(0, 4).map(({ video: { id } }) => id))].sort()).toEqual([1, 5])
    expect([query.start, query.end]).toEqual([2, 6])
    await expect(like({ source: video(5), start: 30, end: 40 })).rejects.toThrow(/nothing of .* between 30 and 25/)
  })

  it('orders a list, and says what keeps it from that', async () => {
    add(videoOf(5, { duration: 25 }))
    await index(videos.slice(0, 4))
    const scores = new ListScores({ store, ledger, library, encoder: async () => encoder, settings: () => settings })
    const of = (rules: Partial<VideoRules>) =>
      scores.of({ sort: 'name', similarTo: null, scoreOf: '', ...rules } as VideoRules)
    expect(await of({})).toBeUndefined()
    const alike = await of({ sort: 'similar', similarTo: 2 })
    expect([alike?.get('content-2'), alike?.get('content-1'), alike?.get('content-5')]).toEqual([1, 0, undefined])
    expect((await of({ sort: 'score', scoreOf: 'about 3' }))?.get('content-3')).toBeCloseTo(1, 6)
    await expect(of({ sort: 'similar', similarTo: 5 })).rejects.toThrow(/not indexed with the model in use/)
    // What failed is asked anew.
    await index()
    expect((await of({ sort: 'similar', similarTo: 5 }))?.get('content-1')).toBeCloseTo(1, 6)
  })

  it('to a file that was brought in parts: whole, bounded in number, gone afterwards', async () => {
    const seen: string[] = []
    const files = new QueryFiles(folder, async path => {
      seen.push(readFileSync(path, 'utf8'))
      return mediaInfo(3)
    })
    const part = (upload: string | null, text: string, last: boolean) =>
      files.receive({ upload, name: 'a.mp4', kind: 'video', data: Buffer.from(text).toString('base64'), last })
    const id = await part(null, 'first ', false)
    await part(id, 'second', true)
    expect(seen).toEqual(['first second'])
    expect(await files.open(id)).toMatchObject({ name: 'a.mp4', info: { duration: 3 } })
    for (let more = 0; more < 8; more++) await part(null, 'x', true)
    await expect(async () => files.open(id)).rejects.toThrow(/choose it again/)
    await files.close()
    expect(existsSync(join(folder, 'query-files', String(process.pid)))).toBe(false)
  })
})

it('remembers a hundred searches, and those with a name beyond', () => {
  const history = new SearchHistory(database)
  const [kept] = history.remember({ text: ' kept ', level: 'video', like: null })
  history.name(kept?.id ?? -1, 'My search')
  for (let count = 0; count < 110; count++) history.remember({ text: `search ${count}`, level: 'moment', like: null })
  history.remember({ text: 'search 50', level: 'moment', like: null })
  expect(history.list()).toHaveLength(101)
  expect(history.list()[0]).toMatchObject({ text: 'kept', name: 'My search', level: 'video' })
  expect(history.forget(null)).toHaveLength(1)
  expect(history.forget(kept?.id ?? -1)).toEqual([])
})

it('remembers a search with a video once for each span, and as long as the video is in the library', () => {
  const history = new SearchHistory(database)
  library.records.add(null, { path: '/films/one.mp4', size: 1, modifiedNs: 0n })
  const id = library.records.byPath('/films/one.mp4')!.id
  const like = { videoId: id, start: 2.5, end: null }
  history.remember({ text: '', level: 'moment', like })
  history.remember({ text: '', level: 'moment', like: { ...like, start: null } })
  const found = history.remember({ text: '', level: 'moment', like })
  expect(found.map(past => past.like)).toEqual(
    expect.arrayContaining([
      { ...like, name: 'one.mp4' },
      { ...like, start: null, name: 'one.mp4' },
    ]),
  )
  expect(found).toHaveLength(2)
  expect(history.remember({ text: '', level: 'video', like: { ...like, videoId: id + 1 } })).toHaveLength(2)
  database.prepare('DELETE FROM videos WHERE id = ?').run([id])
  expect(history.list()).toEqual([])
})
