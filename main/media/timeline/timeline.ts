import { statFile } from '../../storage/files/packed-file.ts'
import { packetsTellPictures } from '../containers/packets/packets-of-pictures.ts'
import { readPackets } from '../containers/packets/packets.ts'
import type { Packets } from '../containers/packets/packets.ts'
import type { MediaInfo } from '../media-info.ts'
import { clockFault } from './clock.ts'
import { decodedTimeline } from './decoded-times.ts'
import { listedTimeline } from './listed-timeline.ts'
import { timelineOf } from './timeline-of-packets.ts'

/**
 * When frames are shown and where decoding can begin, read from the packets and, where these do not tell, by decoding.
 * All times are seconds counted from the video's beginning (`MediaInfo.startTime`), ascending, no two the same.
 */
export interface Timeline {
  readonly frameTimes: Float64Array
  readonly keyframeTimes: Float64Array
  /** Every frame of the file is known; otherwise only those around the times that were asked for. */
  readonly complete: boolean
  /** Taken from a list that the container holds, and so complete whatever was asked for. */
  readonly listed: boolean
  /** False where the container's times do not tell one frame from another: then only counting frames is sure. */
  readonly timed: boolean
  /**
   * Frames are stored in another order than they are shown: there are B-frames, of which some may be left undecoded.
   */
  readonly reordered: boolean
  /**
   * Some frames are decoded but never shown, as before a cut that an edit list makes, or several have the same time.
   */
  readonly hidden: boolean
  /** Where every packet lies in the file, in decoding order; undefined where that is not known of all. */
  readonly packets?: StoredPackets | undefined
  /** Sentences about what this timeline had to mend or leave out. */
  readonly warnings?: readonly string[] | undefined
}

/**
 * Packets in decoding order: the time at which each is shown, in seconds from the video's beginning, its place in the
 * file in bytes, and whether decoding can begin with it (1) or not.
 */
export interface StoredPackets {
  readonly times: Float64Array
  readonly positions: Float64Array
  readonly sizes: Float64Array
  readonly keys: Uint8Array
}

/** Reading every packet of a larger file costs more than looking up the wanted places. */
const fullReadBytes = 1024 ** 3
/** A lookup costs one seek; more than this many would touch most of the file anyway. */
const lookups = 64
/** MPEG-4 in AVI: a packet this short may only stand for a picture that was stored with another one. */
const placeholderBytes = 20

/** Whether a file is so large that a few wanted places are looked up in it rather than every packet read. */
export async function isLarge(path: string): Promise<boolean> {
  return (await statFile(path)).size > fullReadBytes
}

/**
 * Reads a video's timeline: all of it where the container lists its frames and for files up to 1 GiB, else only around
 * `times`.
 * @param times seconds from the video's beginning; without them everything is read.
 * @throws ExpectedError as {@link runTool} when ffprobe was kept from reading to the end.
 */
export async function readTimeline(
  path: string,
  info: MediaInfo,
  options: { readonly times?: readonly number[] | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Timeline> {
  const { times, signal } = options
  const listed = await listedTimeline(path, info, signal)
  if (listed) return listed
  const distinct = [...new Set(times ?? [])].sort((a, b) => a - b)
  if (distinct.length > 0 && distinct.length <= lookups && (await isLarge(path))) {
    const around = distinct.map(time => Math.max(0, time) + info.startTime)
    const packets = await readPackets(path, info, { around, signal })
    const timeline = timelineOf(packets, info, { complete: false, listed: false })
    if (timeline.timed) return timeline
  }
  const packets = await readPackets(path, info, { signal })
  const told = await packetsTellPictures(path, info, { packets, signal })
  const fault = clockFault(packets, info)
  const isTold = told && (!fault || (fault === 'untimed' && isCountable(packets, info)))
  if (isTold) return timelineOf(packets, info, { complete: true, listed: false })
  return decodedTimeline(path, info, { packets, signal })
}

/** AVI gives B-frames no time, but it stores one frame after the other: the times of decoding then count them. */
function isCountable({ count, decoded, keys, shown, sizes }: Packets, { container, codec }: MediaInfo): boolean {
  if (container !== 'avi' || keys[0] !== 1) return false
  for (let index = 0; index < count; index += 1) {
    const ascends = index === 0 || (decoded[index] ?? NaN) > (decoded[index - 1] ?? NaN)
    if (!ascends || shown[index] !== 1 || (codec === 'mpeg4' && (sizes[index] ?? 0) < placeholderBytes)) return false
  }
  return true
}

/** Seconds, from the video's beginning, of every frame at which decoding can begin. */
export async function keyframes(
  path: string,
  info: MediaInfo,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<number[]> {
  return [...(await readTimeline(path, info, options)).keyframeTimes]
}
