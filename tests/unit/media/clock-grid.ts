import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { expect } from 'vitest'
import { runChildProcess } from '../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../main/media/ffmpeg/executables.ts'
import { samplePasses } from '../../../main/media/sampling/frames.ts'
import { denseSegments, overviewIndices } from '../../../main/media/sampling/sampling.ts'
import { probe } from '../../../main/media/timeline/probe.ts'
import { readTimeline } from '../../../main/media/timeline/timeline.ts'
import { readWhole, writeNumberedVideo } from '../../support/numbered-video.ts'
import type { NumberedVideo } from '../../support/numbered-video.ts'

export const frameSize = { width: 96, height: 64 }
export const small = { width: 40, height: 24 }
export const pictureSize = { ...small, framing: { fit: 'stretch', interpolation: 'bilinear' } } as const

export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25']
export const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25']
export const sound = (seconds: number): string[] => ['-f', 'lavfi', '-t', String(seconds), '-i', 'sine']

/** A video in a container, of which every picture that is shown is compared with a full decode. */
export interface ClockCase extends Partial<Omit<NumberedVideo, 'file' | 'size'>> {
  /** That of the file. */
  readonly name: string
  readonly encode: readonly string[]
  /** Makes the file of the one that ffmpeg wrote. */
  readonly remake?: (first: string, file: string) => Promise<unknown>
  /**
   * When each picture is shown, seconds from the first; by default as many a second as the rate says. `decoded`: as
   * ffprobe says of each that it decodes.
   */
  readonly shown?: ((index: number) => number) | 'decoded'
  /** Seconds; by default as the pictures say. */
  readonly duration?: number
  /** Pictures of a full decode, where it is not that of those encoded. */
  readonly decoded?: number
  readonly warnings?: readonly RegExp[]
}

/** The same recording once more, byte after byte: its clock starts again. */
export async function twice(first: string, file: string): Promise<void> {
  const bytes = await readFile(first)
  await writeFile(file, bytes)
  await appendFile(file, bytes)
}

/** @returns the path of the video. */
export async function make(folder: string, testCase: ClockCase): Promise<string> {
  const { name, remake, frames = 100, encode, ...video } = testCase
  const file = join(folder, name)
  const first = remake ? `${file}.first${extname(file)}` : file
  await writeNumberedVideo({ ...video, frames, encode, size: frameSize, file: first })
  await remake?.(first, file)
  return file
}

/** The numbers of all pictures of a full decode by ffmpeg. */
export async function decodeAll(file: string): Promise<number[]> {
  const { output } = await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'quiet',
    '-i',
    file,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-vf',
    `scale=${small.width}:${small.height}`,
    '-pix_fmt',
    'gray',
    '-f',
    'rawvideo',
    '-',
  ])
  return readWhole(output, small, 1)
}

/** When ffprobe says that each decoded picture is shown, seconds from the first. */
async function decodedTimes(file: string): Promise<number[]> {
  const { output } = await runChildProcess(await findExecutable('ffprobe'), [
    '-v',
    'quiet',
    '-select_streams',
    'v:0',
    '-show_entries',
    'frame=pts_time',
    '-of',
    'default=nw=1:nk=1',
    file,
  ])
  const times = output.toString('latin1').trim().split('\n').map(Number)
  return times.map(time => time - (times[0] ?? 0))
}

/** Count, length, and every sampled picture of both passes are those of a full decode. */
export async function expectAsDecoded(folder: string, video: ClockCase): Promise<void> {
  const { frames = 100, rate = 25, decoded = frames, warnings = [] } = video
  const file = await make(folder, video)
  const times = video.shown === 'decoded' ? await decodedTimes(file) : []
  const constant = (index: number): number => index / rate
  const shown = video.shown === 'decoded' ? (index: number) => times[index] ?? NaN : (video.shown ?? constant)
  const all = await decodeAll(file)
  expect(all).toHaveLength(decoded)

  const info = await probe(file)
  expect(info.frameCount).toBe(decoded)
  const last = shown(decoded - 1)
  const usual = decoded > 1 && video.shown ? last - shown(decoded - 2) : 1 / rate
  // A video ends when its last picture does, whose own length containers round to milliseconds or do not tell.
  expect(Math.abs(info.duration - (video.duration ?? last + usual))).toBeLessThan(0.045)
  expect((await readTimeline(file, info)).frameTimes).toHaveLength(decoded)

  const segments = denseSegments(info)
  let said: string[] = []
  for await (const sampled of samplePasses(file, info, { passes: { overview: 32, segments }, ...pictureSize })) {
    const { segment, data, times, warnings: told } = sampled
    const numbers = readWhole(data as Uint8Array, small, 3)
    const asked = segment === 'overview' ? [] : (segments[segment]?.times ?? [])
    // A millisecond, in which many containers count, and half of what a burst's pictures are apart.
    const isShownBy = (time: number) => (index: number) => shown(index) <= time - info.firstFrameTime + 0.0006
    const onScreen = asked.map(time => all[[...all.keys()].filter(isShownBy(time)).at(-1) ?? 0])
    const expected = segment === 'overview' ? overviewIndices(decoded).map(index => all[index]) : onScreen
    expect(numbers, `${segment}`).toEqual(expected)
    expect([...times].sort((a, b) => a - b)).toEqual(times)
    said = [...said, ...told]
  }
  expect(said).toEqual(warnings.map(warning => expect.stringMatching(warning)))
}
