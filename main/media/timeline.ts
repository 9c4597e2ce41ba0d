import { open, stat } from 'node:fs/promises'
import { withAttempts } from './child-end.ts'
import { INPUT_OPTIONS, inputUrl, VIDEO_STREAM } from './input.ts'
import { isoSamples, readIndex } from './iso-file.ts'
import type { MediaInfo } from './media-info.ts'
import { isIsoFile } from './stream-format.ts'
import { demandSound, runTool } from './tool.ts'

/**
 * When frames are shown and where decoding can begin, read from the packets without decoding.
 * All times are seconds counted from the video's beginning (`MediaInfo.startTime`), ascending.
 */
export interface Timeline {
  readonly frameTimes: Float64Array
  readonly keyframeTimes: Float64Array
  /** Every frame of the file is known; otherwise only those around the times that were asked for. */
  readonly complete: boolean
  /** Taken from a list that the container holds, and so complete whatever was asked for. */
  readonly listed: boolean
  /** False where the container gives no presentation times (AVI with B-frames): then only counting frames is sure. */
  readonly timed: boolean
  /** Frames are stored in another order than they are shown: there are B-frames, of which some may be left undecoded. */
  readonly reordered: boolean
  /** Some frames are decoded but never shown, as before a cut that an edit list makes, or several have the same time. */
  readonly hidden: boolean
  /** Where every packet lies in the file, in decoding order; undefined where that is not known of all. */
  readonly packets?: StoredPackets | undefined
}

/** Packets in decoding order: the time at which each is shown, in seconds from the video's beginning, its place in the file in bytes, and whether decoding can begin with it (1) or not. */
export interface StoredPackets {
  readonly times: Float64Array
  readonly positions: Float64Array
  readonly sizes: Float64Array
  readonly keys: Uint8Array
}

/** Reading every packet of a larger file costs more than looking up the wanted places. */
const FULL_READ_BYTES = 1024 ** 3
/** A lookup costs one seek; more than this many would touch most of the file anyway. */
const LOOKUPS = 64

/** Whether a file is so large that a few wanted places are looked up in it rather than every packet read. */
export async function isLarge(path: string): Promise<boolean> {
  return (await stat(path)).size > FULL_READ_BYTES
}

/**
 * Reads a video's timeline: all of it where the container lists its frames and for files up to 1 GiB, else only around `times`.
 * @param times seconds from the video's beginning; without them everything is read.
 * @throws ExpectedError as {@link runTool} when ffprobe was kept from reading to the end.
 */
export async function readTimeline(path: string, info: MediaInfo, options: { readonly times?: readonly number[] | undefined; readonly signal?: AbortSignal | undefined } = {}): Promise<Timeline> {
  const { times, signal } = options
  const listed = await listedTimeline(path, info)
  if (listed) return listed
  const distinct = [...new Set(times ?? [])].sort((a, b) => a - b)
  const everything = distinct.length === 0 || distinct.length > LOOKUPS || !(await isLarge(path))
  // Half a second more than asked, because packets come in decoding order and a shown frame may follow a later one.
  const intervals = everything ? [] : ['-read_intervals', distinct.map((time) => {
    const at = Math.max(0, time) + info.startTime
    return `${at.toFixed(3)}%${(at + 0.5).toFixed(3)}`
  }).join(',')]
  return withAttempts(signal, async () => {
    const lines = new PacketLines(info.startTime)
    const { exitCode } = await runTool('ffprobe', [
      '-v', 'error', ...INPUT_OPTIONS, '-select_streams', VIDEO_STREAM, ...intervals,
      '-show_entries', 'packet=pts_time,dts_time,size,pos,flags', '-of', 'csv=p=0', inputUrl(path),
    ], { signal, onOutput: (piece) => lines.take(piece.toString('latin1')) })
    if (exitCode !== 0) await demandSound('ffprobe', signal)
    lines.end()
    return lines.packets.timeline({ complete: everything, listed: false })
  })
}

/**
 * The timeline of a container that lists its frames in one place, as MP4 and QuickTime do: read in milliseconds, without
 * another process, whatever the size of the file. Undefined where the list alone does not tell what is shown.
 */
