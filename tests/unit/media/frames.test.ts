import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { decodeRuns } from '../../../main/media/sampling/frame-process.ts'
import { sampleFrames, sampleOverview, samplePasses } from '../../../main/media/sampling/frames.ts'
import type { SampledFrames } from '../../../main/media/sampling/sample-target.ts'
import { denseSegments, overviewIndices, framesOnScreen } from '../../../main/media/sampling/sampling.ts'
import { probe } from '../../../main/media/timeline/probe.ts'
import { readTimeline } from '../../../main/media/timeline/timeline.ts'
import { drawVideo, ffmpeg } from '../../support/ffmpeg.ts'
import { folderOfFile } from '../../support/folders.ts'
import { readNumbers, writeNumberedVideo } from '../../support/numbered-video.ts'
import type { NumberedVideo, Turn } from '../../support/numbered-video.ts'

const folder = folderOfFile('frames of videos')

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
interface Case extends Omit<NumberedVideo, 'file'> {
  readonly name: string
}

/** Every way of storing a video that changes how a frame is found again. */
const cases: readonly Case[] = [
  { name: 'h264 b-frames.mp4', frames: 400, encode: [...h264, '-bf', '3', '-g', '50'] },
  { name: 'h264 one long group.mp4', frames: 400, encode: [...h264, '-bf', '3', '-g', '1000', '-sc_threshold', '0'] },
  {
    name: 'h264 open groups.mkv',
    frames: 400,
    encode: [...h264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=40:scenecut=0'],
  },
  {
    name: 'h264 open groups.mp4',
    frames: 400,
    encode: [...h264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=40:scenecut=0'],
  },
  { name: 'h264.mov', frames: 300, rate: 29.97, encode: [...h264, '-g', '60'] },
  { name: 'h264.ts', frames: 200, encode: [...h264, '-g', '50'] },
  { name: 'h264 b-frames.avi', frames: 200, encode: [...h264, '-bf', '2', '-g', '50'] },
  {
    name: 'hevc.mp4',
    frames: 150,
    encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-bf', '3', '-x265-params', 'keyint=50:log-level=error'],
  },
  {
    name: 'hevc open groups.mkv',
    frames: 150,
    encode: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'keyint=40:open-gop=1:bframes=3:log-level=error',
    ],
  },
  {
    name: 'vp9.webm',
    frames: 200,
    encode: [
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-g',
      '60',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '16',
    ],
  },
  { name: 'av1.webm', frames: 150, encode: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50'] },
  { name: 'av1.mp4', frames: 150, encode: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50'] },
  { name: 'mpeg4.avi', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-g', '60'] },
  { name: 'mpeg4 b-frames.avi', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2', '-g', '60'] },
  { name: 'mpeg4 b-frames.mp4', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2', '-g', '60'] },
  { name: 'only keyframes.mkv', frames: 100, encode: ['-c:v', 'mjpeg', '-q:v', '3'] },
  { name: 'twenty frames.mp4', frames: 20, encode: h264 },
  { name: 'one frame.mp4', frames: 1, encode: h264 },
  { name: 'one frame.webm', frames: 1, encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'] },
  { name: 'thirty-two frames.mkv', frames: 32, encode: h264 },
  {
    name: 'sound begins first.mp4',
    frames: 200,
    before: ['-f', 'lavfi', '-t', '9', '-i', 'sine', '-itsoffset', '1.5'],
    encode: [...h264, '-bf', '2', '-g', '50', '-c:a', 'aac'],
  },
  {
    name: 'sound begins first.mkv',
    frames: 200,
    before: ['-f', 'lavfi', '-t', '9', '-i', 'sine', '-itsoffset', '1.5'],
    encode: [...h264, '-bf', '2', '-g', '50', '-c:a', 'aac'],
  },
  { name: 'starts at ten seconds.mkv', frames: 200, encode: [...h264, '-g', '50', '-output_ts_offset', '10'] },
  { name: 'starts at ten seconds.ts', frames: 200, encode: [...h264, '-g', '50', '-output_ts_offset', '10'] },
  {
    name: 'variable rate.mkv',
    frames: 300,
    after: ['-vf', 'setpts=(N+floor(N/50)*25+pow(N/40\\,2))/(25*TB)', '-fps_mode', 'vfr'],
    encode: [...h264, '-bf', '2', '-g', '60'],
  },
  {
    name: 'variable rate.mp4',
    frames: 300,
    after: ['-vf', 'setpts=(N+floor(N/50)*25+pow(N/40\\,2))/(25*TB)', '-fps_mode', 'vfr'],
    encode: [...h264, '-bf', '2', '-g', '60'],
  },
  { name: `odd ' " %d %03d 名前 🎞 [a]:b=c;d\n.mp4`, frames: 60, encode: h264 },
]

describe('the frames of the published protocol, in every kind of file', () => {
  test.each(cases)('$name', async ({ name, ...video }) => {
    const file = join(folder, name)
    await writeNumberedVideo({ ...video, file })
    const info = await probe(file)
    const wanted = overviewIndices(video.frames)
    const fast = await sampleOverview(file, info)
    expect(readNumbers(fast.data)).toEqual(wanted)
    expect(fast.warnings).toEqual([])

    // The same frames are found by their times, in any order, also in the middle of their display.
    const some = [wanted[30] ?? 0, wanted[3] ?? 0, wanted[17] ?? 0, wanted[3] ?? 0]
    const times = [30, 3, 17, 3].map(position => (fast.times[position] ?? 0) + 0.3 / info.frameRate)
    expect(readNumbers((await sampleFrames(file, info, times, { mode: 'exact' })).data)).toEqual(some)
  })
})

describe('turned and portrait videos are sampled upright', () => {
  test.each<{ name: string; degrees: string; turn: Turn }>([
    { name: 'turned 90.mp4', degrees: '90', turn: 'anticlockwise' },
    { name: 'turned 270.mov', degrees: '270', turn: 'clockwise' },
  ])('$name', async ({ name, degrees, turn }) => {
    await writeNumberedVideo({ file: join(folder, `flat ${name}`), frames: 120, encode: [...h264, '-g', '40'] })
    const file = join(folder, name)
    await ffmpeg(['-i', join(folder, `flat ${name}`), '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`, file])
    const info = await probe(file)
    expect([info.width, info.height]).toEqual([180, 320])
    for (const mode of ['fast', 'exact'] as const) {
      expect(readNumbers((await sampleOverview(file, info, { mode })).data, turn)).toEqual(overviewIndices(120))
    }
  })
})

describe('dense pass', () => {
  test('streams the segments of the whole video, each with its own frames', async () => {
    const file = join(folder, 'dense.mkv')
    await writeNumberedVideo({ file, frames: 950, encode: [...h264, '-bf', '2', '-g', '60'] })
    const info = await probe(file)
    const segments = denseSegments(info)
    const numbers: number[][] = []
    for await (const sampled of samplePasses(file, info, { overview: 0, segments })) {
      numbers.push(readNumbers(sampled.data))
    }
    expect(numbers).toEqual(segments.map(segment => segment.times.map(time => Math.floor(time * 25 + 0.05))))
    expect(segments).toHaveLength(3)
  })

  test('a choice of frames too long for a command line is made all the same', async () => {
    // 3,072 frames of one decode take 170,000 characters to name; Linux allows 131,072.
    const [part, file] = [join(folder, 'part.mp4'), join(folder, 'film.mp4')]
    await writeNumberedVideo({ file: part, frames: 1024, rate: 24, encode: [...h264, '-g', '24'] })
    await ffmpeg(['-stream_loop', '5', '-i', part, '-c', 'copy', file])
    const info = await probe(file)
    const times = Array.from({ length: 3072 }, (_, index) => index / 12)
    const sampled = await sampleFrames(file, info, times, { height: 12, width: 20 })
    expect(sampled.warnings).toEqual([])
    expect(Math.max(...sampled.times.map((time, index) => Math.abs(time - (times[index] ?? 0))))).toBeLessThan(0.002)
  })

  test.each(['fast', 'exact'] as const)(
    'one decode for both passes gives each exactly the pixels it gets alone, %s',
    async mode => {
      const file = join(folder, `both ${mode}.mp4`)
      await drawVideo(file, 'testsrc2=s=320x180:r=30000/1001:d=37', [
        ...h264,
        '-bf',
        '3',
        '-g',
        '75',
        '-pix_fmt',
        'yuv420p',
      ])
      const info = await probe(file)
      const segments = denseSegments(info)
      const size = { mode, height: 48, width: 80 }
      const together = new Map<'overview' | number, SampledFrames>()
      for await (const { segment, ...sampled } of samplePasses(file, info, { overview: 32, segments }, size)) {
        together.set(segment, sampled)
      }
      expect([...together.keys()]).toEqual([0, 1, 2, 'overview'])
      const expectSame = (segment: 'overview' | number, alone: SampledFrames): void => {
        const { data, times } = together.get(segment) ?? {}
        expect(times).toEqual(alone.times)
        // Compared as bytes: element by element takes seconds.
        expect(data && Buffer.from(data.buffer).equals(Buffer.from(alone.data.buffer))).toBe(true)
      }
      expectSame('overview', await sampleOverview(file, info, size))
      for (const [number, { times }] of segments.entries()) {
        expectSame(number, await sampleFrames(file, info, times, size))
      }
    },
  )

  test('a caller that leaves early ends the decoder', async () => {
    const file = join(folder, 'dense.mkv')
    const info = await probe(file)
    for await (const sampled of samplePasses(file, info, {
      overview: 0,
      segments: denseSegments(info, { framesPerSecond: 8 }),
    })) {
      expect(sampled.times).toHaveLength(32)
      break
    }
  })

  test('a caller that is slower than the decoder gets all there is', async () => {
    const file = join(folder, 'short.mp4')
    await writeNumberedVideo({ file, frames: 500, encode: [...h264, '-g', '60'] })
    const info = await probe(file)
    const given: (string | number)[] = []
    for await (const { segment } of samplePasses(
      file,
      info,
      { overview: 32, segments: denseSegments(info, { framesPerSecond: 8 }) },
      { height: 24, width: 40 },
    )) {
      given.push(segment)
      await wait(300)
    }
    expect(given).toEqual([0, 1, 2, 3, 4, 'overview'])
  })

  test('a decode has not ended before its last picture is taken', async () => {
    const file = join(folder, 'taken slowly.mp4')
    await writeNumberedVideo({ file, frames: 20, encode: h264 })
    const info = await probe(file)
    const timeline = await readTimeline(file, info)
    let [taken, unfinished] = [0, 0]
    await decodeRuns(
      file,
      info,
      timeline,
      [{ frames: framesOnScreen(timeline, [0, 0.4]), fromStart: true }],
      { kind: 'rgb', width: 8, height: 8, filter: 'scale=8:8' },
      {
        threads: 1,
        onFrame: async () => {
          unfinished += 1
          await wait(400)
          unfinished -= 1
          taken += 1
        },
      },
    )
    expect({ taken, unfinished }).toEqual({ taken: 2, unfinished: 0 })
  })

  test('an abort reaches the caller as it was given', async () => {
    const file = join(folder, 'dense.mkv')
    const info = await probe(file)
    const stop = new AbortController()
    const reading = async (): Promise<void> => {
      for await (const _ of samplePasses(
        file,
        info,
        { overview: 0, segments: denseSegments(info, { framesPerSecond: 8 }) },
        { signal: stop.signal },
      )) {
        stop.abort(new Error('the user cancelled'))
      }
    }
    await expect(reading()).rejects.toThrow('the user cancelled')
  })
})

describe('a file too large to read through', () => {
  /** Appends so many bytes as a hole, which takes no space on the disk, behind an element that says to skip them. */
  const enlarge = async (file: string, header: Buffer): Promise<void> => {
    const { size } = await stat(file)
    const handle = await open(file, 'r+')
    await handle.write(header, 0, header.length, size)
    await handle.truncate(size + 1_500_000_000)
    await handle.close()
  }
  const encode = [...h264, '-bf', '2', '-g', '60']

  test('that lists its frames gives all of them', async () => {
    const file = join(folder, 'large.mp4')
    await writeNumberedVideo({ file, frames: 600, encode })
    const box = Buffer.alloc(16)
    box.writeUInt32BE(1, 0)
    box.write('free', 4, 'latin1')
    box.writeBigUInt64BE(1_500_000_000n, 8)
    await enlarge(file, box)
    const info = await probe(file)
    const timeline = await readTimeline(file, info, { times: [3, 20] })
    expect(timeline).toMatchObject({ complete: true, listed: true })
    expect(timeline.frameTimes).toHaveLength(600)
    expect(readNumbers((await sampleOverview(file, info)).data)).toEqual(overviewIndices(600))
    for await (const { data } of samplePasses(file, info, { overview: 32, segments: [] })) {
      expect(readNumbers(data)).toEqual(overviewIndices(600))
    }
  })

  test('that does not is looked up around the wanted times', async () => {
    const file = join(folder, 'large.mkv')
    await writeNumberedVideo({ file, frames: 600, encode })
    // A Void element, RFC 8794, 11.3.2.
    await enlarge(
      file,
      Buffer.from([0xec, 0x01, 0, 0, 0, ...[24, 16, 8, 0].map(bits => ((1_500_000_000 - 9) >> bits) & 255)]),
    )
    const info = await probe(file)
    const timeline = await readTimeline(file, info, { times: [3, 20] })
    expect(timeline).toMatchObject({ complete: false, listed: false })
    expect(timeline.keyframeTimes).toEqual(Float64Array.from([2.4, 19.2]))
    expect(readNumbers((await sampleOverview(file, info)).data)).toEqual(overviewIndices(600))
  })
})

describe('damaged videos', () => {
  test('a file cut in the middle gives the frames it has and says that it ends early', async () => {
    const whole = join(folder, 'whole.mp4')
    await writeNumberedVideo({
      file: whole,
      frames: 400,
      encode: [...h264, '-bf', '2', '-g', '50', '-movflags', '+faststart'],
    })
    const cut = join(folder, 'cut.mp4')
    const bytes = await readFile(whole)
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.55)))
    const info = await probe(cut)
    const sampled = await sampleOverview(cut, info)
    expect(sampled.warnings.join()).toMatch(/cut\.mp4 ends after \d+\.\d s of the 16\.0 s it announces/)
    expect(sampled.times.every(time => time < 12)).toBe(true)
    // Times beyond the cut show the last frame there is.
    const late = await sampleFrames(cut, info, [1, 15])
    expect(readNumbers(late.data)[0]).toBe(25)
    expect(late.times[1]).toBeCloseTo(sampled.times.at(-1) ?? 0, 1)
  })

  test('frames of a destroyed part are replaced by the nearest decodable ones before, with a warning', async () => {
    const file = join(folder, 'hole.mkv')
    await writeNumberedVideo({
      file,
      frames: 300,
      encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30'],
    })
    const { size } = await stat(file)
    const damaged = await open(file, 'r+')
    await damaged.write(Buffer.alloc(Math.floor(size * 0.2), 0xa5), 0, undefined, Math.floor(size * 0.4))
    await damaged.close()
    const info = await probe(file)
    const sampled = await sampleFrames(
      file,
      info,
      Array.from({ length: 12 }, (_, index) => index),
    )
    const numbers = readNumbers(sampled.data)
    expect(numbers.slice(0, 4)).toEqual([0, 25, 50, 75])
    expect(numbers.at(-1)).toBe(275)
    for (const [index, number] of numbers.entries()) expect(number).toBeLessThanOrEqual(index * 25)
    expect(sampled.warnings.join()).toMatch(/\d+ of 12 frames of .*hole\.mkv could not be decoded/)
  })

  test('where the beginning is destroyed, the segments still come in order, and the first begins with the first decodable frame', async () => {
    const file = join(folder, 'no beginning.mp4')
    await writeNumberedVideo({ file, frames: 1000, encode: [...h264, '-g', '60', '-movflags', '+faststart'] })
    // The table of contents still lists the frames whose bytes are gone.
    const bytes = await readFile(file)
    const data = bytes.indexOf('mdat') + 4
    await writeFile(file, bytes.fill(0xff, data, data + Math.floor((bytes.length - data) * 0.1)))
    const info = await probe(file)
    const numbers: (string | number)[] = []
    let first: number[] = []
    for await (const { segment, data } of samplePasses(file, info, { overview: 0, segments: denseSegments(info) })) {
      numbers.push(segment)
      if (segment === 0) first = readNumbers(data)
    }
    expect(numbers).toEqual([0, 1, 2])
    expect(first[0]).toBeGreaterThan(0)
    expect(first[0]).toBe(first[1])
  })

  test('a destroyed part longer than a segment takes no other segment away', async () => {
    const file = join(folder, 'long hole.mp4')
    await writeNumberedVideo({
      file,
      frames: 1000,
      rate: 10,
      encode: [...h264, '-bf', '2', '-g', '20', '-movflags', '+faststart'],
    })
    const bytes = await readFile(file)
    const data = bytes.indexOf('mdat') + 4
    const at = (part: number): number => data + Math.floor((bytes.length - data) * part)
    await writeFile(file, bytes.fill(0xff, at(0.25), at(0.7)))
    const info = await probe(file)
    const given: (string | number)[] = []
    let whole = 0
    for await (const { segment, warnings, data } of samplePasses(file, info, {
      overview: 32,
      segments: denseSegments(info),
    })) {
      given.push(segment)
      if (warnings.length === 0) whole += 1
      const numbers = readNumbers(data)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }
    expect(given).toHaveLength(8)
    expect(given.filter(segment => segment !== 'overview')).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(whole).toBeGreaterThanOrEqual(2)
  })

  test('a video without one decodable frame is refused by name', async () => {
    const file = join(folder, 'noise.mp4')
    await writeNumberedVideo({ file, frames: 50, encode: [...h264, '-movflags', '+faststart'] })
    const bytes = await readFile(file)
    const data = bytes.indexOf('mdat') + 4
    await writeFile(file, Buffer.concat([bytes.subarray(0, data), Buffer.alloc(bytes.length - data, 0xff)]))
    await expect(sampleOverview(file, await probe(file))).rejects.toMatchObject({
      code: 'video-undecodable',
      message: expect.stringContaining(file),
    })
  })
})

test('the fast mode’s pixels are close to the exact transform’s', async () => {
  // Fractal detail at a size that both resizes reduce: ffmpeg's area and bilinear scalers differ by 1.2 and 1.35 of 255 here.
  const file = join(folder, 'fractal.mp4')
  await drawVideo(file, 'mandelbrot=s=1920x1080:r=25', ['-frames:v', '8', ...h264, '-crf', '18', '-pix_fmt', 'yuv420p'])
  const info = await probe(file)
  const times = [0, 0.08, 0.16, 0.24]
  const fast = await sampleFrames(file, info, times)
  const exact = await sampleFrames(file, info, times, { mode: 'exact' })
  expect([fast.dtype, exact.dtype]).toEqual(['uint8', 'float32'])
  expect(fast.times).toEqual(exact.times)
  const difference =
    Array.from(exact.data).reduce((sum, value, index) => sum + Math.abs(value * 255 - (fast.data[index] ?? 0)), 0) /
    exact.data.length
  expect(difference).toBeLessThan(1)
})
