import { createHash } from 'node:crypto'
import { chmod, readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readPackets } from '../../main/media/containers/packets/packets.ts'
import { generateDemo } from '../../main/media/demo/demo.ts'
import { machineProblem, startProblem } from '../../main/media/ffmpeg/child-end.ts'
import type { ChildEnd } from '../../main/media/ffmpeg/child-end.ts'
import { configureExecutables, findExecutable, forgetExecutables } from '../../main/media/ffmpeg/executables.ts'
import type { MediaInfo } from '../../main/media/media-info.ts'
import { makeProxy } from '../../main/media/playback/proxy.ts'
import { probe } from '../../main/media/probing/probe.ts'
import { sampleFrames, samplePasses } from '../../main/media/sampling/frames.ts'
import type { PassSample } from '../../main/media/sampling/frames.ts'
import { denseSegments } from '../../main/media/sampling/sampling.ts'
import { decodedTimeline } from '../../main/media/timeline/decoded-times.ts'
import { readTimeline } from '../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../support/folders.ts'
import { sample, thorough } from '../support/sample.ts'
import { ffmpeg } from '../support/videos/ffmpeg.ts'
import { writeNumberedVideo } from '../support/videos/numbered-video.ts'

/** From which byte on the drive reports an error where the program itself reads. */
const drive = vi.hoisted(() => ({ failsFrom: Infinity }))
vi.mock('../../main/storage/files/packed-file.ts', async original => {
  const actual = await original<typeof import('../../main/storage/files/packed-file.ts')>()
  return {
    ...actual,
    openFile: async (path: string) => {
      const file = await actual.openFile(path)
      const read = file.read.bind(file) as (...words: unknown[]) => ReturnType<typeof file.read>
      return Object.assign(file, {
        read: (buffer: Buffer, offset: number, length: number, position: number) => {
          if (position + length <= drive.failsFrom) return read(buffer, offset, length, position)
          throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' })
        },
      })
    },
  }
})

/*
 * Tools that are ended from outside, as by an out-of-memory killer, or that cannot run: shell scripts that wrap the
 * real ones, therefore not on Windows. Whatever happens to a tool says nothing of the video that it was reading.
 */
const scripts = describe.skipIf(process.platform === 'win32')

const folder = folderOfFile('killed')
const at = (name: string): string => join(folder, name)
const real = { ffmpeg: '', ffprobe: '' }
let info: MediaInfo
/** A transport stream, which only ffprobe can tell of. */
const video = (): string => at('sound.ts')
const times = Array.from({ length: 40 }, (_, index) => index * 0.2)

beforeAll(async () => {
  real.ffmpeg = await findExecutable('ffmpeg')
  real.ffprobe = await findExecutable('ffprobe')
  await writeNumberedVideo({
    file: video(),
    frames: 200,
    encode: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '40'],
  })
  info = await probe(video())
}, 60_000)
afterEach(() => {
  configureExecutables({})
  forgetExecutables()
})

let made = 0
/**
 * Names a tool that ends as `end` says when its arguments match `when`, in the first `strikes` of such calls; else it
 * is the real one. In `end`, `$REAL "$@"` is the real tool.
 */
async function wrap(
  tool: 'ffmpeg' | 'ffprobe',
  when: string,
  end: string,
  strikes = 1000,
): Promise<() => Promise<number>> {
  const script = at(`${tool}-${(made += 1)}`)
  await writeFile(
    script,
    `#!/bin/bash
REAL=${real[tool]}
case "$*" in ${when}) echo >>${script}.calls; [ $(wc -l <${script}.calls) -le ${strikes} ] && { ${end}; };; esac
exec $REAL "$@"
`,
  )
  await chmod(script, 0o755)
  configureExecutables({ [tool]: script })
  forgetExecutables()
  // What was read of a file that has not changed since needs no tool.
  await utimes(video(), made, made)
  return async () => (await readFile(`${script}.calls`, 'utf8').catch(() => '')).length
}

const anything = '*'
const decodes = '*rawvideo*|*image2pipe*'
const lists = '*packet=pts_time*'

