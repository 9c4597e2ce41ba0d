import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames, sampleOverview } from '../../../../main/media/sampling/frames.ts'
import { overviewIndices } from '../../../../main/media/sampling/sampling.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { drawVideo, ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { readNumbers, writeNumberedVideo, writeNumberedVideos } from '../../../support/videos/numbered-video.ts'
import type { NumberedVideo, Turn } from '../../../support/videos/numbered-video.ts'

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

const tried = sample(cases, 6)
const made = once(() =>
  writeNumberedVideos(
    folder,
    tried.map(({ name, ...video }) => ({ ...video, file: join(folder, name) })),
  ),
)

describe('the frames of the published protocol, in every kind of file', () => {
  test.each(tried)('$name', async ({ name, ...video }) => {
    await made()
    const file = join(folder, name)
    const info = await probe(file)
    const wanted = overviewIndices(video.frames)
    const fast = await sampleOverview(file, info)
    expect(readNumbers(fast.data)).toEqual(wanted)
    expect(fast.warnings).toEqual([])

    // The same frames are found by their times, in any order, also in the middle of their display.
    const some = [wanted[30] ?? 0, wanted[3] ?? 0, wanted[17] ?? 0, wanted[3] ?? 0]
    const times = [30, 3, 17, 3].map(position => (fast.times[position] ?? 0) + 0.3 / info.frameRate)
    expect(readNumbers((await sampleFrames(file, info, { times, mode: 'exact' })).data)).toEqual(some)
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

test('the fast mode’s pixels are close to the exact transform’s', async () => {
  // Fractal detail at a size that both resizes reduce: ffmpeg's area and bilinear scalers differ by 1.2 and 1.35 of 255
  // here.
  const file = join(folder, 'fractal.mp4')
  await drawVideo(file, 'mandelbrot=s=1920x1080:r=25', ['-frames:v', '8', ...h264, '-crf', '18', '-pix_fmt', 'yuv420p'])
  const info = await probe(file)
  const times = [0, 0.08, 0.16, 0.24]
  const fast = await sampleFrames(file, info, { times })
  const exact = await sampleFrames(file, info, { times, mode: 'exact' })
  expect([fast.dtype, exact.dtype]).toEqual(['uint8', 'float32'])
  expect(fast.times).toEqual(exact.times)
  const difference =
    Array.from(exact.data).reduce((sum, value, index) => sum + Math.abs(value * 255 - (fast.data[index] ?? 0)), 0) /
    exact.data.length
  expect(difference).toBeLessThan(1)
})
