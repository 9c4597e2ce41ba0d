import { execFileSync } from 'node:child_process'
import { chmodSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Video } from '../../../main/api/library/library.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { together } from '../../../main/library/scanning/scan.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { tarOf } from '../../support/tar.ts'
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
describe('bad input', () => {
  it('says that a folder has no videos, and what was looked for', async () => {
    await test.library.addFolder(test.videos)
    const job = await test.scan()
    expect(job.state).toBe('succeeded')
    expect(job.failures).toHaveLength(1)
    expect(job.failures[0]?.reason).toMatch(/^No videos found in .*videos \(looked for mp4, m4v, mov/)
  })

  it('says once that videos in archives are not listed, and what to do', async () => {
    writeFileSync(join(test.videos, 'backup.tar'), tarOf({ 'notes.txt': 'x' }))
    for (const shard of ['a.tar', 'b.tar']) {
      writeFileSync(join(test.videos, shard), tarOf({ '0.json': '{}', '0.mp4': 'v', '1.mp4': 'v' }))
    }
    await test.library.addFolder(test.videos)
    const { failures } = await test.scan()
    expect(failures).toEqual([
      {
        path: test.videos,
        reason: expect.stringMatching(/holds videos in tar archives, as a\.tar, .*unpack them to search and play them/),
      },
    ])
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

  it.skipIf(process.platform === 'win32')(
    'reads captions again that could not be read, once they can be, though their file is the same',
    async () => {
      writeVideo(join(test.videos, 'a.mp4'))
      const captions = join(test.videos, 'a.srt')
      writeFileSync(captions, '1\n00:00:01,000 --> 00:00:02,000\nHello.\n')
      await test.library.addFolder(test.videos)
      for (const folder of [test.directory, test.videos]) chmodSync(folder, 0o755)
      chmodSync(captions, 0)
      await withoutPrivileges(() => test.scan())
      expect(named('a.mp4')).toMatchObject({
        sentences: 0,
        captionProblem: expect.stringContaining('change its permissions, then rescan'),
      })
      chmodSync(captions, 0o644)
      await test.scan()
      expect(named('a.mp4')).toMatchObject({ sentences: 1, captionProblem: null })
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
