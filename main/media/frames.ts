import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { decodeFrames, incompleteness } from './decode.ts'
import { fastTransformFilter } from './fast-transform.ts'
import { framingFilter } from './framing.ts'
import type { Framing } from './framing.ts'
import type { Picture } from './frame-process.ts'
import type { MediaInfo } from './media-info.ts'
import { SampleTarget } from './sample-target.ts'
import type { SampledFrames } from './sample-target.ts'
import { FRAMES_PER_SEGMENT, framesOnScreen, overviewTimes } from './sampling.ts'
import type { DenseSegment } from './sampling.ts'
import { readTimeline } from './timeline.ts'
import type { Timeline } from './timeline.ts'

/** The published model's input size. */
const INPUT = { height: 192, width: 320 } as const

export interface SampleOptions {
  /** `fast` (default): crop and scale inside ffmpeg, bytes. `exact`: the published transform in floating point. */
  readonly mode?: 'fast' | 'exact' | undefined
  readonly height?: number | undefined
  readonly width?: number | undefined
  /** In the place of the published transform; always bytes. */
  readonly framing?: Framing | undefined
  readonly signal?: AbortSignal | undefined
  /** ffmpeg processes at a time; by default as many as help on this machine. */
  readonly lanes?: number | undefined
}

/**
 * Samples the frames on screen at the given times.
 * @param times seconds from the video's beginning, in any order, repeats allowed.
 * @throws ExpectedError `video-undecodable` when not one frame can be decoded.
 */
export async function sampleFrames(path: string, info: MediaInfo, times: readonly number[], options: SampleOptions = {}): Promise<SampledFrames> {
  return sample(path, info, await readTimeline(path, info, { times, signal: options.signal }), times, options)
}

/**
 * The overview pass: exactly the frames of the published evaluation protocol, also at a variable frame rate
 * (for files over 1 GiB, those at the average rate).
 */
export async function sampleOverview(path: string, info: MediaInfo, options: SampleOptions & { readonly frames?: number | undefined } = {}): Promise<SampledFrames> {
  const { frames = FRAMES_PER_SEGMENT, signal } = options
  const timeline = await readTimeline(path, info, { times: overviewTimes(info, frames), signal })
  return sample(path, info, timeline, overviewTimes(info, frames, timeline), options)
}

/**
 * The dense pass as a stream: all segments from one timeline and one forward decode, each given as soon as it is complete.
 * The decoder waits while the caller works, and ends when the caller leaves the loop.
 * @param segments in ascending order, as `denseSegments` gives them.
 */
export async function* sampleSegments(path: string, info: MediaInfo, segments: readonly DenseSegment[], options: SampleOptions = {}): AsyncGenerator<SampledFrames> {
  const times = segments.flatMap((segment) => segment.times)
  if (times.length === 0) return
  const timeline = await readTimeline(path, info, { times, signal: options.signal })
  const left = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal
  const targets = segments.map((segment) => targetFor(info, timeline, segment.times, options))
  const complete = new PassThrough({ objectMode: true, highWaterMark: 1 })
  let next = 0

  const deliver = async (wanted: { readonly time: number }, time: number, bytes: Buffer): Promise<void> => {
    // A last segment that was shifted back shares frames with the one before it.
    for (const target of targets.slice(next, next + 2)) target.put(wanted.time, time, bytes)
    for (let target = targets[next]; target?.complete; target = targets[next]) {
      targets[next] = targetFor(info, timeline, [], options)
      next += 1
      const sampled = target.result(path, next === targets.length ? incompleteness(path, info, timeline) : [])
      if (!complete.write(sampled)) await once(complete, 'drain', { signal })
    }
  }
  const decoding = decodeFrames(path, info, timeline, times, pictureFor(info, options), deliver, { signal, lanes: 1 })
    .then(() => complete.end(), (error: unknown) => complete.destroy(options.signal?.aborted ? options.signal.reason : error))
  try {
    yield* complete
  } finally {
    left.abort()
    await decoding
  }
}

async function sample(path: string, info: MediaInfo, timeline: Timeline, times: readonly number[], options: SampleOptions): Promise<SampledFrames> {
  const target = targetFor(info, timeline, times, options)
  await decodeFrames(path, info, timeline, times, pictureFor(info, options), (wanted, time, bytes) => target.put(wanted.time, time, bytes), options)
  return target.result(path, incompleteness(path, info, timeline))
}

function targetFor(info: MediaInfo, timeline: Timeline, times: readonly number[], options: SampleOptions): SampleTarget {
  const { mode = 'fast', height = INPUT.height, width = INPUT.width } = options
  const stored = { height: info.storedHeight, width: info.storedWidth }
  return new SampleTarget(framesOnScreen(timeline, times).map((frame) => frame.time), { height, width }, mode === 'exact' && !options.framing ? stored : undefined)
}

/** How ffmpeg hands over a frame: as stored for the exact transform, else already cropped and scaled. */
function pictureFor(info: MediaInfo, options: SampleOptions): Picture {
  const { mode = 'fast', height = INPUT.height, width = INPUT.width, framing } = options
  if (framing) return { kind: 'rgb', width, height, filter: framingFilter(framing, info, { height, width }) }
  if (mode === 'exact') {
    const [storedWidth, storedHeight] = [info.storedWidth, info.storedHeight]
    return { kind: 'rgb', width: storedWidth, height: storedHeight, filter: `scale=${storedWidth}:${storedHeight}:flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24` }
  }
  return { kind: 'rgb', width, height, filter: fastTransformFilter({ height: info.storedHeight, width: info.storedWidth }, { height, width }) }
}
