import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { expect } from 'vitest'
import { runChildProcess } from '../../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../../main/media/ffmpeg/executables.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { samplePasses } from '../../../../main/media/sampling/frames.ts'
import { denseSegments, overviewIndices } from '../../../../main/media/sampling/sampling.ts'
import { readTimeline } from '../../../../main/media/timeline/timeline.ts'
import { once } from '../../../support/once.ts'
import { readWhole, writeNumberedVideos } from '../../../support/videos/numbered-video.ts'
import type { NumberedVideo } from '../../../support/videos/numbered-video.ts'

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

/** What ffmpeg writes first of a case. */
function firstOf(folder: string, { name, remake, frames = 100, encode, ...video }: ClockCase): NumberedVideo {
  const file = join(folder, name)
  return { ...video, frames, encode, size: frameSize, file: remake ? `${file}.first${extname(file)}` : file }
}

/** @returns the paths of the videos. */
export async function make(folder: string, cases: readonly ClockCase[]): Promise<string[]> {
  await writeNumberedVideos(
    folder,
    cases.map(each => firstOf(folder, each)),
  )
  const files: string[] = []
  for (const each of cases) {
    const file = join(folder, each.name)
    await each.remake?.(firstOf(folder, each).file, file)
    files.push(file)
  }
  return files
}

/** The numbers of all pictures of each file in a full decode by ffmpeg, which is started once for all of them. */
export async function decodeAll(files: readonly string[]): Promise<number[][]> {
  const picture = ['-vf', `scale=${small.width}:${small.height}`, '-pix_fmt', 'gray', '-f', 'rawvideo']
  await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'quiet',
    '-y',
    ...files.flatMap(file => ['-i', file]),
    ...files.flatMap((file, index) => [
      ...['-map', `${index}:v:0`, '-fps_mode', 'passthrough'],
      ...[...picture, `file:${file}.gray`],
    ]),
  ])
  return Promise.all(files.map(async file => readWhole(await readFile(`${file}.gray`), small, 1)))
}

/** A case as a file, and the numbers of all pictures of its full decode. */
export interface MadeCase {
  readonly file: string
  readonly all: readonly number[]
}

/** Makes and decodes all cases when the first of them is asked for. */
export function madeCases(folder: string, cases: readonly ClockCase[]): (name: string) => Promise<MadeCase> {
  const made = once(async () => {
    const files = await make(folder, cases)
    return (await decodeAll(files)).map((all, index) => ({ file: files[index] ?? '', all }))
  })
  return async name => {
    const found = (await made())[cases.findIndex(each => each.name === name)]
    if (!found) throw new Error(`${name} is no case`)
    return found
  }
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
export async function expectAsDecoded(video: ClockCase, { file, all }: MadeCase): Promise<void> {
  const { frames = 100, rate = 25, decoded = frames, warnings = [] } = video
  const times = video.shown === 'decoded' ? await decodedTimes(file) : []
  const constant = (index: number): number => index / rate
  const shown = video.shown === 'decoded' ? (index: number) => times[index] ?? NaN : (video.shown ?? constant)
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
