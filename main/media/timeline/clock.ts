import type { Packets } from '../containers/packets/packets.ts'
import type { MediaInfo } from '../media-info.ts'

/**
 * Why the times that a container gives its pictures do not tell one picture from another.
 * `untimed`: some have none; `repeated`: several have the same; `restarted`: the clock jumps, as in joined recordings.
 */
export type ClockFault = 'untimed' | 'repeated' | 'restarted'

/** Times closer than this many seconds cannot be told apart: ffmpeg's filters count microseconds. */
const same = 5e-6
/** Pictures are stored at most so many places from where they are shown; the codecs allow 16, and hierarchies of 32. */
const farthestReordering = 64
/** Seconds without a picture after which ffmpeg takes the clock of a broadcast for another one. */
const longestPauseSeconds = 10
const broadcast = new Set(['mpegts', 'mpeg'])

/**
 * Longest pause, in seconds, that the clock of a container is believed: that of a recorded broadcast may be set anew.
 */
export function longestPause({ container }: Pick<MediaInfo, 'container'>): number {
  return container.split(',').some(name => broadcast.has(name)) ? longestPauseSeconds : Infinity
}

/** What is wrong with the times of all packets of a file; undefined where each shown picture has a time of its own. */
export function clockFault(packets: Packets, info: Pick<MediaInfo, 'container'>): ClockFault | undefined {
  const places: number[] = []
  let latestDecoded = -Infinity
  let restarted = false
  for (let place = 0; place < packets.count; place += 1) {
    const decoded = packets.decoded[place] ?? NaN
    if (decoded < latestDecoded) restarted = true
    if (!Number.isNaN(decoded)) latestDecoded = decoded
    if (packets.shown[place] !== 1) continue
    if (Number.isNaN(packets.times[place])) return 'untimed'
    places.push(place)
  }
  const time = (place: number): number => packets.times[place] ?? NaN
  const sorted = Uint32Array.from(places.keys()).sort((a, b) => time(places[a] ?? 0) - time(places[b] ?? 0) || a - b)
  const pause = longestPause(info)
  let repeated = false
  for (let shown = 0; shown < sorted.length; shown += 1) {
    const stored = sorted[shown] ?? 0
    if (Math.abs(stored - shown) > farthestReordering) restarted = true
    if (shown === 0) continue
    const step = time(places[stored] ?? 0) - time(places[sorted[shown - 1] ?? 0] ?? 0)
    if (step > pause) restarted = true
    if (step < same) repeated = true
  }
  return restarted ? 'restarted' : repeated ? 'repeated' : undefined
}

export interface OneClock {
  readonly times: Float64Array
  /** How often the clock jumped. */
  readonly jumps: number
}

/**
 * Times that go on: strictly ascending, one for each picture in the order in which they are shown.
 * A picture without a time stands evenly between its neighbours; where the clock jumps, it is taken to have gone on.
 * @param stamps seconds, NaN where there is none. @param interval seconds between two pictures, as a rule.
 */
export function oneClock(stamps: readonly number[], interval: number, pause = Infinity): OneClock {
  const times = filled(stamps, interval)
  let [offset, jumps] = [0, 0]
  for (let index = 1; index < times.length; index += 1) {
    const last = times[index - 1] ?? 0
    const time = (times[index] ?? 0) + offset
    if (time < last - interval || time > last + pause) {
      offset += last + interval - time
      jumps += 1
      times[index] = last + interval
    } else {
      times[index] = Math.max(time, last)
    }
  }
  // Of pictures with the same time the last is the one that stays on screen.
  for (let index = times.length - 2; index >= 0; index -= 1) {
    times[index] = Math.min(times[index] ?? 0, (times[index + 1] ?? 0) - same)
  }
  return { times, jumps }
}

function filled(stamps: readonly number[], interval: number): Float64Array {
  const times = Float64Array.from(stamps)
  const known = [...times.keys()].filter(index => !Number.isNaN(times[index]))
  const [first = 0] = known
  const begin = (times[first] || 0) - first * interval
  const before = known.length === 0 ? times.length : first
  for (let index = 0; index < before; index += 1) times[index] = begin + index * interval
  for (const [position, index] of known.entries()) {
    const next = known[position + 1]
    const span = next === undefined ? NaN : ((times[next] ?? 0) - (times[index] ?? 0)) / (next - index)
    for (let between = index + 1; between < (next ?? times.length); between += 1) {
      times[between] = (times[index] ?? 0) + (between - index) * (span > 0 ? span : interval)
    }
  }
  return times
}