async function listedTimeline(path: string, info: MediaInfo): Promise<Timeline | undefined> {
  if (!isIsoFile(info) || !info.frameCountExact) return undefined
  const file = await open(path).catch(() => undefined)
  try {
    const samples = file && isoSamples(await readIndex(file), info.frameCount)
    if (!file || !samples) return undefined
    const { size } = await file.stat()
    const packets = new Packets()
    let end = -Infinity
    for (const sample of samples) {
      // The list of a file that was cut off promises more than it holds; and what has no bytes is no frame.
      if (sample.position + sample.size > size || sample.size === 0) return undefined
      const time = Math.round(sample.time * 1e6) / 1e6 - info.startTime
      packets.add(time, sample)
      end = Math.max(end, time + sample.duration)
    }
    const timeline = packets.timeline({ complete: true, listed: true })
    // Where an edit list hides frames it does not agree with what ffprobe says of the whole.
    const agrees = Math.abs((timeline.frameTimes[0] ?? Infinity) - info.firstFrameTime) < 0.001 && Math.abs(end - info.firstFrameTime - info.duration) < 0.5 / info.frameRate
    return agrees ? timeline : undefined
  } finally {
    await file?.close()
  }
}

/** Seconds, from the video's beginning, of every frame at which decoding can begin. */
export async function keyframes(path: string, info: MediaInfo, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<number[]> {
  return [...(await readTimeline(path, info, options)).keyframeTimes]
}

/** Gathers packets, in decoding order, to a timeline. */
class Packets {
  readonly #shown: number[] = []
  readonly #keys: number[] = []
  readonly #stored = { times: [] as number[], positions: [] as number[], sizes: [] as number[], keys: [] as number[] }
  #untimed = 0
  #hidden = 0
  #latest = -Infinity
  #reordered = false

  /** @param time of presentation or, if the container gives none (`timed` false), of decoding. */
  add(time: number, { position, size, isKey, isShown = true, timed = true }: { readonly position: number; readonly size: number; readonly isKey: boolean; readonly isShown?: boolean; readonly timed?: boolean }): void {
    if (!timed) this.#untimed += 1
    if (isKey) this.#keys.push(time)
    if (isShown) this.#shown.push(time)
    else this.#hidden += 1
    this.#reordered ||= time < this.#latest
    this.#latest = Math.max(this.#latest, time)
    this.#stored.times.push(time)
    this.#stored.positions.push(position)
    this.#stored.sizes.push(size)
    this.#stored.keys.push(isKey ? 1 : 0)
  }

  timeline(found: { readonly complete: boolean; readonly listed: boolean }): Timeline {
    const [frameTimes, keyframeTimes] = [ascending(this.#shown), ascending(this.#keys)]
    // Lookups may overlap, and then see a frame twice.
    const hidden = this.#hidden > 0 || (found.complete && frameTimes.length < this.#shown.length)
    const { times, positions, sizes, keys } = this.#stored
    const packets = found.complete && positions.every(Number.isFinite)
      ? { times: Float64Array.from(times), positions: Float64Array.from(positions), sizes: Float64Array.from(sizes), keys: Uint8Array.from(keys) }
      : undefined
    return { ...found, frameTimes, keyframeTimes, timed: this.#untimed === 0, reordered: this.#reordered, hidden, packets }
  }
}

/** Parses ffprobe's lines `pts,dts,size,pos,flags`; the flags hold K for a keyframe and D for a frame that is decoded but not shown. */
class PacketLines {
  readonly packets = new Packets()
  readonly #startTime: number
  #partial = ''

  constructor(startTime: number) {
    this.#startTime = startTime
  }

  take(text: string): void {
    const lines = (this.#partial + text).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) this.#packet(line)
  }

  end(): void {
    this.#packet(this.#partial)
    this.#partial = ''
  }

  #packet(line: string): void {
    const [pts, dts, size, position, flags] = line.split(',')
    if (flags === undefined) return
    const presented = Number(pts)
    const timed = pts !== '' && Number.isFinite(presented)
    const time = (timed ? presented : Number(dts)) - this.#startTime
    if (!Number.isFinite(time)) return
    this.packets.add(time, { position: Number(position), size: Number(size), isKey: flags.includes('K'), isShown: !flags.includes('D'), timed })
  }
}

/** Sorted, each time once. */
function ascending(times: number[]): Float64Array {
  const sorted = Float64Array.from(times).sort()
  return sorted.filter((time, index) => index === 0 || time !== sorted[index - 1])
}
