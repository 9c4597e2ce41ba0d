import { readFile, writeFile } from 'node:fs/promises'
import { describe, test, vi } from 'vitest'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { expectAsDecoded, h264, madeCases, sound, vp8 } from './clock-grid.ts'
import type { ClockCase } from './clock-grid.ts'
import { fieldPictures } from './field-pictures.ts'
import { packBFrames } from './packed-b-frames.ts'

// Several at once: with many processes on the machine each waits for the others.
vi.setConfig({ testTimeout: 600_000, maxConcurrency: 3 })

const folder = folderOfFile('containers of videos')

const mpeg4 = ['-c:v', 'mpeg4', '-g', '25']
const mpeg2 = ['-c:v', 'mpeg2video', '-bf', '2']
const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'bframes=2:keyint=25:log-level=error']
/** The second pass of VP8 hides pictures: they are decoded and never shown. */
const hiding = async (first: string, file: string): Promise<void> => {
  const encode = [
    '-i',
    first,
    '-passlogfile',
    file,
    '-c:v',
    'libvpx',
    '-auto-alt-ref',
    '1',
    '-lag-in-frames',
    '16',
    '-cpu-used',
    '4',
    '-b:v',
    '100k',
  ]
  await ffmpeg([...encode, '-pass', '1', '-f', 'null', '-'])
  await ffmpeg([...encode, '-pass', '2', file])
}
const fields =
  (...options: string[]) =>
  async (first: string, file: string): Promise<void> => {
    await writeFile(`${first}.h264`, fieldPictures(40))
    await ffmpeg(['-r', '50', '-i', `${first}.h264`, '-c', 'copy', ...options, file])
  }
/** Every fifth picture is two fields, the others are frames. */
async function mixed(first: string, file: string): Promise<void> {
  await writeFile(
    `${first}.h264`,
    fieldPictures(40, number => number % 5 > 0),
  )
  await ffmpeg(['-r', '50', '-i', `${first}.h264`, '-c', 'copy', file])
}
const vp9Hidden = ['-c:v', 'libvpx-vp9', '-auto-alt-ref', '1', '-lag-in-frames', '16', '-cpu-used', '8']
const av1Hidden = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'good', '-lag-in-frames', '16', '-b:v', '100k']
const copied =
  (...options: string[]) =>
  (first: string, file: string): Promise<void> =>
    ffmpeg([...options.flatMap(option => (option === '-i' ? ['-i', first] : [option])), '-c', 'copy', file])

const shown: readonly ClockCase[] = [
  { name: 'hidden.ivf', encode: vp8, remake: hiding, shown: 'decoded' },
  { name: 'hidden.avi', encode: vp8, remake: hiding, shown: 'decoded' },
  { name: 'hidden.webm', encode: vp8, remake: hiding },
  { name: 'hidden vp9.ivf', encode: vp9Hidden },
  { name: 'hidden av1.ivf', encode: av1Hidden, frames: 40 },
]

const raw: readonly ClockCase[] = [
  { name: 'raw.m1v', encode: ['-c:v', 'mpeg1video', '-f', 'mpeg1video'] },
  { name: 'raw.m2v', encode: [...mpeg2, '-f', 'mpeg2video'] },
  { name: 'raw.h264', encode: [...h264, '-f', 'h264'] },
  { name: 'raw.hevc', encode: [...hevc, '-f', 'hevc'] },
  { name: 'raw.m4v', encode: [...mpeg4, '-bf', '2', '-f', 'm4v'] },
  { name: 'raw.mjpeg', encode: ['-c:v', 'mjpeg', '-f', 'mjpeg'] },
  { name: 'raw.y4m', encode: ['-f', 'yuv4mpegpipe'] },
  { name: 'raw.ivf', encode: vp8 },
]

const containers: readonly ClockCase[] = [
  { name: 'begins late.mp4', before: ['-itsoffset', '1.5'], encode: h264 },
  { name: 'beginning cut by an edit list.mp4', encode: h264, remake: copied('-ss', '1.4', '-i'), decoded: 65 },
  {
    name: 'both ends cut by an edit list.mp4',
    encode: [...h264, '-bf', '0'],
    remake: copied('-ss', '1.4', '-i', '-t', '1'),
    decoded: 25,
  },
  { name: 'longer sound.wmv', before: sound(6), encode: ['-c:v', 'wmv2', '-c:a', 'wmav2'] },
  {
    name: 'longer sound, no length.flv',
    before: sound(6),
    encode: ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100', '-flvflags', 'no_duration_filesize'],
  },
  { name: 'theora.ogv', encode: ['-c:v', 'libtheora', '-g', '25'] },
  { name: 'begins below zero.nut', encode: [...h264, '-output_ts_offset', '-1.2'] },
  { name: 'broadcast.mxf', encode: mpeg2 },
  { name: 'b-frames.avi', encode: [...mpeg4, '-bf', '2'] },
  {
    name: 'packed b-frames.avi',
    encode: [...mpeg4, '-bf', '1', '-flags', '+bitexact', '-vtag', 'DX50'],
    remake: packed,
  },
  {
    name: 'frames left out.avi',
    after: ['-vf', `setpts='N+5*floor(N/10)'`],
    encode: [...mpeg4, '-fps_mode', 'vfr'],
    shown: index => index / 25 + Math.floor(index / 10) * 0.2,
  },
  { name: 'a packet for each field.ts', encode: h264, frames: 40, remake: fields() },
  { name: 'a packet for each field.mp4', encode: h264, frames: 40, remake: fields() },
  { name: 'mostly frames.mp4', encode: h264, frames: 40, remake: mixed, shown: 'decoded' },
  { name: 'mostly frames.mkv', encode: h264, frames: 40, remake: mixed, shown: 'decoded' },
  { name: 'a packet for each field.h264', encode: h264, frames: 40, remake: fields() },
  { name: 'fields, H.264.ts', encode: [...h264, '-flags', '+ilme+ildct', '-x264-params', 'tff=1', '-f', 'mpegts'] },
  { name: 'fields, MPEG-2.ts', encode: [...mpeg2, '-flags', '+ilme+ildct', '-top', '1', '-f', 'mpegts'] },
  {
    name: 'the clock wraps, sound.ts',
    before: sound(4),
    encode: [...h264, '-c:a', 'mp2', '-output_ts_offset', '95441', '-f', 'mpegts'],
  },
]

const onePicture = {
  mp4: h264,
  ts: h264,
  avi: mpeg4,
  ogv: ['-c:v', 'libtheora'],
  y4m: [],
}

/** As DivX stored B-frames, and FFmpeg does not: each in the packet of the picture before it in decoding order. */
async function packed(first: string, file: string): Promise<void> {
  await writeFile(file, packBFrames(await readFile(first)))
}

const onePictures = Object.entries(onePicture).map(([type, encode]) => ({
  name: `one picture.${type}`,
  frames: 1,
  encode,
}))

describe('one clock, one length, one count in other containers', () => {
  const cases: readonly ClockCase[] = sample([...shown, ...raw, ...containers, ...onePictures], 6)
  const made = madeCases(folder, cases)
  test.concurrent.each(cases)('$name', async video => expectAsDecoded(video, await made(video.name)))
})
