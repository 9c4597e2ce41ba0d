import { withAttempts } from '../ffmpeg/child-end.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { decodeRuns } from './frame-process.ts'
import type { Picture } from './frame-process.ts'
import { lastAtOrBefore } from './sampling.ts'
import type { WantedFrame } from './sampling.ts'

interface Substitute {
  readonly time: number
  readonly bytes: Buffer
}

/** Finds what is shown for frames that cannot be decoded: ascending, of one stretch of the video. */
type FindSubstitutes = (missing: readonly WantedFrame[]) => Promise<Map<WantedFrame, Substitute>>

interface Replacing {
  readonly timeline: Timeline
  readonly picture: Picture
  readonly signal: AbortSignal | undefined
}

/**
 * A search for the nearest picture before a frame that can be decoded: groups of pictures further and further back are
 * decoded until one has it; where none has, it is the first picture of the video.
 */
export function substitutes(path: string, info: MediaInfo, { timeline, picture, signal }: Replacing): FindSubstitutes {
  const { keyframeTimes } = timeline
  let first: Promise<Substitute | undefined> | undefined

  const firstPicture = async (): Promise<Substitute | undefined> => {
    const [time = 0] = timeline.frameTimes
    let found: Substitute | undefined
    const run = { frames: [at(time)], fromStart: true }
    await withAttempts(signal, () =>
      decodeRuns(path, info, {
        timeline,
        runs: [run],
        picture,
        threads: 1,
        instead: 'first',
        signal,
        onFrame: ({ time: shown, bytes }) => {
          found ??= { time: shown, bytes }
        },
      }),
    )
    return found
  }

  /** The last picture before each missing frame, of those from a keyframe on; of all from the start for one below 0. */
  const decodedFrom = async (key: number, missing: readonly WantedFrame[]): Promise<Map<WantedFrame, Substitute>> => {
    const best = new Map<WantedFrame, Substitute>()
    const begin = at(keyframeTimes[key] ?? timeline.frameTimes[0] ?? 0)
    const run = { frames: [begin, missing.at(-1) ?? begin], fromStart: key <= 0 }
    await withAttempts(signal, () =>
      decodeRuns(path, info, {
        timeline,
        runs: [run],
        picture,
        threads: 1,
        instead: 'every',
        signal,
        onFrame: ({ time, bytes }) => {
          for (const frame of missing) if (time < frame.to) best.set(frame, { time, bytes })
        },
      }),
    )
    return best
  }

  /** What was found for the last frame so far: between that picture and the frame nothing can be decoded. */
  let known: { readonly wanted: number; readonly substitute: Substitute } | undefined

  return async missing => {
    const found = new Map<WantedFrame, Substitute>()
    // Where only counting is sure, what did not come has shifted the count: no search by time can find it.
    if (!timeline.timed) return found
    const group = lastAtOrBefore(keyframeTimes, missing[0]?.from ?? 0)
    let lacking = [...missing]
    for (let back = 1; lacking.length > 0; back *= 4) {
      const begin = keyframeTimes[group - back] ?? -Infinity
      for (const [frame, substitute] of await decodedFrom(group - back, lacking)) found.set(frame, substitute)
      lacking = lacking.filter(frame => !found.has(frame))
      if (known && begin <= known.wanted && known.substitute.time <= begin) {
        for (const frame of lacking) if (frame.time >= known.wanted) found.set(frame, known.substitute)
        lacking = lacking.filter(frame => !found.has(frame))
      }
      if (group - back <= 0) break
    }
    for (const frame of lacking) {
      const substitute = await (first ??= firstPicture())
      if (substitute) found.set(frame, substitute)
    }
    const last = missing.at(-1)
    const substitute = last && found.get(last)
    if (last && substitute && substitute.time <= last.time) known = { wanted: last.time, substitute }
    return found
  }
}

function at(time: number): WantedFrame {
  return { time, from: time, to: time, index: 0 }
}
