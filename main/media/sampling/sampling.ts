import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from '../timeline/timeline.ts'

/** Frames in one input of the published model. */
export const framesPerSegment = 32

/** One input of the dense pass: consecutive frames at a sampling rate. Seconds from the video's beginning. */
export interface DenseSegment {
  readonly start: number
  readonly end: number
  readonly times: readonly number[]
}

/** One forward decode: seek to the keyframe before the first frame, go on to the last. Ascending `frames`. */
export interface DecodeRun {
  readonly frames: readonly WantedFrame[]
  /** Begin at the start of the file instead of seeking. */
  readonly fromStart: boolean
}

/** A frame to be delivered: its time of presentation and the window of times that means no other frame. */
export interface WantedFrame {
  readonly time: number
  readonly from: number
  readonly to: number
  /** Position among all frames; known only for a complete timeline. */
  readonly index: number
}

/**
 * Frame indices of the published evaluation protocol: `numpy.linspace(0, n − 1, N).astype(int)` over the video's
 * frames. A video shorter than N frames repeats frames. Source: REFERENCE §6, "Frames, all downstream sets".
 */
export function overviewIndices(frameCount: number, frames = framesPerSegment): number[] {
  if (frameCount < 1 || frames < 1) throw new RangeError(`cannot sample ${frames} frames from ${frameCount}`)
  const step = frames > 1 ? (frameCount - 1) / (frames - 1) : 0
  // numpy sets the last element to the end itself, so that rounding never loses the last frame.
  return Array.from({ length: frames }, (_, position) =>
    position === frames - 1 && frames > 1 ? frameCount - 1 : Math.floor(position * step),
  )
}

/**
 * Times of the overview pass: N frames over the whole video.
 * With a complete timeline the times are those of exactly the protocol's frames, also at a variable frame rate;
 * without one they follow from the average rate.
 */
export function overviewTimes(info: MediaInfo, frames = framesPerSegment, timeline?: Timeline): number[] {
  if (timeline?.complete && timeline.frameTimes.length > 0) {
    return overviewIndices(timeline.frameTimes.length, frames).map(index => timeline.frameTimes[index] ?? 0)
  }
  return overviewIndices(info.frameCount, frames).map(index => info.firstFrameTime + index / info.frameRate)
}

/**
 * The dense pass: the video cut into consecutive segments of `frames` frames at `framesPerSecond`.
 * The last segment is shifted back so that it ends with the video and shows no frame twice;
 * a video shorter than one segment has one, whose times past the end stay at the last frame.
 */
export function denseSegments(
  info: MediaInfo,
  options: { readonly framesPerSecond?: number; readonly frames?: number } = {},
): DenseSegment[] {
  const { framesPerSecond = 2, frames = framesPerSegment } = options
  if (!(framesPerSecond > 0) || frames < 1) {
    throw new RangeError(`cannot sample ${frames} frames at ${framesPerSecond} per second`)
  }
  const length = frames / framesPerSecond
  const begin = info.firstFrameTime
  const end = begin + info.duration
  const lastFrame = Math.max(begin, end - 1 / info.frameRate)
  // A rest shorter than one frame of the video holds no picture of its own.
  const count = Math.max(1, Math.ceil((info.duration - 1 / info.frameRate) / length))
  return Array.from({ length: count }, (_, position) => {
    const start = Math.max(begin, Math.min(begin + position * length, end - length))
    return {
      start,
      end: Math.min(start + length, end),
      times: Array.from({ length: frames }, (_, frame) => Math.min(start + frame / framesPerSecond, lastFrame)),
    }
  })
}

/**
 * Timestamps are stored in ticks as coarse as a millisecond: a time this close before a frame means that frame, unless
 * it is far from it for frames that follow one another so fast, counted in their distance.
 */
const tick = 0.0015
const near = 0.25

