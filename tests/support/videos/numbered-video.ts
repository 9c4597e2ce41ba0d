import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { runChildProcess } from '../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../main/media/ffmpeg/executables.ts'
import { ffmpeg, madeOnce } from './ffmpeg.ts'

const [COLUMNS, ROWS] = [5, 2] as const
const frameSize = { width: 320, height: 180 }

/** A grey picture whose ten black or white blocks spell the frame's number in binary. */
function numberedFrame(number: number, { width, height }: typeof frameSize): Uint8Array {
  const pixels = new Uint8Array(width * height)
  for (let row = 0; row < ROWS; row += 1) {
    const [top, bottom] = [Math.ceil((row * height) / ROWS), Math.ceil(((row + 1) * height) / ROWS)]
    for (let column = 0; column < COLUMNS; column += 1) {
      const [left, right] = [Math.ceil((column * width) / COLUMNS), Math.ceil(((column + 1) * width) / COLUMNS)]
      pixels.fill((number >> (row * COLUMNS + column)) & 1 ? 220 : 30, top * width + left, top * width + right)
    }
    const line = pixels.slice(top * width, (top + 1) * width)
    for (let y = top + 1; y < bottom; y += 1) pixels.set(line, y * width)
  }
  return pixels
}

async function* numberedFrames(count: number, size: typeof frameSize): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number += 1) yield numberedFrame(number, size)
}

export interface NumberedVideo {
  readonly file: string
  readonly frames: number
  readonly rate?: number
  /** Pixels; 320 × 180 by default. */
  readonly size?: typeof frameSize
  /** ffmpeg's output options: codec, groups of pictures, container. */
  readonly encode: readonly string[]
  /** A second input (sound), or options that go before the pictures. */
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

/**
 * Encodes a video whose every picture shows its own number (0–1023). The same video is encoded once in a run of the
 * tests, whichever of them ask for it.
 */
export async function writeNumberedVideo({ file, ...video }: NumberedVideo): Promise<void> {
  await madeOnce(file, [video], path => encodeNumbered({ ...video, file: path }))
}

async function encodeNumbered({
  file,
  frames,
  rate = 25,
  size = frameSize,
  encode,
  before = [],
  after = [],
}: NumberedVideo): Promise<void> {
  const { exitCode, errorText } = await runChildProcess(
    await findExecutable('ffmpeg'),
    [
      '-v',
      'error',
      '-y',
      ...before,
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-s',
      `${size.width}x${size.height}`,
      '-r',
      String(rate),
      '-i',
      'pipe:0',
      ...after,
      '-pix_fmt',
      'yuv420p',
      ...encode,
      `file:${file}`,
    ],
    { input: numberedFrames(frames, size) },
  )
  if (exitCode !== 0) throw new Error(`ffmpeg could not write ${file}: ${errorText}`)
}

/**
 * Encodes several such videos in one start of ffmpeg, which takes longer than a short video. Its input is left in
 * `folder`.
 */
export async function writeNumberedVideos(folder: string, videos: readonly NumberedVideo[]): Promise<void> {
  const [inputs, outputs]: [string[], string[]] = [[], []]
  const written = new Set<string>()
  let count = 0
  for (const { file, frames, rate = 25, size = frameSize, encode, before = [], after = [] } of videos) {
    const name = `${size.width}x${size.height}`
    const raw = join(folder, `${frames} of ${name}.gray`)
    if (!written.has(raw)) await writePictures(raw, frames, size)
    written.add(raw)
    inputs.push(...before, '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', name, '-r', String(rate), '-i', raw)
    const others = before.filter(option => option === '-i').length
    const sound = Array.from({ length: others }, (_, other) => ['-map', `${count + other}:a`]).flat()
    outputs.push('-map', `${count + others}:v`, ...sound, ...after, '-pix_fmt', 'yuv420p', ...encode, `file:${file}`)
    count += others + 1
  }
  await ffmpeg([...inputs, ...outputs])
}

async function writePictures(path: string, count: number, size: typeof frameSize): Promise<void> {
  const file = await open(path, 'w')
  try {
    for await (const picture of numberedFrames(count, size)) await file.write(picture)
  } finally {
    await file.close()
  }
}

/** Reads the numbers back from whole pictures `[N, height, width, channels]`, each block at its centre. */
export function readWhole(data: Uint8Array, { width, height }: typeof frameSize, channels: 1 | 3): number[] {
  const length = width * height * channels
  return Array.from({ length: data.length / length }, (_, frame) => {
    let number = 0
    for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
      const x = Math.floor((((bit % COLUMNS) + 0.5) / COLUMNS) * width)
      const y = Math.floor(((Math.floor(bit / COLUMNS) + 0.5) / ROWS) * height)
      if ((data[frame * length + (y * width + x) * channels] ?? 0) > 125) number |= 1 << bit
    }
    return number
  })
}

export type Turn = 'upright' | 'clockwise' | 'anticlockwise'

/**
 * Reads the numbers back from sampled frames `[N, 192, 320, 3]`: each block is looked up at its centre, where the
 * centre crop of the validation transform puts it.
 */
export function readNumbers(data: Uint8Array | Float32Array, turn: Turn = 'upright'): number[] {
  const white = data instanceof Uint8Array ? 125 : 125 / 255
  const frameLength = 192 * 320 * 3
  return Array.from({ length: data.length / frameLength }, (_, frame) => {
    let number = 0
    for (let bit = 0; bit < COLUMNS * ROWS; bit += 1) {
      const [across, down] = turned(((bit % COLUMNS) + 0.5) / COLUMNS, (Math.floor(bit / COLUMNS) + 0.5) / ROWS, turn)
      const x = Math.floor(((across * 428 - 22) / 385) * 320)
      const y = Math.floor(((down * 240 - 12) / 216) * 192)
      if ((data[frame * frameLength + (y * 320 + x) * 3] ?? 0) > white) number |= 1 << bit
    }
    return number
  })
}

/** Where a point of the stored picture is displayed, as fractions of the displayed picture. */
function turned(across: number, down: number, turn: Turn): [number, number] {
  if (turn === 'clockwise') return [1 - down, across]
  if (turn === 'anticlockwise') return [down, 1 - across]
  return [across, down]
}
