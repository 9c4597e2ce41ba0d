import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { denseSegments, overviewIndices, probe, sampleFrames, sampleOverview, sampleSegments } from '../../../main/media/index.ts'
import { ffmpeg, readNumbers, writeNumberedVideo } from './numbered-video.ts'
import type { NumberedVideo, Turn } from './numbered-video.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(path.join(tmpdir(), 'lfvila frames ')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast']
interface Case extends Omit<NumberedVideo, 'file'> { readonly name: string; readonly turn?: Turn }

/** Every way of storing a video that changes how a frame is found again. */
const CASES: readonly Case[] = [
  { name: 'h264 b-frames.mp4', frames: 400, encode: [...H264, '-bf', '3', '-g', '50'] },
  { name: 'h264 one long group.mp4', frames: 400, encode: [...H264, '-bf', '3', '-g', '1000', '-sc_threshold', '0'] },
  { name: 'h264 open groups.mkv', frames: 400, encode: [...H264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=40:scenecut=0'] },
  { name: 'h264 open groups.mp4', frames: 400, encode: [...H264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=40:scenecut=0'] },
  { name: 'h264.mov', frames: 300, rate: 29.97, encode: [...H264, '-g', '60'] },
  { name: 'h264.ts', frames: 200, encode: [...H264, '-g', '50'] },
  { name: 'h264 b-frames.avi', frames: 200, encode: [...H264, '-bf', '2', '-g', '50'] },
  { name: 'hevc.mp4', frames: 200, encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-bf', '3', '-x265-params', 'keyint=50:log-level=error'] },
  { name: 'hevc open groups.mkv', frames: 200, encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'keyint=40:open-gop=1:bframes=3:log-level=error'] },
  { name: 'vp9.webm', frames: 200, encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60', '-auto-alt-ref', '1', '-lag-in-frames', '16'] },
  { name: 'av1.webm', frames: 150, encode: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50'] },
  { name: 'av1.mp4', frames: 150, encode: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '50'] },
  { name: 'mpeg4.avi', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-g', '60'] },
  { name: 'mpeg4 b-frames.avi', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2', '-g', '60'] },
  { name: 'mpeg4 b-frames.mp4', frames: 300, encode: ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2', '-g', '60'] },
  { name: 'only keyframes.mkv', frames: 100, encode: ['-c:v', 'mjpeg', '-q:v', '3'] },
  { name: 'twenty frames.mp4', frames: 20, encode: H264 },
  { name: 'one frame.mp4', frames: 1, encode: H264 },
  { name: 'one frame.webm', frames: 1, encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'] },
  { name: 'thirty-two frames.mkv', frames: 32, encode: H264 },
  { name: 'sound begins first.mp4', frames: 200, before: ['-f', 'lavfi', '-t', '9', '-i', 'sine', '-itsoffset', '1.5'], encode: [...H264, '-bf', '2', '-g', '50', '-c:a', 'aac'] },
  { name: 'sound begins first.mkv', frames: 200, before: ['-f', 'lavfi', '-t', '9', '-i', 'sine', '-itsoffset', '1.5'], encode: [...H264, '-bf', '2', '-g', '50', '-c:a', 'aac'] },
  { name: 'starts at ten seconds.mkv', frames: 200, encode: [...H264, '-g', '50', '-output_ts_offset', '10'] },
  { name: 'starts at ten seconds.ts', frames: 200, encode: [...H264, '-g', '50', '-output_ts_offset', '10'] },
  { name: 'variable rate.mkv', frames: 300, after: ['-vf', 'setpts=(N+floor(N/50)*25+pow(N/40\\,2))/(25*TB)', '-fps_mode', 'vfr'], encode: [...H264, '-bf', '2', '-g', '60'] },
  { name: 'variable rate.mp4', frames: 300, after: ['-vf', 'setpts=(N+floor(N/50)*25+pow(N/40\\,2))/(25*TB)', '-fps_mode', 'vfr'], encode: [...H264, '-bf', '2', '-g', '60'] },
  { name: `odd ' " %d %03d 名前 🎞 [a]:b=c;d\n.mp4`, frames: 60, encode: H264 },
]

describe('the frames of the published protocol, in every kind of file', () => {
  test.each(CASES)('$name', async ({ name, turn, ...video }) => {
    const file = path.join(folder, name)
    await writeNumberedVideo({ ...video, file })
    const info = await probe(file)
    const wanted = overviewIndices(video.frames)
    const fast = await sampleOverview(file, info)
    expect(readNumbers(fast.data, turn)).toEqual(wanted)
    expect(fast.warnings).toEqual([])

    // The same frames are found by their times, in any order, also in the middle of their display.
    const some = [wanted[30] ?? 0, wanted[3] ?? 0, wanted[17] ?? 0, wanted[3] ?? 0]
    const times = [30, 3, 17, 3].map((position) => (fast.times[position] ?? 0) + 0.3 / info.frameRate)
    expect(readNumbers((await sampleFrames(file, info, times, { mode: 'exact' })).data, turn)).toEqual(some)
  })
})