/** Everything that reads a video, and which tool it needs for that. */
const readers: readonly { name: string; tool: 'ffmpeg' | 'ffprobe'; when: string; read: () => Promise<unknown> }[] = [
  { name: 'looking into a file', tool: 'ffprobe', when: anything, read: () => probe(video()) },
  { name: 'asking what ffmpeg can do', tool: 'ffmpeg', when: anything, read: () => probe(video()) },
  { name: 'the timeline', tool: 'ffprobe', when: lists, read: () => readTimeline(video(), info) },
  { name: 'frames', tool: 'ffmpeg', when: decodes, read: () => sampleFrames(video(), info, { times }) },
  { name: 'both passes', tool: 'ffmpeg', when: decodes, read: () => passes() },
]

/** Which samples came, in their order, with their pixels as a checksum. */
async function passes(): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const sample of samplePasses(video(), info, {
    passes: {
      overview: 32,
      segments: denseSegments(info, { framesPerSecond: 8 }),
    },
  })) {
    all.push({ ...sample, data: checksum(sample) })
  }
  return all
}

function checksum({ data }: Pick<PassSample, 'data'>): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
}

/** What no end of a tool may be taken for. */
const againstTheVideo = /damaged|incomplete|not a video|cannot be decoded/

const ends: readonly { name: string; end: ChildEnd; code: string | null }[] = [
  { name: 'SIGKILL', end: { exitCode: null, signal: 'SIGKILL', errorText: '' }, code: 'tool-interrupted' },
  {
    name: 'SIGKILL after other messages',
    end: { exitCode: null, signal: 'SIGKILL', errorText: 'moov atom not found' },
    code: 'tool-interrupted',
  },
  { name: 'a crash', end: { exitCode: null, signal: 'SIGSEGV', errorText: '' }, code: 'tool-interrupted' },
  { name: 'a kill behind a shell', end: { exitCode: 137, signal: null, errorText: '' }, code: 'tool-interrupted' },
  { name: 'a crash on Windows', end: { exitCode: 0xc0000005, signal: null, errorText: '' }, code: 'tool-interrupted' },
  {
    name: 'a signal that ffmpeg catches',
    end: { exitCode: 255, signal: null, errorText: 'Exiting normally, received signal 15.' },
    code: 'tool-interrupted',
  },
  {
    name: 'a signal that ffmpeg catches quietly',
    end: { exitCode: 255, signal: null, errorText: '' },
    code: 'tool-interrupted',
  },
  {
    name: 'no memory',
    end: { exitCode: 1, signal: null, errorText: 'x.mp4: Cannot allocate memory' },
    code: 'tool-interrupted',
  },
  {
    name: 'no threads',
    end: { exitCode: 1, signal: null, errorText: 'Error initializing filters: Resource temporarily unavailable' },
    code: 'tool-interrupted',
  },
  {
    name: 'no files',
    end: { exitCode: 1, signal: null, errorText: 'x.mp4: Too many open files' },
    code: 'tool-interrupted',
  },
  {
    name: 'a missing library',
    end: {
      exitCode: 127,
      signal: null,
      errorText:
        'ffmpeg: error while loading shared libraries: libavdevice.so.59: cannot open shared object file: No such file or directory',
    },
    code: 'ffmpeg-broken',
  },
  {
    name: 'a missing library on Windows',
    end: { exitCode: 0xc0000135, signal: null, errorText: '' },
    code: 'ffmpeg-broken',
  },
  {
    name: 'a missing library on macOS',
    end: { exitCode: 134, signal: null, errorText: 'dyld[1]: Library not loaded: @rpath/libavdevice.59.dylib' },
    code: 'ffmpeg-broken',
  },
  {
    name: 'a drive that is away, after which it goes on',
    end: { exitCode: 0, signal: null, errorText: 'Error during demuxing: Stale file handle\nframe=3' },
    code: 'tool-interrupted',
  },
  {
    name: 'success with a file that is called so',
    end: { exitCode: 0, signal: null, errorText: "Input #0, avi, from '/videos/x: No such device':" },
    code: null,
  },
  { name: 'success', end: { exitCode: 0, signal: null, errorText: 'Cannot allocate memory' }, code: null },
  {
    name: 'a file that cannot be opened',
    end: { exitCode: 1, signal: null, errorText: 'x.mp4: Invalid data found when processing input' },
    code: null,
  },
]

