import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { MediaInfo } from '../media-info.ts'
import { isLarge, readTimeline } from '../timeline/timeline.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { decodeFrames, shortcomings } from './decode.ts'
import { fastTransformFilter, publishedConversion, wholeFrameFilter } from './fast-transform.ts'
import type { Picture } from './frame-process.ts'
import { framingFilter } from './framing.ts'
import type { Framing } from './framing.ts'
import { SampleTarget } from './sample-target.ts'
import type { SampledFrames } from './sample-target.ts'
import { framesPerSegment, framesOnScreen, overviewTimes } from './sampling.ts'
import type { DenseSegment, WantedFrame } from './sampling.ts'

/** The published model's input size. */
const input = { height: 192, width: 320 } as const

export interface SampleOptions {
  /** `fast` (default): crop and scale inside ffmpeg, bytes. `exact`: the published transform in floating point. */
  readonly mode?: 'fast' | 'exact' | undefined
  readonly height?: number | undefined
  readonly width?: number | undefined
  /** In the place of the published transform; always bytes. */
  readonly framing?: Framing | undefined
  /**
   * The whole frame in the published colours, in the place of the published transform: parts are cut out of it later.
   * Always bytes.
   */
  readonly whole?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** ffmpeg processes at a time; by default as many as help on this machine. */
  readonly lanes?: number | undefined
  /** Threads of one decoder; by default as many as help. One costs the least processor time. */
  readonly threads?: number | undefined
}

interface FramesAtTimes extends SampleOptions {
  /** Seconds from the video's beginning, in any order, repeats allowed. */
  readonly times: readonly number[]
}

/**
 * Samples the frames on screen at the given times.
 * @throws ExpectedError `video-undecodable` when not one frame can be decoded.
 */
export async function sampleFrames(
  path: string,
  info: MediaInfo,
  { times, ...options }: FramesAtTimes,
): Promise<SampledFrames> {
  return sample(path, info, {
    timeline: await readTimeline(path, info, { times, signal: options.signal }),
    times,
    ...options,
  })
}

interface NumberedFrames extends SampleOptions {
  /** From 0, in any order; the last frame for those beyond it. */
  readonly numbers: readonly number[]
}

/**
 * Samples frames by their position among all that are shown, as the published datasets do (REFERENCE §6; decord counts
 * frames, whatever their times); of a file over 1 GiB whose container does not list its frames, those at the average
 * rate.
 * @throws as {@link sampleFrames}.
 */
export async function sampleNumberedFrames(
  path: string,
  info: MediaInfo,
  { numbers, ...options }: NumberedFrames,
): Promise<SampledFrames> {
  const nominal = numbers.map(number => info.firstFrameTime + number / info.frameRate)
  const timeline = await readTimeline(path, info, { times: nominal, signal: options.signal })
  const { complete, frameTimes } = timeline
  const times = complete ? numbers.map(number => frameTimes[Math.min(number, frameTimes.length - 1)] ?? 0) : nominal
  return sample(path, info, { timeline, times, ...options })
}

/**
 * The overview pass: exactly the frames of the published evaluation protocol, also at a variable frame rate
 * (for files over 1 GiB whose container does not list its frames, those at the average rate).
 */
export async function sampleOverview(
  path: string,
  info: MediaInfo,
  options: SampleOptions & { readonly frames?: number | undefined } = {},
): Promise<SampledFrames> {
  const { frames = framesPerSegment, signal } = options
  const timeline = await readTimeline(path, info, { times: overviewTimes(info, frames), signal })
  return sample(path, info, { timeline, times: overviewTimes(info, frames, timeline), ...options })
}

/** One sample of `samplePasses`: the overview, or the dense segment of that number. */
export type PassSample = SampledFrames & { readonly segment: 'overview' | number }

interface PassesToSample extends SampleOptions {
  /**
   * `overview`: frames over the whole video, 0 for none; `segments` in ascending order, as `denseSegments` gives them.
   */
  readonly passes: { readonly overview: number; readonly segments: readonly DenseSegment[] }
}

/**
 * Both passes as a stream: all samples from one timeline and one forward decode, each given as soon as it is complete,
 * which for the overview is at the end. Every sample has exactly the frames that it would have got alone.
 * The decoder waits while the caller works, and ends when the caller leaves the loop.
 */
