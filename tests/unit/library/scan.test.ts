import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { videoDetail, videoQuery } from '../../../main/api/library.ts'
import type { Video } from '../../../main/api/library.ts'
import { together } from '../../../main/library/scanning/scan.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
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
      test.queue.enqueue('scan', 'Scanning', { folderIds: null }, { kind: 'index', title: 'Indexing', payload: {} }).id,
    )
    expect(test.queue.next(job.id)?.kind).toBe('index')
  })
})

describe('bad input', () => {
  it('says that a folder has no videos, and what was looked for', async () => {
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job.state).toBe('succeeded')
    expect(job.failures).toHaveLength(1)
    expect(job.failures[0]?.reason).toMatch(/^No videos found in .*videos \(looked for mp4, m4v, mov/)
  })

  it('lists a 0-byte file and goes on', async () => {
    writeFileSync(join(test.videos, 'empty.mp4'), '')
    writeVideo(join(test.videos, 'good.mp4'))
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job).toMatchObject({
      state: 'succeeded',
      failures: [{ path: join(test.videos, 'empty.mp4'), reason: expect.stringContaining('is empty (0 bytes)') }],
    })
    expect(listed({ state: 'failed' })).toMatchObject([
      { name: 'empty.mp4', thumbnail: expect.not.stringContaining('?') },
    ])
    expect(named('good.mp4')?.state).toBe('ready')
  })

  it.skipIf(process.platform === 'win32')(
    'ends where pipes and endless devices are named like videos or captions',
    async () => {
      writeVideo(join(test.videos, 'a.mp4'))
      writeVideo(join(test.videos, 'b.mp4'))
      writeFileSync(join(test.videos, 'b.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello.\n')
      for (const name of ['a.txt', 'b.vtt', 'c.mp4']) execFileSync('mkfifo', [join(test.videos, name)])
      for (const name of ['a.json', 'd.mkv']) symlinkSync('/dev/zero', join(test.videos, name))
      await test.library.addFolder(test.videos)
      const { state, failures } = await test.scan()
      expect(state).toBe('succeeded')
      expect(failures).toEqual(
        ['c.mp4', 'd.mkv'].map(name => ({
          path: join(test.videos, name),
          reason: expect.stringContaining('is no ordinary file'),
        })),
      )
      const videos = test.library.list(videoQuery.parse({}), keys).videos
      expect(videos.map(({ name, sentences, captionProblem }) => [name, sentences, captionProblem])).toEqual([
        ['a.mp4', 0, expect.stringContaining(`${join(test.videos, 'a.json')} is no ordinary file`)],
        ['b.mp4', 1, expect.stringContaining(`${join(test.videos, 'b.vtt')} is no ordinary file`)],
      ])
    },
  )

  it('goes on when a file is deleted while scanning', async () => {
    await test.close()
    let doomed = ''
    test = openTestLibrary(async (file, options) => {
      if (file === doomed) unlinkSync(file)
      return plainProbe(file, options)
    })
    doomed = writeVideo(join(test.videos, 'doomed.mp4'))
    writeVideo(join(test.videos, 'good.mp4'))
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job).toMatchObject({
      state: 'succeeded',
      failures: [{ path: doomed, reason: expect.stringContaining('is not there') }],
    })
    expect(named('doomed.mp4')?.state).toBe('missing')
    expect(named('good.mp4')?.state).toBe('ready')
  })

  it('waits for a file that is still being written', async () => {
    await test.close()
    let writes = 0
    test = openTestLibrary(async (file, options) => {
      const seen = await plainProbe(file, options)
      if (writes === 0) writeVideo(file, 'and the rest of it')
      writes += 1
      return seen
    })
    const file = writeVideo(join(test.videos, 'copying.mp4'), 'half of it')
    await test.library.addFolder(test.videos)
    expect((await test.scan()).failures).toEqual([])
    expect(named('copying.mp4')).toMatchObject({ state: 'ready', size: 'video'.length + 'and the rest of it'.length })
    expect(test.probed).toEqual([file, file])
  })

  it('takes any name the disk allows', async () => {
    const names = [
      'it\'s "quoted".mp4',
      '🎬 films — été.mp4',
      'two\nlines.mp4',
      '%25 _like_ [a].mp4',
      '日本語.mkv',
    ].filter(name => process.platform !== 'win32' || !/["\n]/.test(name))
    for (const name of names) writeVideo(join(test.videos, name))
    writeFileSync(join(test.videos, '🎬 films — été.txt'), 'A boat on a lake.')
    await test.library.addFolder(test.videos)
    expect((await test.scan()).failures).toEqual([])
    expect(
      listed()
        .map(video => video.name)
        .sort(),
    ).toEqual([...names].sort())
    expect(listed({ text: 'FILMS — ÉTÉ' })).toMatchObject([{ sentences: 1 }])
    expect(listed({ text: 'l_' })).toHaveLength(0)
    expect(test.library.videoByPath(join(test.videos, '日本語.mkv'))?.info.codec).toBe('h264')
  })

  it.skipIf(process.platform === 'win32')('survives loops of links and finds every file once', async () => {
    writeVideo(join(test.videos, 'real/a.mp4'))
    const outside = writeVideo(join(test.directory, 'outside/b.mp4'))
    symlinkSync('..', join(test.videos, 'real/loop'))
    symlinkSync(test.directory, join(test.videos, 'up'))
    symlinkSync(join(test.videos, 'real'), join(test.videos, 'again'))
    symlinkSync('a.mp4', join(test.videos, 'real/same.mp4'))
    symlinkSync(join(test.directory, 'outside'), join(test.videos, 'linked'))
    symlinkSync(join(test.directory, 'outside'), join(test.videos, 'linked again'))
    symlinkSync(outside, join(test.videos, 'by itself.mp4'))
    symlinkSync('ring 2.mp4', join(test.videos, 'ring 1.mp4'))
    symlinkSync('ring 1.mp4', join(test.videos, 'ring 2.mp4'))
    symlinkSync('nowhere.mp4', join(test.videos, 'dangling.mp4'))
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job.state).toBe('succeeded')
    expect(listed().map(video => video.name)).toEqual(['a.mp4', 'b.mp4'])
    const reasons = new Map(job.failures.map(failure => [basename(failure.path), failure.reason]))
    expect([...reasons.keys()].sort()).toEqual(['dangling.mp4', 'ring 1.mp4', 'ring 2.mp4'])
    expect(reasons.get('ring 1.mp4')).toContain('leads back to itself')
    expect(reasons.get('dangling.mp4')).toContain('is not there')
  })

  it('says why a folder is gone, and loses nothing of it', async () => {
    writeVideo(join(test.videos, 'a.mp4'))
    await test.library.addFolder(test.videos)
    await test.scan()
    const away = join(test.directory, 'unplugged')
    renameSync(test.videos, away)
    const job = await test.scan()
    expect(job).toMatchObject({
      state: 'succeeded',
      failures: [{ path: test.videos, reason: expect.stringContaining('drive is not connected') }],
    })
    expect(test.library.folders()[0]?.problem).toContain('drive is not connected')
    await test.scan()
    expect(listed()).toMatchObject([{ state: 'missing' }])
    renameSync(away, test.videos)
    await test.scan()
    expect(test.library.folders()[0]?.problem).toBeNull()
    expect(listed()).toMatchObject([{ state: 'ready' }])
    expect(test.probed).toHaveLength(1)
  })

  it.skipIf(process.platform === 'win32')(
    'reports a folder that may not be read and keeps what was known of it',
    async () => {
      const secret = join(test.videos, 'secret')
      writeVideo(join(secret, 'a.mp4'))
      writeVideo(join(test.videos, 'b.mp4'))
      await test.library.addFolder(test.videos)
      await test.scan()
      for (const folder of [test.directory, test.videos]) chmodSync(folder, 0o755)
      chmodSync(secret, 0)
      const job = await withoutPrivileges(() => test.scan())
      chmodSync(secret, 0o755)
      expect(job).toMatchObject({
        state: 'succeeded',
        failures: [{ path: secret, reason: expect.stringContaining('may not be read by this user') }],
      })
      expect(listed().map(video => video.state)).toEqual(['ready', 'ready'])
    },
  )

  it('stops at once for what is wrong with the machine rather than a file', async () => {
    await test.close()
    test = openTestLibrary(() =>
      Promise.reject(new ExpectedError('ffmpeg-missing', 'ffprobe was not found: install it.')),
    )
    for (let i = 0; i < 20; i += 1) writeVideo(join(test.videos, `${i}.mp4`))
    await test.library.addFolder(test.videos)
    expect(await test.scan()).toMatchObject({
      state: 'failed',
      problem: 'ffprobe was not found: install it.',
      failures: [],
    })
    // Those that were examined together, and none after them.
    expect(test.probed.length).toBeLessThanOrEqual(8)
    expect(listed().every(video => video.state === 'new')).toBe(true)
  })

  it('does not stop for an odd file that our own code fails on', async () => {
    await test.close()
    test = openTestLibrary(async (file, options) => {
      if (file.includes('odd')) throw new TypeError('cannot read properties of undefined')
      return plainProbe(file, options)
    })
    writeVideo(join(test.videos, 'odd.mp4'))
    writeVideo(join(test.videos, 'plain.mp4'))
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job.failures).toHaveLength(1)
    expect(job.failures[0]?.reason).toContain('error in the program (cannot read properties of undefined)')
    expect(named('plain.mp4')?.state).toBe('ready')
  })

  it('comes to an end when its folder is removed meanwhile', async () => {
    await test.close()
    let removal: Promise<unknown> | undefined
    test = openTestLibrary(async (file, options) => {
      removal ??= test.library.removeFolder(test.library.folders()[0]?.id ?? -1)
      await removal
      return plainProbe(file, options)
    })
    for (let i = 0; i < 6; i += 1) writeVideo(join(test.videos, `${i}.mp4`))
    await test.library.addFolder(test.videos)
    expect(await test.scan()).toMatchObject({ state: 'succeeded', failures: [] })
    expect(listed()).toEqual([])
  })

  it('cancels between two files', async () => {
    await test.close()
    let probes = 0
    test = openTestLibrary(async (file, options) => {
      probes += 1
      if (probes === 4) test.queue.cancel(test.queue.list()[0]?.id ?? -1)
      return plainProbe(file, options)
    })
    for (let i = 0; i < 20; i += 1) writeVideo(join(test.videos, `${i}.mp4`))
    await test.library.addFolder(test.videos)
    expect((await test.scan()).state).toBe('cancelled')
    // As many as are examined together may have begun before the cancel arrives.
    expect(probes).toBeLessThanOrEqual(4 + together)
    await test.scan()
    expect(listed().every(video => video.state === 'ready')).toBe(true)
    // Those on their way when the job was cancelled; the others were not examined twice.
    expect(test.probed.length).toBeLessThanOrEqual(20 + together)
  })
})

/** Runs as a user who may not read everything: the superuser would be let in by any permission. */
async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  const isSuperuser = process.getuid?.() === 0
  if (isSuperuser) process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    if (isSuperuser) process.seteuid?.(0)
  }
}
