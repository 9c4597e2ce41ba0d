import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, parse } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { videoDetail, video as videoSchema } from '../../../main/api/library/library.ts'
import type { Video } from '../../../main/api/library/library.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { browse } from '../../../main/library/folders/browse.ts'
import { Library } from '../../../main/library/videos/library.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { thorough } from '../../support/sample.ts'
import { fillLibrary, keys, openTestLibrary, writeVideo, info } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

let test: TestLibrary
beforeEach(() => {
  test = openTestLibrary()
})
afterEach(() => test.close())

const page = (query: Partial<typeof videoQuery._input> = {}) => test.library.list(videoQuery.parse(query), keys)
const owners = () =>
  Object.fromEntries(
    page().videos.map(video => [
      video.name,
      test.library.folders().find(folder => folder.id === video.folderId)?.path ?? null,
    ]),
  )

describe('folders', () => {
  it('refuses what is no readable folder, with the reason', async () => {
    const file = writeVideo(join(test.videos, 'a.mp4'))
    await expect(test.library.addFolder(join(test.videos, 'nowhere'))).rejects.toMatchObject({
      code: 'folder-unreadable',
      message: expect.stringContaining('nowhere is not there'),
    })
    await expect(test.library.addFolder(file)).rejects.toMatchObject({
      code: 'folder-unreadable',
      message: expect.stringContaining('is a file, not a folder'),
    })
    expect(test.library.folders()).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('opens a folder once, whatever it is called', async () => {
    symlinkSync(test.videos, join(test.directory, 'alias'))
    const { id } = await test.library.addFolder(test.videos)
    for (const name of [
      test.videos,
      `${test.videos}/`,
      join(test.videos, '../videos'),
      join(test.directory, 'alias'),
    ]) {
      expect((await test.library.addFolder(name)).id).toBe(id)
    }
  })

  it('gives a video to the nearest of nested folders, never to two', async () => {
    const inner = join(test.videos, 'inner')
    writeVideo(join(test.videos, 'a.mp4'))
    writeVideo(join(inner, 'b.mp4'))
    writeVideo(join(test.videos, 'inner but not really/c.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    const innerFolder = await test.library.addFolder(inner)
    const expected = { 'a.mp4': test.videos, 'b.mp4': inner, 'c.mp4': test.videos }
    expect(owners()).toEqual(expected)
    await test.scan()
    expect(owners()).toEqual(expected)
    expect(test.library.folders().map(folder => folder.videos)).toEqual([2, 1])
    expect(page({ folderId: innerFolder.id }).videos.map(video => video.name)).toEqual(['b.mp4'])
    await test.library.removeFolder(innerFolder.id)
    expect(owners()).toEqual({ ...expected, 'b.mp4': test.videos })
    expect(test.probed).toHaveLength(3)
  })

  it('forgets a removed folder with the embeddings of what is nowhere else, and leaves the files', async () => {
    const other = join(test.directory, 'other')
    const removed = writeVideo(join(test.videos, 'only here.mp4'))
    writeVideo(join(test.videos, 'twice.mp4'), 'the same')
    writeVideo(join(other, 'twice too.mp4'), 'the same')
    const folder = await test.library.addFolder(test.videos)
    await test.library.addFolder(other)
    await test.scan()
    const contents = new Map(test.library.readyVideos(null).map(video => [basename(video.path), video.contentId]))
    expect(contents.get('twice.mp4')).toBe(contents.get('twice too.mp4'))
    for (const content of new Set(contents.values())) {
      test.database
        .prepare(
          `INSERT INTO embeddings (content_id, key, pass, model_hash, rows, created_at) VALUES (?, 'k', 'overview', 'm', 1, 0)`,
        )
        .run([content])
    }
    expect(await test.library.removeFolder(folder.id)).toEqual([contents.get('only here.mp4')])
    expect(page().videos.map(video => video.name)).toEqual(['twice too.mp4'])
    expect(test.database.prepare('SELECT content_id FROM embeddings').all()).toEqual([
      { content_id: contents.get('twice.mp4') },
    ])
    expect(() => test.library.video(page().videos[0]?.id ?? -1, keys)).not.toThrow()
    await expect(test.library.removeFolder(folder.id)).rejects.toMatchObject({ code: 'folder-unknown' })
    await test.library.openVideo(removed)
    expect(page().total).toBe(2)
  })
})

describe('one file', () => {
  it('is opened without its folder, examined at once, and stays when the folder around it goes', async () => {
    const file = writeVideo(join(test.videos, 'a.mp4'))
    writeVideo(join(test.videos, 'b.mp4'))
    writeFileSync(join(test.videos, 'a.srt'), '1\n00:00:01,000 --> 00:00:02,000\nA boat.\n')
    const id = await test.library.openVideo(file)
    expect(videoDetail.parse(test.library.video(id, keys))).toMatchObject({
      folderId: null,
      state: 'ready',
      sentences: 1,
      captions: [{ text: 'A boat.', start: 1, end: 2 }],
      captionFile: join(test.videos, 'a.srt'),
      captionProblem: null,
      captionsEdited: false,
    })
    expect(page().total).toBe(1)
    const folder = await test.library.addFolder(test.videos)
    await test.scan()
    expect(await test.library.openVideo(file)).toBe(id)
    expect(test.library.video(id, keys).folderId).toBe(folder.id)
    await test.library.removeFolder(folder.id)
    expect(page().videos).toMatchObject([{ id, folderId: null }])
    expect(test.probed.filter(probed => probed === file)).toHaveLength(1)
  })

  it('is refused with one sentence when it is of no use, and nothing is added', async () => {
    const text = join(test.videos, 'text.mp4')
    const empty = join(test.videos, 'empty.mp4')
    writeFileSync(text, 'text')
    writeFileSync(empty, '')
    await expect(test.library.openVideo(text)).rejects.toMatchObject({
      code: 'not-a-video',
      message: expect.stringContaining(text),
    })
    await expect(test.library.openVideo(empty)).rejects.toMatchObject({
      code: 'video-empty',
      message: expect.stringContaining('0 bytes'),
    })
    await expect(test.library.openVideo(join(test.videos, 'none.mp4'))).rejects.toMatchObject({
      code: 'video-missing',
      message: expect.stringContaining('none.mp4 is not there'),
    })
    await expect(test.library.openVideo(test.videos)).rejects.toThrow('is a folder: open it as one')
    expect(page().total).toBe(0)
  })

  it('is looked at again when it was changed', async () => {
    const file = writeVideo(join(test.videos, 'a.mp4'), 'before')
    const id = await test.library.openVideo(file)
    const before = test.library.videoByPath(file)?.contentId
    writeVideo(file, 'and after')
    expect(await test.library.openVideo(file)).toBe(id)
    expect(test.library.videoByPath(file)?.contentId).not.toBe(before)
  })
})

describe('captions', () => {
  it('follow their files without the video being examined again', async () => {
    writeVideo(join(test.videos, 'a.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    const id = page().videos[0]?.id ?? -1
    expect(test.library.video(id, keys)).toMatchObject({ sentences: 0, captions: [], captionFile: null })
    writeFileSync(join(test.videos, 'a.txt'), 'A red kite rises.\nIt falls.')
    await test.scan()
    expect(test.library.video(id, keys)).toMatchObject({ sentences: 2, captionFile: join(test.videos, 'a.txt') })
    expect(page({ text: 'red KITE' }).total).toBe(1)
    writeFileSync(join(test.videos, 'a.json'), '{"broken')
    await test.scan()
    expect(test.library.video(id, keys)).toMatchObject({
      state: 'ready',
      sentences: 2,
      captionProblem: expect.stringContaining('a.json is not valid JSON'),
    })
    rmSync(join(test.videos, 'a.json'))
    rmSync(join(test.videos, 'a.txt'))
    await test.scan()
    expect(test.library.video(id, keys)).toMatchObject({
      sentences: 0,
      captions: [],
      captionFile: null,
      captionProblem: null,
      captionsEdited: false,
    })
    expect(page({ text: 'red kite' }).total).toBe(0)
    expect(test.probed).toHaveLength(1)
  })
})

describe('telling', () => {
  it('hears of changes here and in another process, a few times a second at most', async () => {
    const otherDatabase = openDatabase(join(test.directory, 'library.db'))
    const other = new Library(otherDatabase, { probe: async () => info })
    let [here, there] = [0, 0]
    test.library.onChange(() => {
      here += 1
    })
    other.onChange(() => {
      there += 1
    })
    for (let i = 0; i < 40; i += 1) writeVideo(join(test.videos, `${i}.mp4`))
    await test.library.addFolder(test.videos)
    const begun = performance.now()
    await test.scan()
    await vi.waitUntil(() => here >= 2 && there >= 1, { timeout: 60_000 })
    expect(here).toBeLessThanOrEqual((performance.now() - begun) / 250 + 2)
    // The last change of the scan is told after its end.
    for (let heard = -1; heard !== here + there; await sleep(1200)) heard = here + there
    // Whatever else is written, such as heartbeats of jobs, is no change of the library.
    there = 0
    test.queue.enqueue({ kind: 'export', title: 'Something else', payload: null })
    await sleep(1200)
    expect(there).toBe(0)
    other.close()
    otherDatabase.close()
  })
})

describe('lists', () => {
  it('are in natural order and sorted as asked', async () => {
    for (const name of ['clip 10.mp4', 'Clip 2.mp4', 'clip 1.mp4', 'über.mp4']) writeVideo(join(test.videos, name))
    await test.library.addFolder(test.videos)
    await test.scan()
    const names = (videos: Video[]) => videos.map(video => video.name)
    expect(names(page().videos)).toEqual(['clip 1.mp4', 'Clip 2.mp4', 'clip 10.mp4', 'über.mp4'])
    for (const [name, duration] of [
      ['clip 1.mp4', 5],
      ['Clip 2.mp4', 50],
      ['clip 10.mp4', null],
    ] as const) {
      test.database.prepare('UPDATE videos SET duration = ? WHERE name = ?').run([duration, name])
    }
    expect(names(page({ sort: 'longest' }).videos)).toEqual(['Clip 2.mp4', 'über.mp4', 'clip 1.mp4', 'clip 10.mp4'])
    expect(names(page({ sort: 'shortest' }).videos)).toEqual(['clip 1.mp4', 'über.mp4', 'Clip 2.mp4', 'clip 10.mp4'])
    expect(page({ text: 'ÜB' }).total).toBe(1)
  })

  thorough('page through 100,000 videos in the right shape', () => {
    const count = 100_000
    fillLibrary(test, count)
    expect(
      page({ limit: 1000 })
        .videos.map(video => videoSchema.parse(video))
        .map(video => video.name)
        .slice(0, 3),
    ).toEqual(['clip 1.mp4', 'clip 2.mp4', 'clip 3.mp4'])
    const last = page({ offset: count - 1, limit: 10 })
    expect(last).toMatchObject({ total: count, videos: [{ name: `clip ${count}.mp4` }] })
    const indexed = page({ state: 'indexed' })
    expect(indexed.total).toBe(count / 2)
    expect(indexed.videos.every(video => video.overview === 'indexed')).toBe(true)
    expect(page({ state: 'not-indexed', limit: 1 })).toMatchObject({
      total: count / 2,
      videos: [{ name: 'clip 1.mp4', overview: 'stale', dense: 'none' }],
    })
    expect(page({ text: 'boat number 777 is' })).toMatchObject({ total: 1, videos: [{ name: 'clip 777.mp4' }] })
    expect(test.library.summary(keys)).toEqual({
      videos: count,
      duration: count * 10,
      failed: 0,
      overview: { indexed: count / 2, stale: count / 2 },
      dense: { indexed: 0, stale: 0 },
    })
  })
})

describe('choosing a folder', () => {
  it('shows the visible folders inside, in natural order, and counts the videos', async () => {
    for (const name of ['set 10', 'Set 2', '.hidden']) mkdirSync(join(test.videos, name))
    writeVideo(join(test.videos, 'a.mp4'))
    writeFileSync(join(test.videos, 'a.txt'), '')
    if (process.platform !== 'win32') {
      symlinkSync(test.directory, join(test.videos, 'up'))
      symlinkSync('nowhere', join(test.videos, 'dangling'))
    }
    const seen = await browse(test.videos)
    expect(seen).toMatchObject({ path: test.videos, parent: test.directory, videos: 1 })
    expect(seen.folders.map(folder => folder.name)).toEqual(
      process.platform === 'win32' ? ['Set 2', 'set 10'] : ['Set 2', 'set 10', 'up'],
    )
    expect((await browse(parse(test.videos).root)).parent).toBeNull()
    expect((await browse(null)).path).not.toBe('')
    await expect(browse(join(test.videos, 'none'))).rejects.toMatchObject({ code: 'folder-unreadable' })
  })
})
