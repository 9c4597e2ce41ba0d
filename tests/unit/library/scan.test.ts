import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { videoDetail } from '../../../main/api/library/library.ts'
import type { Video } from '../../../main/api/library/library.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { keys, openTestLibrary, plainProbe, writeVideo } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

let test: TestLibrary
beforeEach(() => {
  test = openTestLibrary()
})
afterEach(() => test.close())

const listed = (query: Partial<typeof videoQuery._input> = {}): Video[] =>
  test.library.list(videoQuery.parse(query), keys).videos
const named = (name: string): Video | undefined => listed().find(video => video.name === name)
function embed(video: Video | undefined): void {
  const contentId = test.library.readyVideos([video?.id ?? -1])[0]?.contentId ?? ''
  test.database
    .prepare(
      `INSERT INTO embeddings (content_id, key, pass, model_hash, rows, created_at) VALUES (?, ?, 'overview', 'm', 1, 0)`,
    )
    .run([contentId, keys.overview])
}

describe('a scan', () => {
  it('finds videos in folders of folders and passes over the rest', async () => {
    writeVideo(join(test.videos, 'a.mp4'))
    writeVideo(join(test.videos, 'deep/er/b.MKV'))
    writeVideo(join(test.videos, '.hidden/c.mp4'))
    writeVideo(join(test.videos, '._a.mp4'))
    writeFileSync(join(test.videos, 'notes.txt'), 'no video')
    const folder = await test.library.addFolder(test.videos)
    const job = await test.scan({ folderIds: [folder.id] })
    expect(job).toMatchObject({ state: 'succeeded', failures: [], progress: { done: 2, total: 2, unit: 'videos' } })
    expect(listed().map(video => video.name)).toEqual(['a.mp4', 'b.MKV'])
    expect(test.library.folders()).toMatchObject([{ videos: 2, problem: null }])
    expect(videoDetail.parse(test.library.video(named('a.mp4')?.id ?? -1, keys))).toMatchObject({
      folderId: folder.id,
      state: 'ready',
      duration: 10,
      width: 1280,
      height: 720,
      codec: 'h264',
      hasAudio: true,
      overview: 'none',
      dense: 'none',
      thumbnail: expect.stringMatching(/^thumbnail\/\d+\?v=[0-9a-f]{8}$/),
      captions: [],
    })
  })

  it('examines only what is new or changed', async () => {
    writeVideo(join(test.videos, 'a.mp4'))
    const changing = writeVideo(join(test.videos, 'b.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    expect(test.probed).toHaveLength(2)
    await test.scan()
    expect(test.probed).toHaveLength(2)
    const before = named('b.mp4')
    writeVideo(changing)
    writeVideo(join(test.videos, 'c.mp4'))
    await test.scan()
    expect(test.probed.slice(2).sort()).toEqual([changing, join(test.videos, 'c.mp4')])
    expect(named('b.mp4')?.id).toBe(before?.id)
    expect(named('b.mp4')?.thumbnail).not.toBe(before?.thumbnail)
  })

  it('knows a moved or renamed file again, with its embeddings', async () => {
    const old = writeVideo(join(test.videos, 'old name.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    const before = named('old name.mp4')
    embed(before)
    mkdirSync(join(test.videos, 'sorted'))
    renameSync(old, join(test.videos, 'sorted/new name.mp4'))
    await test.scan()
    expect(listed()).toMatchObject([{ id: before?.id, name: 'new name.mp4', state: 'ready', overview: 'indexed' }])
    expect(listed({ text: 'NEW na' })).toHaveLength(1)
    expect(listed({ text: 'old' })).toHaveLength(0)
    expect(test.probed).toHaveLength(1)
  })

  it('keeps a deleted video that has embeddings, as missing, and takes it up again when the file is back', async () => {
    const kept = writeVideo(join(test.videos, 'kept.mp4'))
    const plain = writeVideo(join(test.videos, 'plain.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    embed(named('kept.mp4'))
    const away = join(test.directory, 'kept.mp4')
    renameSync(kept, away)
    unlinkSync(plain)
    await test.scan()
    expect(named('kept.mp4')).toMatchObject({ state: 'missing', overview: 'indexed' })
    expect(named('kept.mp4')?.problem).toContain('is not there any more')
    expect(named('plain.mp4')?.state).toBe('missing')
    await test.scan()
    expect(listed().map(video => video.name)).toEqual(['kept.mp4'])
    renameSync(away, kept)
    await test.scan()
    expect(listed()).toMatchObject([{ state: 'ready', problem: null, overview: 'indexed' }])
    expect(test.probed).toHaveLength(2)
  })

  it('looks again at what failed', async () => {
    const file = join(test.videos, 'a.mp4')
    writeFileSync(file, 'text, not a film')
    await test.library.addFolder(test.videos)
    expect((await test.scan()).failures).toEqual([
      { path: file, reason: `${file} is not a video, whatever its name says.` },
    ])
    expect((await test.scan()).failures).toHaveLength(1)
    writeVideo(file)
    expect((await test.scan()).failures).toEqual([])
    expect(named('a.mp4')).toMatchObject({ state: 'ready', problem: null })
  })

  it('scans only what it is told to', async () => {
    writeVideo(join(test.videos, 'one/a.mp4'))
    writeVideo(join(test.videos, 'two/b.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    writeVideo(join(test.videos, 'one/new.mp4'))
    writeVideo(join(test.videos, 'two/new too.mp4'))
    rmSync(join(test.videos, 'two/b.mp4'))
    await test.scan({ folderIds: null, within: [{ directory: join(test.videos, 'one'), recursive: false }] })
    expect(listed().map(video => `${video.name} ${video.state}`)).toEqual([
      'a.mp4 ready',
      'b.mp4 ready',
      'new.mp4 ready',
    ])
  })

  it('examines several files at once, and not without bound', async () => {
    await test.close()
    let [now, most] = [0, 0]
    test = openTestLibrary(async (file, options) => {
      now += 1
      most = Math.max(most, now)
      await new Promise(resolve => {
        setTimeout(resolve, 10)
      })
      now -= 1
      return plainProbe(file, options)
    })
    for (let number = 0; number < 40; number += 1) writeVideo(join(test.videos, `${number}.mp4`))
    await test.library.addFolder(test.videos)
    await test.scan()
    expect(listed({ limit: 100 })).toHaveLength(40)
    expect(most).toBeGreaterThanOrEqual(2)
    expect(most).toBeLessThanOrEqual(8)
  })

  it('shows what it has examined while it goes on', async () => {
    await test.close()
    const seen: number[] = []
    test = openTestLibrary((file, options) => {
      seen.push(listed({ limit: 100 }).filter(video => video.state === 'ready').length)
      return plainProbe(file, options)
    })
    for (let number = 0; number < 40; number += 1) writeVideo(join(test.videos, `${number}.mp4`))
    await test.library.addFolder(test.videos)
    await test.scan()
    // All are listed before the first is examined, and each becomes ready by itself.
    expect(seen.at(-1)).toBeGreaterThanOrEqual(30)
  })

  it('starts the job that was to follow', async () => {
    writeVideo(join(test.videos, 'a.mp4'))
    await test.library.addFolder(test.videos)
    test.queue.define({ index: { run: async () => 'succeeded' } })
    const job = await test.queue.wait(
      test.queue.enqueue(
        { kind: 'scan', title: 'Scanning', payload: { folderIds: null } },
        { kind: 'index', title: 'Indexing', payload: {} },
      ).id,
    )
    expect(test.queue.next(job.id)?.kind).toBe('index')
  })
})
