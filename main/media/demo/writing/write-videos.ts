import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sweepLeftOvers, unfinishedName, unfinishedPrefix } from '../../../storage/files/left-overs.ts'
import { makeFolder } from '../../../storage/files/make-folder.ts'
import { renameSynced, syncFile } from '../../../storage/files/sync.ts'
import { withAttempts } from '../../ffmpeg/child-end.ts'
import { encodeFrames, encodeTogether } from '../painting/encode.ts'
import { paintScenes } from '../painting/painter.ts'
import type { Scene, Size } from '../painting/scene.ts'
import { isThere, unwritable, writeBeside } from './write-beside.ts'

/** A video to be painted, with its captions beside it. */
export interface PaintedVideo {
  readonly file: string
  readonly captions: { readonly file: string; readonly text: string }
  readonly scenes: readonly Scene[]
  readonly size: Size
  readonly framesPerSecond: number
  /** ffmpeg's options for container and codec, or for the codec alone of what is small. */
  readonly format: readonly string[]
  /** A small MP4: many are encoded by one start of ffmpeg. */
  readonly isSmall?: boolean
}

export interface DemoOptions {
  readonly signal?: AbortSignal | undefined
  /** Fraction of all frames that are encoded, 0–1, never falling. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** Told of each video that was made, when it is whole. */
  readonly onVideo?: ((file: string) => void) | undefined
}

/** Painting and encoding use about one core each: two videos at a time fill two cores. */
const atATime = 2
/** A second or two of work, after which cancelling loses what was begun. */
const mostPixelsTogether = 20e6

/**
 * Paints and encodes videos, and writes their captions. What is there is kept.
 * @throws ExpectedError `not-writable`, `disk-full` or `ffmpeg-missing`; the abort reason.
 */
export async function writeVideos(
  directory: string,
  videos: readonly PaintedVideo[],
  { signal, onProgress, onVideo }: DemoOptions,
): Promise<void> {
  const progress = new FrameProgress(videos, onProgress)
  const stop = new AbortController()
  const together = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  try {
    for (const folder of new Set([directory, ...videos.map(({ file }) => dirname(file))])) {
      await makeFolder(folder)
    }
    await sweepUnfinished(videos)
    const missing: PaintedVideo[] = []
    for (const video of videos) {
      const { file, text } = video.captions
      if (!(await isThere(file))) await writeBeside(file, partial => writeFile(partial, text))
      if (await isThere(video.file)) progress.add(framesOf(video))
      else missing.push(video)
    }
    const batches = inBatches(missing)
    let next = 0
    const worker = async (): Promise<void> => {
      for (let batch = batches[next]; batch; batch = batches[next]) {
        next += 1
        await encodeBatch(batch, together, () => progress.add(1))
        for (const { file } of batch) onVideo?.(file)
      }
    }
    // Each ends by itself, so that none leaves anything unfinished behind.
    const ends = await Promise.allSettled(
      Array.from({ length: atATime }, () =>
        worker().catch((error: unknown) => {
          stop.abort(error)
          throw error
        }),
      ),
    )
    // What stopped the others is what they fail with.
    for (const end of ends) if (end.status === 'rejected') throw stop.signal.reason
  } catch (error) {
    signal?.throwIfAborted()
    throw unwritable(directory, error)
  }
  onProgress?.(1)
}

/** Tells which part of all frames is there, never less than before. */
class FrameProgress {
  readonly #total: number
  readonly #tell: ((fraction: number) => void) | undefined
  #done = 0

  constructor(videos: readonly PaintedVideo[], tell: ((fraction: number) => void) | undefined) {
    this.#total = videos.reduce((sum, video) => sum + framesOf(video), 0)
    this.#tell = tell
  }

  add(frames: number): void {
    // What takes a second attempt is counted twice.
    this.#done = Math.min(this.#total, this.#done + frames)
    this.#tell?.(this.#done / this.#total)
  }
}

const framesOf = ({ scenes, framesPerSecond }: PaintedVideo): number =>
  scenes.reduce((sum, { seconds }) => sum + Math.round(seconds * framesPerSecond), 0)

/** Small videos of one kind and folder together, every other one alone. */
function inBatches(videos: readonly PaintedVideo[]): PaintedVideo[][] {
  const kindOf = ({ file, size, framesPerSecond, format }: PaintedVideo) =>
    JSON.stringify([dirname(file), size, framesPerSecond, format])
  const batches: PaintedVideo[][] = []
  const growing = new Map<string, { readonly batch: PaintedVideo[]; pixels: number }>()
  for (const video of videos) {
    const kind = kindOf(video)
    const pixels = framesOf(video) * video.size.width * video.size.height
    const other = video.isSmall ? growing.get(kind) : undefined
    if (other && other.pixels + pixels <= mostPixelsTogether) {
      other.batch.push(video)
      other.pixels += pixels
      continue
    }
    const batch = [video]
    batches.push(batch)
    if (video.isSmall) growing.set(kind, { batch, pixels })
  }
  return batches
}

async function encodeBatch(batch: readonly PaintedVideo[], signal: AbortSignal, onFrame: () => void): Promise<void> {
  const [video] = batch
  if (!video) return
  const { size, framesPerSecond, format } = video
  const options = { ...size, framesPerSecond, format, signal, onFrame }
  function* frames() {
    for (const { scenes } of batch) yield* paintScenes(scenes, size, framesPerSecond)
  }
  if (!video.isSmall) {
    await writeBeside(video.file, partial => withAttempts(signal, () => encodeFrames(partial, frames(), options)))
    return
  }
  const unfinished = join(dirname(video.file), unfinishedName())
  try {
    await mkdir(unfinished)
    const made = await withAttempts(signal, () =>
      encodeTogether(unfinished, frames(), { ...options, lengths: batch.map(framesOf) }),
    )
    for (const [index, { file }] of batch.entries()) {
      const whole = made[index] ?? ''
      await syncFile(whole)
      await renameSynced(whole, file)
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** In a folder of the user only what bears the name of one of these files, or of our unfinished work, is ours. */
async function sweepUnfinished(videos: readonly PaintedVideo[]): Promise<void> {
  const files = videos.flatMap(({ file, captions }) => [file, captions.file])
  const names = new Set(files.map(file => basename(file)))
  for (const folder of new Set(files.map(file => dirname(file)))) {
    await sweepLeftOvers(folder, name => {
      const [, own] = /^(.+\.[a-z0-9]+)\.[^.]+\.partial$/.exec(name) ?? []
      return name.startsWith(unfinishedPrefix) || (own !== undefined && names.has(own))
    })
  }
}