export async function* samplePasses(
  path: string,
  info: MediaInfo,
  { passes, ...options }: PassesToSample,
): AsyncGenerator<PassSample> {
  const { overview, segments } = passes
  const dense = segments.flatMap(segment => segment.times)
  const approximate = overview > 0 ? overviewTimes(info, overview) : []
  if (approximate.length + dense.length === 0) return
  const timeline = await readTimeline(path, info, { times: [...approximate, ...dense], signal: options.signal })
  // Alone, the overview of a large file without a list follows from the average rate, though the dense pass may have
  // read every packet.
  const overall =
    overview > 0 && (timeline.listed || !(await isLarge(path))) ? overviewTimes(info, overview, timeline) : approximate
  const left = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal
  const complete = new PassThrough({ objectMode: true, highWaterMark: 1 })

  const begin = (segment: PassSample['segment'], times: readonly number[]) => ({
    segment,
    target: targetFor(info, { timeline, times, ...options }),
  })
  const filling = overview > 0 ? [begin('overview', overall)] : []
  const waiting = [...segments.entries()]
  const beginNext = (): void => {
    const [number, segment] = waiting.shift() ?? []
    if (number !== undefined && segment) filling.push(begin(number, segment.times))
  }
  // Two at a time: a last segment that was shifted back shares frames with the one before it.
  beginNext()
  beginNext()
  const deliver = async (wanted: WantedFrame, time: number, bytes: Buffer): Promise<void> => {
    for (const { target } of filling) target.put(wanted, time, bytes)
    for (const sample of filling.filter(({ target }) => target.complete)) {
      filling.splice(filling.indexOf(sample), 1)
      if (sample.segment !== 'overview') beginNext()
      const last = filling.length === 0
      const sampled: PassSample = {
        ...sample.target.result(path, last ? shortcomings(path, info, timeline) : []),
        segment: sample.segment,
      }
      if (!complete.write(sampled)) await once(complete, 'drain', { signal })
    }
  }
  // Frames in order for the dense pass; the overview alone comes at once, and sooner from several processes.
  const lanes = segments.length > 0 ? 1 : options.lanes
  const decoding = decodeFrames(path, info, {
    timeline,
    times: [...overall, ...dense],
    picture: pictureFor(info, options),
    deliver,
    signal,
    lanes,
    threads: options.threads,
  }).then(
    () => complete.end(),
    (error: unknown) => complete.destroy(options.signal?.aborted ? options.signal.reason : error),
  )
  try {
    yield* complete
  } finally {
    left.abort()
    await decoding
  }
}

async function sample(
  path: string,
  info: MediaInfo,
  { timeline, times, ...options }: { readonly timeline: Timeline; readonly times: readonly number[] } & SampleOptions,
): Promise<SampledFrames> {
  const target = targetFor(info, { timeline, times, ...options })
  await decodeFrames(path, info, {
    timeline,
    times,
    picture: pictureFor(info, options),
    deliver: (wanted, time, bytes) => target.put(wanted, time, bytes),
    ...options,
  })
  return target.result(path, shortcomings(path, info, timeline))
}

function targetFor(
  info: MediaInfo,
  { timeline, times, ...options }: { readonly timeline: Timeline; readonly times: readonly number[] } & SampleOptions,
): SampleTarget {
  const { mode = 'fast', height = input.height, width = input.width } = options
  const stored = { height: info.storedHeight, width: info.storedWidth }
  return new SampleTarget(
    framesOnScreen(timeline, times).map(frame => frame.time),
    { height, width },
    mode === 'exact' && !options.framing && !options.whole ? stored : undefined,
  )
}

/** How ffmpeg hands over a frame: as stored for the exact transform, else already cropped and scaled. */
function pictureFor(info: MediaInfo, options: SampleOptions): Picture {
  const { mode = 'fast', height = input.height, width = input.width, framing, whole = false } = options
  if (whole) {
    return {
      kind: 'rgb',
      width,
      height,
      filter: wholeFrameFilter({ height: info.storedHeight, width: info.storedWidth }, { height, width }),
    }
  }
  if (framing) return { kind: 'rgb', width, height, filter: framingFilter(framing, info, { height, width }) }
  if (mode === 'exact') {
    const [storedWidth, storedHeight] = [info.storedWidth, info.storedHeight]
    return {
      kind: 'rgb',
      width: storedWidth,
      height: storedHeight,
      filter: publishedConversion({ height: storedHeight, width: storedWidth }),
    }
  }
  return {
    kind: 'rgb',
    width,
    height,
    filter: fastTransformFilter({ height: info.storedHeight, width: info.storedWidth }, { height, width }),
  }
}