it.each(ends)('an end by $name is told from what is wrong with a file', ({ end, code }) => {
  const problem = machineProblem('/usr/bin/ffmpeg', end)
  expect(problem?.code ?? null).toBe(code)
  expect(problem?.message ?? '').not.toMatch(againstTheVideo)
})

it.each([
  ['EAGAIN', 'tool-interrupted'],
  ['EMFILE', 'tool-interrupted'],
  ['ENOMEM', 'tool-interrupted'],
  ['ENOENT', 'ffmpeg-missing'],
  ['EACCES', 'ffmpeg-broken'],
])('a start that fails with %s is %s', (code, told) => {
  expect(
    startProblem('/usr/bin/ffmpeg', Object.assign(new Error('spawn'), { code, syscall: 'spawn /usr/bin/ffmpeg' })),
  ).toMatchObject({ code: told })
})

scripts('a tool that is killed midway, every time', () => {
  it.each(sample(readers, 4))('fails $name without a word against the video', async ({ tool, when, read }) => {
    await wrap(tool, when, '$REAL "$@" | head -c 1500; kill -9 $$')
    const failure = await read().then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'tool-interrupted', message: expect.stringContaining('SIGKILL') })
    expect(String(failure)).not.toMatch(againstTheVideo)
  })
})

scripts('a tool that cannot be started', () => {
  it.each(sample(readers.slice(0, 3), 1))('fails $name without a word against the video', async ({ tool, read }) => {
    // Found a moment ago, and then removed; a script without its interpreter is the same to the system.
    await wrap(tool, anything, 'true')
    const script = await findExecutable(tool)
    await writeFile(script, '#!/nowhere/sh\n')
    const failure = await read().then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'ffmpeg-missing' })
    expect(String(failure)).not.toMatch(againstTheVideo)
  })
})

scripts('a tool that is killed once', () => {
  const midway = '$REAL "$@" | head -c 700000; kill -9 $$'

  it('midway in its frames gives the same frames in the end', async () => {
    const right = checksum(await sampleFrames(video(), info, { times, lanes: 1 }))
    const calls = await wrap('ffmpeg', decodes, midway, 2)
    expect(checksum(await sampleFrames(video(), info, { times, lanes: 1 }))).toBe(right)
    expect(await calls()).toBe(3)
  })

  thorough('midway in a dense pass gives every segment, the same and in order', async () => {
    const right = await passes()
    await wrap('ffmpeg', decodes, midway, 1)
    expect(await passes()).toEqual(right)
  })

  it('midway in the list of packets gives the whole timeline', async () => {
    const right = await readTimeline(video(), info)
    expect(right.frameTimes).toHaveLength(200)
    await wrap('ffprobe', lists, '$REAL "$@" | head -c 1500; kill -9 $$', 2)
    expect(await readTimeline(video(), info)).toEqual(right)
  })

  it('while it looks into a file, or is asked what it can do, tells all the same', async () => {
    await wrap('ffprobe', anything, 'kill -9 $$', 1)
    expect(await probe(video())).toEqual(info)
    await wrap('ffmpeg', anything, 'kill -9 $$', 2)
    expect(await probe(video())).toEqual(info)
  })

  it('while it makes a playable copy leaves a whole one', async () => {
    await wrap('ffmpeg', '*-progress*', 'kill -9 $$', 1)
    await makeProxy(video(), info, { outFile: at('copy.mp4') })
    expect(await probe(at('copy.mp4'))).toMatchObject({ frameCount: 200 })
  })
})

