import type { Packets } from '../containers/packets/packets.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from './timeline.ts'

/**
 * The timeline that packets tell by their own times, or by those of decoding where the container gives no others.
 * @param found `complete`: these are all packets of the file.
 */
export function timelineOf(
  packets: Packets,
  info: Pick<MediaInfo, 'startTime'>,
  found: { readonly complete: boolean; readonly listed: boolean },
): Timeline {
  const timed = packets.times.every((time, place) => packets.shown[place] !== 1 || !Number.isNaN(time))
  const stamp = (time: number, place: number): number => (Number.isNaN(time) ? (packets.decoded[place] ?? NaN) : time)
  const times = Float64Array.from(packets.times, (time, place) => stamp(time, place) - info.startTime)
  const isShown = (place: number): boolean => packets.shown[place] === 1
  let [latest, reordered] = [-Infinity, false]
  for (const time of times) {
    reordered ||= time < latest
    latest = Math.max(latest, time)
  }
  const frameTimes = ascending(times.filter((_, place) => isShown(place)))
  const shown = packets.shown.reduce((sum, each) => sum + each, 0)
  // Lookups may overlap, and then see a frame twice.
  const hidden = shown < packets.count || (found.complete && frameTimes.length < shown)
  const stored =
    found.complete && packets.positions.every(Number.isFinite)
      ? {
          times,
          positions: Float64Array.from(packets.positions),
          sizes: Float64Array.from(packets.sizes),
          keys: Uint8Array.from(packets.keys),
        }
      : undefined
  const keyframeTimes = ascending(times.filter((_, place) => packets.keys[place] === 1))
  return { ...found, frameTimes, keyframeTimes, timed, reordered, hidden, packets: stored }
}

/** Sorted, each time once. */
function ascending(times: Float64Array): Float64Array {
  const sorted = times.filter(time => !Number.isNaN(time)).sort()
  return sorted.filter((time, index) => index === 0 || time !== sorted[index - 1])
}
