import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame } from '../../api/common/media.ts'
import type { MediaInfo } from '../media-info.ts'
import { frameStrip, thumbnail } from './thumbnails.ts'

/** A video whose frames are shown; `contentId` keys what is kept. */
export interface ShownVideo {
  readonly path: string
  readonly contentId: string
  readonly info: MediaInfo
}

export interface FrameCacheOptions {
  readonly directory: string
  /** Makes the file's folder as well. */
  readonly write: (file: string, content: Uint8Array) => Promise<void>
}

/** Pixels; enough for a card on a dense screen, small enough for thousands of them. */
const thumbnailHeight = 216
const stripHeight = 144

/**
 * JPEG frames on disk, made when first asked for. Frames wanted together (a strip, the clips of a matrix) are decoded
 * in one run: `prepare` announces them, and single requests then wait for that run instead of starting their own.
 */
export class FrameCache {
  readonly #options: FrameCacheOptions
  readonly #pending = new Map<string, Promise<void>>()
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(options: FrameCacheOptions) {
    this.#options = options
  }

  /** The picture of a video in a list: a frame a tenth into it, where titles are over. */
  async thumbnail(video: ShownVideo): Promise<Buffer> {
    const file = this.#file(video, 'thumbnail')
    return (
      (await kept(file)) ??
      this.#slot(async () => {
        const earlier = await kept(file)
        if (earlier) return earlier
        const picture = await thumbnail(video.path, video.info, {
          time: video.info.firstFrameTime + video.info.duration * 0.1,
          height: thumbnailHeight,
        })
        return this.#keep(file, picture)
      })
    )
  }

  /** The frame on screen at a time in milliseconds. */
  async frame(video: ShownVideo, milliseconds: number): Promise<Buffer> {
    const file = this.#file(video, String(milliseconds))
    await this.#pending.get(file)?.catch(() => {
      /* then this request tries for itself */
    })
    return (
      (await kept(file)) ??
      this.#slot(async () =>
        this.#keep(file, await thumbnail(video.path, video.info, { time: milliseconds / 1000, height: stripHeight })),
      )
    )
  }

  /**
   * Begins to decode the frames at the middle of `count` equal parts of a video, or of a span of it in seconds, and
   * says where they will be.
   */
  strip(
    video: ShownVideo & { readonly id: number },
    count: number,
    span: { readonly from: number; readonly to: number } = { from: 0, to: video.info.duration },
  ): Frame[] {
    const { firstFrameTime, duration } = video.info
    const [from, to] = [Math.min(span.from, duration), Math.min(Math.max(span.from, span.to), duration)]
    const times = Array.from({ length: count }, (_, part) =>
      Math.round((firstFrameTime + from + ((to - from) * (part + 0.5)) / count) * 1000),
    )
    this.prepare(video, times)
    return times.map(milliseconds => ({ time: milliseconds / 1000, image: `frame/${video.id}/${milliseconds}` }))
  }

  /** Starts decoding the frames at these times (milliseconds) that are not there yet, all in one run. */
  prepare(video: ShownVideo, times: readonly number[]): void {
    const files = new Map(times.map(time => [this.#file(video, String(time)), time]))
    for (const file of this.#pending.keys()) files.delete(file)
    const run = this.#slot(async () => {
      const missing: [string, number][] = []
      for (const entry of files) if (!(await kept(entry[0]))) missing.push(entry)
      if (missing.length === 0) return
      const pictures = await frameStrip(video.path, video.info, {
        times: missing.map(([, time]) => time / 1000),
        height: stripHeight,
      })
      await Promise.all(missing.map(([file], position) => pictures[position] && this.#keep(file, pictures[position])))
    })
    const ended = run.finally(() => {
      for (const file of files.keys()) this.#pending.delete(file)
    })
    for (const file of files.keys()) this.#pending.set(file, ended)
    ended.catch(() => {
      /* single requests meet the same failure and report it */
    })
  }

  #file(video: ShownVideo, name: string): string {
    return join(this.#options.directory, 'frames', video.contentId.slice(0, 2), video.contentId, `${name}.jpg`)
  }

  async #keep(file: string, picture: Buffer): Promise<Buffer> {
    await this.#options.write(file, picture)
    return picture
  }

  /** Two decoders at a time: scrolling a library must not starve an index job. */
  async #slot<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= 2) await new Promise<void>(resolve => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}

async function kept(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch {
    return null
  }
}