scripts('a drive that goes away while it is read', () => {
  const away = (said: string) => `$REAL "$@" | head -c 700000; echo "${video()}: ${said}" >&2; exit 0`

  const few = { times: times.slice(0, 8), lanes: 1 }

  it('for a moment gives the same frames in the end, and for longer none', async () => {
    const right = checksum(await sampleFrames(video(), info, few))
    await wrap('ffmpeg', decodes, away('Transport endpoint is not connected'), 2)
    expect(checksum(await sampleFrames(video(), info, few))).toBe(right)
    await wrap('ffmpeg', decodes, away('Transport endpoint is not connected'))
    const failure = sampleFrames(video(), info, few)
    await expect(failure).rejects.toMatchObject({
      code: 'tool-interrupted',
      message: expect.stringContaining('lost the drive'),
    })
  })

  it('with words that may be of a damaged file is told by reading it', async () => {
    const errors = away('Input/output error')
    await wrap('ffmpeg', decodes, errors)
    // The file can be read: what it lacks is its own.
    expect((await sampleFrames(video(), info, few)).replaced).toBeGreaterThan(0)
    await wrap('ffmpeg', decodes, `mv ${video()} ${at('away')}; ${errors}`, 1)
    const failure = sampleFrames(video(), info, few).finally(() => rename(at('away'), video()))
    await expect(failure).rejects.toMatchObject({
      code: 'video-unreadable',
      message: expect.stringContaining('is not there'),
    })
  })
})

scripts('a drive that fails while packets are listed, of which ffprobe says nothing', () => {
  /** It sees half of the file, and takes that for the end. */
  const half = `head -c $(($(wc -c <${video()}) / 2)) ${video()} >${at('half.ts')}; exec $REAL "\${@/sound.ts/half.ts}"`

  it('for a moment gives the whole length and timeline', async () => {
    await wrap('ffprobe', anything, half, 1)
    expect(await probe(video())).toEqual(info)
    await wrap('ffprobe', lists, half, 1)
    expect((await readTimeline(video(), info)).frameTimes).toHaveLength(200)
    // The decoder says so, of a file that makes no sense to it as well.
    const packets = await readPackets(video(), info)
    await wrap('ffmpeg', '*showinfo*', `(${half}); echo "${video()}: Input/output error" >&2; exit 0`, 1)
    expect((await decodedTimeline(video(), info, { packets })).frameTimes).toHaveLength(200)
  })

  it('and cannot be read by others either is told, as where no tool is needed', async () => {
    await ffmpeg(['-i', video(), '-c', 'copy', at('copied.mkv')])
    await wrap('ffprobe', anything, half)
    for (const [file, from] of [
      [video(), 100_000],
      [at('copied.mkv'), 1000],
    ] as const) {
      drive.failsFrom = from
      await expect(probe(file).finally(() => (drive.failsFrom = Infinity))).rejects.toMatchObject({
        code: 'video-unreadable',
        message: expect.stringContaining('its drive reports an error'),
      })
    }
  })

  it('is told from a file that lacks pictures', async () => {
    const calls = await wrap('ffprobe', anything, half)
    expect((await probe(video())).duration).toBeLessThan(0.6 * info.duration)
    expect(await calls()).toBe(2)
  })
})

scripts('a tool that is killed again and again', () => {
  it('makes no playable copy and no demo, and leaves nothing of them', async () => {
    await wrap('ffmpeg', '*-progress*', 'kill -9 $$')
    await expect(makeProxy(video(), info, { outFile: at('none.mp4') })).rejects.toMatchObject({
      code: 'tool-interrupted',
    })
    await expect(readFile(at('none.mp4'))).rejects.toThrow('ENOENT')
    await wrap('ffmpeg', '*pipe:0*', 'kill -9 $$')
    await expect(generateDemo(at('demo'))).rejects.toMatchObject({ code: 'tool-interrupted' })
  })
})

it('a damaged video is still called so', async () => {
  await ffmpeg(['-i', video(), '-c', 'copy', at('whole.mkv')])
  const bytes = await readFile(at('whole.mkv'))
  await writeFile(at('damaged.mkv'), Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(2000, 7)]))
  await expect(probe(at('damaged.mkv'))).rejects.toMatchObject({ code: 'video-damaged' })
})
