import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames, sampleOverview } from '../../../../main/media/sampling/frames.ts'
import { overviewIndices } from '../../../../main/media/sampling/sampling.ts'
import { oneClock } from '../../../../main/media/timeline/clock.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { drawVideo, ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { readWhole, writeNumberedVideo } from '../../../support/videos/numbered-video.ts'
import {
  decodeAll,
  expectAsDecoded,
  h264,
  madeCases,
  make,
  pictureSize,
  frameSize,
  small,
  sound,
  twice,
  vp8,
} from './clock-grid.ts'
import type { ClockCase } from './clock-grid.ts'

// Several at once: with many processes on the machine each waits for the others.
vi.setConfig({ testTimeout: 600_000, maxConcurrency: 3 })

const folder = folderOfFile('clocks of videos')

/** Pictures so small that several share one packet of the program stream: only the first has a time. */
const fewTimes = ['-b:v', '60k', '-g', '25']
const variable = (times: string): string[] => [
  '-vf',
  `settb=1/1000,setpts='round((${times})/TB)'`,
  '-fps_mode',
  'passthrough',
  '-enc_time_base',
  '1/1000',
]

const cases: readonly ClockCase[] = [
  {
    name: 'program stream, few times.mpg',
    before: sound(4),
    encode: ['-c:v', 'mpeg1video', ...fewTimes, '-c:a', 'mp2', '-f', 'mpeg'],
  },
  {
    name: 'program stream, few times, B-frames.vob',
    encode: ['-c:v', 'mpeg2video', '-bf', '2', ...fewTimes, '-f', 'vob'],
  },
  {
    name: 'joined.ts',
    encode: [...h264, '-f', 'mpegts'],
    remake: twice,
    decoded: 200,
    warnings: [/clock of .*joined\.ts jumps once/],
  },
  {
    name: 'joined.mpg',
    encode: ['-c:v', 'mpeg2video', '-f', 'mpeg'],
    remake: twice,
    decoded: 200,
    warnings: [/jumps once/],
  },
  {
    name: 'a jump of the clock.ts',
    encode: [...h264, '-f', 'mpegts'],
    decoded: 200,
    warnings: [/jumps once/],
    remake: async (first, file) => {
      await ffmpeg(['-i', first, '-c', 'copy', '-output_ts_offset', '40', '-f', 'mpegts', `${file}.late`])
      await writeFile(file, Buffer.concat([await readFile(first), await readFile(`${file}.late`)]))
    },
  },
  { name: 'the clock wraps.ts', encode: [...h264, '-output_ts_offset', '95441', '-f', 'mpegts'] },
  {
    name: 'no length, sound first.webm',
    before: [...sound(4), '-itsoffset', '0.3'],
    encode: [...vp8, '-c:a', 'libopus', '-live', '1', '-f', 'webm'],
  },
  {
    name: 'no length, longer sound.mkv',
    before: sound(9),
    encode: [...h264, '-c:a', 'aac', '-live', '1', '-f', 'matroska'],
  },
  {
    name: 'equal times.webm',
    encode: vp8,
    after: variable('floor(N/2)*2/25'),
    shown: index => (Math.floor(index / 2) * 2) / 25,
    duration: 3.96,
  },
  {
    name: 'bursts.webm',
    encode: vp8,
    after: variable('floor(N/5)/5+mod(N,5)/1000'),
    shown: index => Math.floor(index / 5) / 5 + (index % 5) / 1000,
  },
  {
    name: 'variable rate.mkv',
    encode: h264,
    after: variable('N/25+floor(N/20)*0.7'),
    shown: index => index / 25 + Math.floor(index / 20) * 0.7,
  },
  { name: '960 frames a second.mp4', rate: 960, frames: 400, encode: h264 },
  { name: '1000 frames a second.mkv', rate: 1000, frames: 400, encode: h264 },
  { name: 'fragments.mp4', encode: [...h264, '-movflags', 'frag_keyframe'] },
  {
    name: 'fragments, longer sound.mp4',
    before: sound(9),
    encode: [...h264, '-c:a', 'aac', '-movflags', 'frag_keyframe'],
  },
  {
    name: 'fragments, no first.mp4',
    before: sound(9),
    encode: [...h264, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'],
  },
  {
    name: 'fragments, late index.mp4',
    before: sound(9),
    encode: [...h264, '-c:a', 'aac', '-movflags', 'frag_keyframe+delay_moov'],
  },
  {
    name: 'fragments, segment index.mp4',
    before: sound(9),
    encode: [...h264, '-c:a', 'aac', '-movflags', 'dash+global_sidx'],
  },
  { name: 'longer sound.mp4', before: sound(9), encode: [...h264, '-c:a', 'aac'] },
]

describe('one clock, one length, one count: picture by picture as in a full decode', () => {
  const tried = sample(cases, 7)
  const made = madeCases(folder, tried)
  test.concurrent.each(tried)('$name', async video => expectAsDecoded(video, await made(video.name)))
})

describe('what is no film is not taken for it', () => {
  test.each(['mov', 'mkv', 'avi', 'ts'])(
    'a still picture placed first, without the mark of a cover: %s',
    async type => {
      const [film, still, file] = [
        join(folder, `film.${type === 'mov' ? 'mov' : 'mkv'}`),
        join(folder, 'still.jpg'),
        join(folder, `still first.${type}`),
      ]
      await writeNumberedVideo({ file: film, frames: 60, size: frameSize, encode: h264 })
      await drawVideo(still, 'color=red:s=200x150', ['-frames:v', '1'])
      // AVI repeats the picture; in a transport stream only how long each lasts tells.
      const first = type === 'ts' ? 'libx264' : type === 'avi' ? 'mpeg4' : 'copy'
      const codecs = ['-c', 'copy', '-c:v:0', first, ...(type === 'avi' ? ['-bsf:v:1', 'h264_mp4toannexb'] : [])]
      await ffmpeg(['-i', still, '-i', film, '-map', '0', '-map', '1', ...codecs, file])
      const info = await probe(file)
      expect(info).toMatchObject({
        stream: 1,
        behindPicture: true,
        width: 96,
        height: 64,
        frameCount: 60,
        codec: 'h264',
      })
      const { data, warnings } = await sampleOverview(file, info, pictureSize)
      expect(warnings).toEqual([])
      expect(readWhole(data as Uint8Array, small, 3)).toEqual(overviewIndices(60))
    },
  )
})

describe('where not everything can be decoded', () => {
  test.each([
    { name: 'begins in a group.ts', encode: [...h264, '-g', '50', '-f', 'mpegts'], unit: 188 },
    { name: 'begins in a group.m2v', encode: ['-c:v', 'mpeg2video', '-g', '50', '-f', 'mpeg2video'], unit: 1 },
  ])('$name: every time before the first decodable picture shows that one', async ({ name, encode, unit }) => {
    const [first = ''] = await make(folder, [{ name: `whole ${name}`, frames: 200, encode }])
    const file = join(folder, name)
    const bytes = await readFile(first)
    await writeFile(file, bytes.subarray(Math.floor((bytes.length * 0.1) / unit) * unit))
    const [all = []] = await decodeAll([file])
    expect(all.length).toBeLessThan(190)
    const info = await probe(file)
    const numbers = readWhole(
      (await sampleFrames(file, info, { times: [0, 0.02, 0.04, 99], ...pictureSize })).data as Uint8Array,
      small,
      3,
    )
    expect(numbers).toEqual([all[0], all[0], all[0], all.at(-1)])
    const overview = await sampleOverview(file, info, pictureSize)
    expect(overview.warnings.join()).toMatch(/could not be decoded|cannot be decoded/)
    const sampled = readWhole(overview.data as Uint8Array, small, 3)
    expect(sampled[0]).toBe(all[0])
    expect(sampled.at(-1)).toBe(all.at(-1))
    expect(sampled.every(number => all.includes(number))).toBe(true)
  })
})

describe('times are made to go on', () => {
  const round = (times: Float64Array): number[] => [...times].map(time => Math.round(time * 1000) / 1000)

  test('pictures without a time stand between their neighbours', () => {
    expect(round(oneClock([NaN, 1, NaN, NaN, 1.12, NaN], 0.04).times)).toEqual([0.96, 1, 1.04, 1.08, 1.12, 1.16])
    expect(round(oneClock([NaN, NaN, NaN], 0.5).times)).toEqual([0, 0.5, 1])
  })

  test('a clock that restarts, or leaps where that is no pause, goes on', () => {
    expect(oneClock([5, 5.5, 0, 0.5], 0.5)).toMatchObject({ jumps: 1 })
    expect(round(oneClock([5, 5.5, 0, 0.5, 60, 60.5], 0.5, 10).times)).toEqual([5, 5.5, 6, 6.5, 7, 7.5])
    expect(oneClock([0, 1, 60], 1).jumps).toBe(0)
  })

  test('no two pictures have the same time', () => {
    const { times, jumps } = oneClock([1, 1, 1, 2, 1.9], 1)
    expect(jumps).toBe(0)
    expect([...times].every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true)
  })
})
