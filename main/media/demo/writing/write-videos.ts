import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { sweepLeftOvers, unfinishedMark } from '../../../storage/left-overs.ts'
import { withAttempts } from '../../ffmpeg/child-end.ts'
import { encodeFrames } from '../painting/encode.ts'
import { paintScenes } from '../painting/painter.ts'
import type { Scene, Size } from '../painting/scene.ts'

/** A video to be painted, with its captions beside it. */
export interface PaintedVideo {
  readonly file: string
  readonly captions: { readonly file: string; readonly text: string }
  readonly scenes: readonly Scene[]
  readonly size: Size
  readonly framesPerSecond: number
  /** ffmpeg's options for container and codec. */
  readonly format: readonly string[]
}

export interface DemoOptions {
  readonly signal?: AbortSignal | undefined
  /** Fraction of all frames that are encoded, 0–1, never falling. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** Painting and encoding use about one core each: two videos at a time fill two cores. */
const atATime = 2

/**
 * Paints and encodes videos, and writes their captions. What is there is kept.
 * @throws ExpectedError `not-writable`, `disk-full` or `ffmpeg-missing`; the abort reason.
 */
export async function writeVideos(
  directory: string,
  videos: readonly PaintedVideo[],
  { signal, onProgress }: DemoOptions,
): Promise<void> {
  const frames = videos.reduce((sum, video) => sum + framesOf(video), 0)
  let [done, next, told] = [0, 0, 0]
  const count = (more: number) => {
    done += more
    // What takes a second attempt is counted twice.
    told = Math.max(told, Math.min(1, done / frames))
    onProgress?.(told)
  }
  const stop = new AbortController()
  const together = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const worker = async (): Promise<void> => {
    for (let video = videos[next]; video; video = videos[next]) {
      next += 1
      const { file, captions } = video
      await writeBeside(captions.file, partial => writeFile(partial, captions.text))
      if (
        !(await writeBeside(file, partial => encode(video, partial, { signal: together, onFrame: () => count(1) })))
      ) {
        count(framesOf(video))
      }
    }
  }
  try {
    for (const folder of new Set([directory, ...videos.map(({ file }) => dirname(file))])) {
      await mkdir(folder, { recursive: true })
    }
    await sweepUnfinished(videos)
    await Promise.all(
      Array.from({ length: atATime }, () =>
        worker().catch((error: unknown) => {
          stop.abort(error)
          throw error
        }),
      ),
    )
  } catch (error) {
    signal?.throwIfAborted()
    throw unwritable(directory, error)
  }
  onProgress?.(1)
}

const framesOf = ({ scenes, framesPerSecond }: PaintedVideo): number =>
  scenes.reduce((sum, { seconds }) => sum + Math.round(seconds * framesPerSecond), 0)

function encode(
  video: PaintedVideo,
  file: string,
  { signal, onFrame }: { readonly signal: AbortSignal; readonly onFrame: () => void },
): Promise<void> {
  const { scenes, size, framesPerSecond, format } = video
  return withAttempts(signal, () =>
    encodeFrames(file, paintScenes(scenes, size, framesPerSecond), {
      ...size,
      framesPerSecond,
      format,
      signal,
      onFrame,
    }),
  )
}

/** In a folder of the user only what bears the name of one of these files is ours. */
async function sweepUnfinished(videos: readonly PaintedVideo[]): Promise<void> {
  const files = videos.flatMap(({ file, captions }) => [file, captions.file])
  const names = new Set(files.map(file => basename(file)))
  for (const folder of new Set(files.map(file => dirname(file)))) {
    await sweepLeftOvers(folder, name => {
      const [, own] = /^(.+\.[a-z0-9]+)\.[^.]+\.partial$/.exec(name) ?? []
      return own !== undefined && names.has(own)
    })
  }
}

/**
 * Writes a file under another name first, so that it is complete or absent; one that is there is left as it is.
 * @returns whether it was written.
 */
async function writeBeside(file: string, write: (partial: string) => Promise<void>): Promise<boolean> {
  const entry = await stat(file).catch(() => null)
  if (entry && entry.size > 0) return false
  const partial = `${file}.${unfinishedMark()}.partial`
  try {
    await write(partial)
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
  return true
}

/** What went wrong with writing into a folder, as a sentence where a user can help it. */
export function unwritable(directory: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error
  const text = String(error)
  if (/ENOSPC|EDQUOT|No space left|quota exceeded/i.test(text)) {
    return new ExpectedError(
      'disk-full',
      `The disk of ${directory} is full, so the demo library could not be written; free some space and run it again: what is finished is kept.`,
      { cause: error },
    )
  }
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied/i.test(text)) {
    return new ExpectedError(
      'not-writable',
      `The demo library cannot be written to ${directory}; choose a folder you may write to.`,
      { cause: error },
    )
  }
  return error
}