/** Position of the last of the ascending `values` that is ≤ `limit`, or −1. */
export function lastAtOrBefore(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The frame on screen at each time: the last one shown at or before it (the first one, for a time before it). */
export function framesOnScreen(timeline: Timeline, times: readonly number[]): WantedFrame[] {
  const { frameTimes } = timeline
  return times.map(wanted => {
    const shown = Math.max(0, lastAtOrBefore(frameTimes, wanted))
    const until = (frameTimes[shown + 1] ?? Infinity) - wanted
    const index = until < tick && until < near * (until + wanted - (frameTimes[shown] ?? 0)) ? shown + 1 : shown
    const time = frameTimes[index] ?? 0
    const before = frameTimes[index - 1] ?? time - 0.04
    const after = frameTimes[index + 1] ?? time + 0.04
    return { time, index, from: time - (time - before) / 2, to: time + (after - time) / 2 }
  })
}

/** Position of the keyframe whose group of pictures holds a frame; −1 before the first keyframe. */
export function groupOf(timeline: Timeline, frame: WantedFrame): number {
  return lastAtOrBefore(timeline.keyframeTimes, frame.time)
}

/**
 * Opening the file once more and seeking costs as much processor time as decoding on, counted in pixels: 25 ms, against
 * 1.8 ms for a frame of 1280 × 720 and 0.07 ms for one of 160 × 96, of which a part does not depend on the size.
 */
const pixelsWorthASeek = 12e6
const pixelsWorthAFrame = 3e4

/** Part of the unwanted frames that no other refers to, where there are any: measured 40 to 50 % with x264 and x265. */
const needlessFrames = 0.4

/** How wanted frames are decoded. */
export interface DecodePlan {
  readonly runs: readonly DecodeRun[]
  /** The only run is decoded without the frames that are neither wanted nor referred to. */
  readonly leaveOut: boolean
}

/**
 * Plans the decoding: frames that share a group of pictures share one forward decode, and a group is never entered
 * twice. Neighbouring groups become one run where decoding on is cheaper than seeking; when samples are denser than
 * keyframes, that makes a single linear pass. Where frames can be left out, the plan is one such pass if that is
 * cheaper still.
 * @param frames distinct, ascending. @param options `pixels`: of a decoded frame; `needless`: there are frames that can
 * be left out.
 */
export function planDecoding(
  timeline: Timeline,
  frames: readonly WantedFrame[],
  options: { readonly seekable: boolean; readonly pixels: number; readonly needless: boolean },
): DecodePlan {
  const pixels = options.pixels + pixelsWorthAFrame
  const runs = options.seekable ? planRuns(timeline, frames, pixelsWorthASeek / pixels) : [{ frames, fromStart: true }]
  const [first] = frames
  if (!options.needless || !first) return { runs, leaveOut: false }
  const decoded = (run: DecodeRun): number =>
    framesBetween(
      timeline,
      run.fromStart ? 0 : (timeline.keyframeTimes[groupOf(timeline, run.frames[0] ?? first)] ?? 0),
      run.frames.at(-1)?.time ?? 0,
    )
  const pass: DecodeRun = { frames, fromStart: runs[0]?.fromStart ?? true }
  const seeking = pixels * runs.reduce((sum, run) => sum + decoded(run), 0) + pixelsWorthASeek * (runs.length - 1)
  // Sorting the packets out costs a hundredth of decoding them.
  const passing = pixels * ((1 - needlessFrames) * decoded(pass) + needlessFrames * frames.length)
  return passing < seeking ? { runs: [pass], leaveOut: true } : { runs, leaveOut: false }
}

function planRuns(timeline: Timeline, frames: readonly WantedFrame[], framesWorthASeek: number): DecodeRun[] {
  if (frames.length === 0) return []
  if (!timeline.timed || timeline.keyframeTimes.length === 0) return [{ frames, fromStart: true }]
  const runs: { frames: WantedFrame[]; fromStart: boolean }[] = []
  let previousGroup = -1
  for (const frame of frames) {
    const group = groupOf(timeline, frame)
    const run = runs.at(-1)
    const last = run?.frames.at(-1)
    if (
      run &&
      last &&
      (group === previousGroup ||
        framesBetween(timeline, last.time, timeline.keyframeTimes[group] ?? 0) <= framesWorthASeek)
    ) {
      run.frames.push(frame)
    } else {
      runs.push({ frames: [frame], fromStart: group <= 0 })
    }
    previousGroup = group
  }
  return runs
}

function framesBetween(timeline: Timeline, from: number, to: number): number {
  if (!timeline.complete) return (to - from) * 25
  return lastAtOrBefore(timeline.frameTimes, to) - lastAtOrBefore(timeline.frameTimes, from)
}
