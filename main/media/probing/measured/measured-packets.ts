import type { Packets } from '../../containers/packets/packets.ts'
import type { MediaInfo } from '../../media-info.ts'
import { clockFault, longestPause } from '../../timeline/clock.ts'

/** What the packets of a file say of the whole. Seconds; `firstTime` as the container counts. */
export interface Measured {
  readonly duration: number
  readonly firstTime: number | undefined
  readonly frameRate: number
  readonly frameCount: number
  /** Each counted picture has a time of its own. */
  readonly exact: boolean
}

/** A stretch of packets on one clock: when its first picture is shown, and when its last one ends. */
interface Stretch {
  begin: number
  last: number
  end: number
  count: number
}

/**
 * The length and the number of the pictures that are there, whatever the container announces.
 * @param info its `frameRate` is kept where it gives that many pictures in that time.
 */
export function measure(packets: Packets, info: Pick<MediaInfo, 'container' | 'frameRate'>): Measured | undefined {
  const frameCount = packets.shown.reduce((sum, shown) => sum + shown, 0)
  if (frameCount === 0) return undefined
  const fault = clockFault(packets, info)
  const stretches = stretchesOf(packets, fault === 'untimed', longestPause(info))
  const length = stretches.reduce((sum, stretch) => sum + lengthOf(stretch, info.frameRate), 0)
  const duration = stretches.length > 0 ? length : frameCount / info.frameRate
  return {
    duration,
    frameCount,
    firstTime: stretches[0]?.begin,
    exact: fault === undefined,
    frameRate: Math.abs(duration * info.frameRate - frameCount) < 0.75 ? info.frameRate : frameCount / duration,
  }
}

/** Where pictures lack a time, the last one is taken to be shown as long after its decoding as the first one. */
function stretchesOf(packets: Packets, untimed: boolean, pause: number): Stretch[] {
  const stretches: Stretch[] = []
  const delay = presentationDelay(packets)
  let previous = NaN
  for (let index = 0; index < packets.count; index += 1) {
    if (packets.shown[index] !== 1) continue
    const decoded = packets.decoded[index] ?? NaN
    const own = packets.times[index] ?? NaN
    const time = Number.isNaN(own) ? decoded + delay : own
    if (Number.isNaN(time)) continue
    let stretch = stretches.at(-1)
    if (!stretch || decoded < previous || decoded > previous + pause) {
      stretch = { begin: time, last: -Infinity, end: time, count: 0 }
      stretches.push(stretch)
    }
    if (!Number.isNaN(decoded)) previous = decoded
    stretch.count += 1
    stretch.begin = Math.min(stretch.begin, time)
    const last = untimed ? Math.max(time, decoded + delay) : time
    if (last < stretch.last) continue
    stretch.last = last
    stretch.end = last + (packets.durations[index] || 0)
  }
  return stretches
}

/** Seconds between decoding and presentation, as the first packet with both times has it. */
function presentationDelay(packets: Packets): number {
  for (let index = 0; index < packets.count; index += 1) {
    const delay = (packets.times[index] ?? NaN) - (packets.decoded[index] ?? NaN)
    if (!Number.isNaN(delay)) return delay
  }
  return 0
}

function lengthOf({ begin, last, end, count }: Stretch, rate: number): number {
  if (end > last) return end - begin
  return last - begin + (count > 1 && last > begin ? (last - begin) / (count - 1) : 1 / rate)
}
