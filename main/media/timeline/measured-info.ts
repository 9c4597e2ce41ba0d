import { stat } from 'node:fs/promises'
import { packetsTellPictures } from '../containers/packets-of-pictures.ts'
import { readPackets } from '../containers/packets.ts'
import type { Packets } from '../containers/packets.ts'
import { isIsoFile } from '../containers/stream-format.ts'
import type { MediaInfo } from '../media-info.ts'
import { decodedTimeline } from './decoded-times.ts'
import { listedTimeline } from './listed-timeline.ts'
import { measure } from './measured.ts'
import type { Measured } from './measured.ts'

/** All packets of a smaller file are read in less time than a process takes to start. */
export const smallBytes = 64 * 2 ** 20
/** Reading all packets of a larger file takes many seconds: what it announces is believed, if it announces anything. */
const largeBytes = 2 ** 30

/** Seconds by which what is announced may differ from what is there before that is worth telling. */
const slack = 1

interface Measuring {
  /** The announced duration is known to be that of the picture, not of the sound or of a part. */
  readonly isOwn: boolean
  /** All of the film, where they were read already. */
  readonly packets?: Packets | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * What a container announces, set right by the pictures that are there: their number, how long they are shown, and
 * when the first one is.
 */
export async function measured(path: string, announced: MediaInfo, measuring: Measuring): Promise<MediaInfo> {
  const { isOwn, signal } = measuring
  const listed = await listedTimeline(path, announced, signal)
  if (listed) return { ...announced, frameCount: listed.frameTimes.length, frameCountExact: true }
  const { size } = await stat(path)
  const isKnown = announced.duration > 0
  // The index of an MP4 file that is not to be taken may be that of its first fragment.
  const isBelieved = size > largeBytes || (isOwn && size > smallBytes && !isIsoFile(announced))
  if (isKnown && isBelieved) return { ...announced, frameCountExact: false }
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
