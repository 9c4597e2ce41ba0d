import { execFileSync } from 'node:child_process'
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  configureExecutables,
  ffmpegAbilities,
  findExecutable,
  installAdvice,
  parseVersion,
} from '../../../../main/media/ffmpeg/executables.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { keyframes } from '../../../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { writeNumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('probe')
const at = (name: string): string => join(folder, name)
const h264 = ['-c:v', 'libx264', '-preset', 'veryfast']

beforeAll(async () => {
  await writeNumberedVideo({
    file: at('plain.mp4'),
    frames: 100,
    encode: [...h264, '-g', '25', '-keyint_min', '25', '-sc_threshold', '0'],
  })
})

describe('what a video is', () => {
  test('a plain one', async () => {
    const info = await probe(at('plain.mp4'))
    expect(info).toMatchObject({
      duration: 4,
      width: 320,
      height: 180,
      rotation: 0,
      frameRate: 25,
      frameCount: 100,
      frameCountExact: true,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      hasAudio: false,
      startTime: 0,
    })
    expect(await keyframes(at('plain.mp4'), info)).toEqual([0, 1, 2, 3])
  })

  test('turned by its orientation: width and height are those one sees', async () => {
    await ffmpeg(['-i', at('plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4')])
    expect(await probe(at('turned.mp4'))).toMatchObject({ width: 180, height: 320 })
  })

  test('with pixels that are not square: the shape one sees', async () => {
    await ffmpeg(['-i', at('plain.mp4'), '-vf', 'setsar=4/3', ...h264, at('wide.mkv')])
    expect(await probe(at('wide.mkv'))).toMatchObject({ width: 427, height: 180, storedWidth: 320, storedHeight: 180 })
  })

  test('with longer sound: the duration is the picture’s, and its frames are counted', async () => {
    await writeNumberedVideo({
      file: at('sound.mkv'),
      frames: 100,
      before: ['-f', 'lavfi', '-t', '6', '-i', 'sine'],
      encode: h264,
    })
    expect(await probe(at('sound.mkv'))).toMatchObject({
      hasAudio: true,
      duration: 4,
      frameCount: 100,
      frameCountExact: true,
    })
  })
})

describe('what is not a usable video gets one sentence with its name and the cause', () => {
  const refused = async (name: string): Promise<{ code: string; message: string }> => {
    const failure = await probe(at(name)).then(
      () => {
        throw new Error(`${name} was taken for a video`)
      },
      (error: unknown) => error,
    )
    return failure as { code: string; message: string }
  }
  const cases: readonly { name: string; make: () => Promise<unknown>; code: string; cause: RegExp }[] = [
    { name: 'gone.mp4', make: async () => undefined, code: 'video-missing', cause: /not there any more/ },
    { name: 'empty.mp4', make: () => writeFile(at('empty.mp4'), ''), code: 'video-empty', cause: /0 bytes/ },
    {
      name: 'letter.mp4',
      make: () => writeFile(at('letter.mp4'), 'Dear reader,\nthis is no video.\n'.repeat(50)),
      code: 'not-a-video',
      cause: /not a video/,
    },
    {
      name: 'playlist.mp4',
      make: () =>
        writeFile(
          at('playlist.mp4'),
          `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://${at('plain.mp4')}\n#EXT-X-ENDLIST\n`,
        ),
      code: 'not-a-video',
      cause: /not a video/,
    },
    {
      name: 'song.mp4',
      make: () => ffmpeg(['-f', 'lavfi', '-t', '1', '-i', 'sine', '-c:a', 'aac', at('song.mp4')]),
      code: 'audio-only',
      cause: /sound but no picture/,
    },
    {
      name: 'cut.mp4',
      make: async () => writeFile(at('cut.mp4'), (await readFile(at('plain.mp4'))).subarray(0, 6000)),
      code: 'video-truncated',
      cause: /moov/,
    },
    {
      name: 'cut.mkv',
      make: () => writeFile(at('cut.mkv'), Buffer.from('1A45DFA3A342868101', 'hex')),
      code: 'video-damaged',
      cause: /damaged or cut off/,
    },
    {
      name: 'strange.avi',
      make: async () => {
        await ffmpeg(['-i', at('plain.mp4'), '-c:v', 'mpeg4', at('known.avi')])
        await writeFile(
          at('strange.avi'),
          Buffer.from((await readFile(at('known.avi'))).toString('latin1').replaceAll('FMP4', 'ZZZZ'), 'latin1'),
        )
      },
      code: 'no-decoder',
      cause: /cannot decode/,
    },
    { name: 'loop.mp4', make: () => symlink(at('loop.mp4'), at('loop.mp4')), code: 'video-unreadable', cause: /ELOOP/ },
    {
      name: '-f "quoted"\n🎬.mp4',
      make: () => writeFile(at('-f "quoted"\n🎬.mp4'), 'no video'),
      code: 'not-a-video',
      cause: /not a video/,
    },
  ]
  test.each(cases)('$name: $code', async ({ name, make, code, cause }) => {
    await make()
    const failure = await refused(name)
    expect(failure.message).toContain(at(name))
    expect(failure.message).toMatch(cause)
    expect(failure.code).toBe(code)
  })

  test('a file without permission', async () => {
    await writeFile(at('private.mp4'), await readFile(at('plain.mp4')))
    await chmod(at('private.mp4'), 0o000)
    await chmod(folder, 0o755)
    // Permissions do not bind the superuser, so the test puts that role down for a moment.
    const superuser = process.geteuid?.() === 0
    if (superuser) process.seteuid?.(65534)
    try {
      expect(await refused('private.mp4')).toMatchObject({
        code: 'video-unreadable',
        message: expect.stringContaining('permissions'),
      })
    } finally {
      if (superuser) process.seteuid?.(0)
    }
  })
})

describe('finding ffmpeg', () => {
  afterAll(() => configureExecutables({}))

  test('a wrong setting is named', async () => {
    configureExecutables({ ffmpeg: at('no-ffmpeg-here') })
    await expect(findExecutable('ffmpeg')).rejects.toMatchObject({
      code: 'ffmpeg-missing',
      message: expect.stringContaining(at('no-ffmpeg-here')),
    })
  })

  test('every platform is told what to install', () => {
    expect(installAdvice('linux')).toContain('sudo apt install ffmpeg')
    expect(installAdvice('darwin')).toContain('brew install ffmpeg')
    expect(installAdvice('win32')).toContain('winget install')
  })

  test('what ffmpeg can do is what it lists, its encoders too', async () => {
    configureExecutables({})
    const list = (flag: string, row: RegExp): Set<string> => {
      const text = execFileSync('ffmpeg', ['-hide_banner', flag], { encoding: 'utf8', stdio: 'pipe' })
      return new Set([...text.matchAll(row)].map(([, name = '']) => name))
    }
    const { version, decodes, encoders } = await ffmpegAbilities()
    expect(decodes).toEqual(list('-codecs', /^ D[.E]V\S+ (\w\S*)/gm))
    expect(encoders).toEqual(list('-encoders', /^ [VA]\S+ (\w\S*)/gm))
    expect(version).toEqual(parseVersion(execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' })))
  })

  test('versions of releases and of development builds', () => {
    expect(parseVersion('ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright')).toEqual([4, 4])
    expect(parseVersion('ffmpeg version n7.1 Copyright')).toEqual([7, 1])
    expect(parseVersion('ffmpeg version N-118083-g1c2b3d Copyright (c) 2000-2024 the FFmpeg developers')).toEqual([
      Infinity,
      0,
    ])
    expect(
      parseVersion(
        'ffmpeg version N-47683-g0e8eb07980-static https://example.org/ffmpeg/  Copyright (c) 2000-2018 the FFmpeg developers',
      ),
    ).toEqual([4, 0])
  })
})

test.each(['plain.mp4', 'sound.mkv'])('an abort ends the reading of %s and is passed on', async name => {
  const stop = new AbortController()
  const probing = probe(at(name), { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(probing).rejects.toThrow('enough')
})
