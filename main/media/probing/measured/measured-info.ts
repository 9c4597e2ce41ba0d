import { statFile } from '../../../storage/files/packed-file.ts'
import { isIsoFile } from '../../containers/container-kinds.ts'
import { packetsTellPictures } from '../../containers/packets/packets-of-pictures.ts'
import { readPackets } from '../../containers/packets/packets.ts'
import type { Packets } from '../../containers/packets/packets.ts'
import type { MediaInfo } from '../../media-info.ts'
import { decodedTimeline } from '../../timeline/decoded-times.ts'
import { listedTimeline } from '../../timeline/listed-timeline.ts'
import { endOfPictures } from './last-picture.ts'
import { measure } from './measured-packets.ts'
import type { Measured } from './measured-packets.ts'

/** Sizes of files, in bytes, by which it is decided how much of them is read. */
export interface ReadLimits {
  /** All packets of a smaller file are read in less time than a process takes to start. */
  readonly small: number
  /** Reading all packets of a larger file takes many seconds: where it announces a length, only its end is read. */
  readonly large: number
}
export const readLimits: ReadLimits = { small: 64 * 2 ** 20, large: 2 ** 30 }

/** Seconds by which what is announced may differ from what is there before that is worth telling. */
const slack = 1

interface Measuring {
  /** The announced duration is known to be that of the picture, not of the sound or of a part. */
  readonly isOwn: boolean
  /** All of the film, where they were read already. */
  readonly packets?: Packets | undefined
  readonly limits: ReadLimits
  readonly signal: AbortSignal | undefined
}

/**
 * What a container announces, set right by the pictures that are there: their number, how long they are shown, and
 * when the first one is.
 */
export async function measured(path: string, announced: MediaInfo, measuring: Measuring): Promise<MediaInfo> {
  const { isOwn, limits, signal } = measuring
  const listed = await listedTimeline(path, announced, signal)
  if (listed) return { ...announced, frameCount: listed.frameTimes.length, frameCountExact: true }
  const { size } = await statFile(path)
  const isKnown = announced.duration > 0
  // The index of an MP4 file that is not to be taken may be that of its first fragment.
  const isBelieved = size > limits.large || (isOwn && size > limits.small && !isIsoFile(announced))
  const byEnd = isKnown && isBelieved ? await measuredByEnd(path, announced, { isOwn, signal }) : undefined
  if (byEnd) return byEnd
  const packets = measuring.packets ?? (await readPackets(path, announced, { signal }))
  const told = await packetsTellPictures(path, announced, { packets, signal })
  const found = told ? measure(packets, announced) : await decodedMeasure(path, announced, { packets, signal })
  const least = 1 / announced.frameRate
  if (!found) return { ...announced, duration: announced.duration || least, frameCountExact: false }
  const { duration, frameCount, frameRate, firstTime = announced.startTime, exact } = found
  const isShort = isKnown && isOwn && announced.duration > duration + slack
  return {
    ...announced,
    duration,
    frameCount,
    frameRate,
    frameCountExact: exact,
    firstFrameTime: Math.max(0, firstTime - announced.startTime),
    ...(isShort && { announcedDuration: announced.duration }),
  }
}

/** Of a large file: until when there are pictures. Undefined where its end does not tell. */
async function measuredByEnd(
  path: string,
  announced: MediaInfo,
  { isOwn, signal }: { readonly isOwn: boolean; readonly signal: AbortSignal | undefined },
): Promise<MediaInfo | undefined> {
  const end = await endOfPictures(path, announced, signal)
  const duration = (end ?? NaN) - announced.startTime - announced.firstFrameTime
  if (!(duration > 0)) return undefined
  const isShort = isOwn && announced.duration > duration + slack
  return {
    ...announced,
    duration,
    frameCount: Math.max(1, Math.round(duration * announced.frameRate)),
    frameCountExact: false,
    ...(isShort && { announcedDuration: announced.duration }),
  }
}

/** Of pictures that only a decode tells from what is stored. */
async function decodedMeasure(
  path: string,
  announced: MediaInfo,
  { packets, signal }: { readonly packets: Packets; readonly signal: AbortSignal | undefined },
): Promise<Measured | undefined> {
  const { frameTimes } = await decodedTimeline(path, announced, { packets, signal })
  const frameCount = frameTimes.length
  const [first = 0] = frameTimes
  if (frameCount === 0) return undefined
  const span = (frameTimes.at(-1) ?? 0) - first
  const duration = span + (span > 0 ? span / (frameCount - 1) : 1 / announced.frameRate)
  return { duration, frameCount, firstTime: first + announced.startTime, exact: true, frameRate: frameCount / duration }
}
