import { english } from '../../../../native-models/english.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { FrameStoreChoice } from '../../../media/frame-store/frame-store.ts'
import type { FramesPart } from '../../../media/frame-store/load-frames.ts'
import type { MediaInfo } from '../../../media/media-info.ts'
import type { SampleOptions } from '../../../media/sampling/frames.ts'
import { sizeForRegions } from '../../../media/sampling/region-transform.ts'
import type { SampledFrames } from '../../../media/sampling/sample-target.ts'
import type { SamplingThread } from '../../../media/sampling-thread/sampling-thread.ts'
import type { VideoSpan } from '../examples/example.ts'
import { clipIndices, evaluationIndices, randomRegion, trainingIndices } from './frame-choice.ts'

export interface FrameShape extends Pick<SampleOptions, 'mode' | 'framing'> {
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** Decodes away from this thread. */
export type FrameSampler = Pick<SamplingThread, 'probe' | 'loadFrames' | 'samplePasses' | 'sampleOverview'>

/** Decoded frames that are kept for the next epoch. */
export interface CachedFrames {
  readonly store: FrameStoreChoice
  /** Videos that share the store. */
  readonly videos: number
  /** Told a sentence when less is kept than was asked for. */
  readonly onNotice: (sentence: string) => void
}

/** Frames that may be drawn of a video are decoded together: no more than so many bytes. */
const mostCandidates = 64 * 1024 ** 2
const candidatesNotice = english`Training frames are drawn anew in every epoch, and all that can be drawn of one video are too many to be kept for every video: such videos are decoded again in every epoch.`

/**
 * Reads frames of labelled videos, [frames, height, width, 3], RGB: bytes, but for evaluation in the exact mode. Each
 * file is probed once.
 */
export class ExampleFrames {
  readonly #shape: FrameShape
  readonly #sampler: FrameSampler
  readonly #kept: CachedFrames | null
  readonly #infos = new Map<string, Promise<MediaInfo>>()
  readonly #prepared = new Map<string, Promise<SampledFrames>>()
  #toldOfCandidates = false

  constructor(shape: FrameShape, sampler: FrameSampler, kept: CachedFrames | null = null) {
    this.#shape = shape
    this.#sampler = sampler
    this.#kept = kept
  }

  async info(path: string, signal: AbortSignal): Promise<MediaInfo> {
    const info = this.#infos.get(path) ?? this.#sampler.probe(path, { signal })
    this.#infos.set(path, info)
    try {
      return await info
    } catch (error) {
      this.#infos.delete(path)
      throw error
    }
  }

  /**
   * Frames over a video or a part of it.
   * @param draw for training: the frames and the part of the picture are drawn; null for evaluation, where nothing is
   * left to chance.
   * @throws ExpectedError when the video cannot be read.
   */
  async over(video: VideoSpan, draw: Random | null, signal: AbortSignal): Promise<Uint8Array> {
    const info = await this.info(video.path, signal)
    const { frames } = this.#shape
    const numbered = isWhole(video)
    if (draw === null) {
      const wanted = numbered ? frames : times(info, video, count => evaluationIndices(count, frames))
      return this.#load([{ path: video.path, info, wanted }], { region: null, signal })
    }
    const wanted = chosen(info, video, count => trainingIndices(count, frames, draw))
    const region = randomRegion(info, draw)
    const among = this.#candidates(info, video)
    return this.#load([{ path: video.path, info, wanted, among, numbered }], {
      region,
      signal,
      keeps: among !== undefined,
    })
  }

  /** Begins to read what {@link evaluated} will be asked for next. */
  prepare(video: VideoSpan, signal: AbortSignal): void {
    const key = JSON.stringify(video)
    if (this.#prepared.has(key)) return
    const frames = this.#evaluated(video, signal)
    // Whoever asks is told; until then a failure is not an unhandled rejection.
    frames.catch(() => undefined)
    this.#prepared.set(key, frames)
  }

  /**
   * Frames over a video or a part of it as for evaluation, in the mode and framing of the shape. @throws as
   * {@link over}.
   */
  evaluated(video: VideoSpan, signal: AbortSignal): Promise<SampledFrames> {
    const key = JSON.stringify(video)
    const prepared = this.#prepared.get(key)
    this.#prepared.delete(key)
    return prepared ?? this.#evaluated(video, signal)
  }

  async #evaluated(video: VideoSpan, signal: AbortSignal): Promise<SampledFrames> {
    const info = await this.info(video.path, signal)
    const { path, start, end } = video
    if (start === null && end === null) return this.#sampler.sampleOverview(path, info, { ...this.#shape, signal })
    const wanted = times(info, video, count => evaluationIndices(count, this.#shape.frames))
    const segment = { start: start ?? 0, end: end ?? info.duration, times: wanted }
    for await (const sampled of this.#sampler.samplePasses(path, info, {
      passes: { overview: 0, segments: [segment] },
      ...this.#shape,
      signal,
    })) {
      return sampled
    }
    throw new Error(`no frames of ${path}`)
  }

  /**
   * Frames of consecutive clips, equally many of each.
   * @param draw decides the part of the picture, the same for all clips; null for evaluation.
   */
  async ofClips(clips: readonly VideoSpan[], draw: Random | null, signal: AbortSignal): Promise<Uint8Array> {
    const each = Math.floor(this.#shape.frames / clips.length)
    const parts: FramesPart[] = []
    for (const clip of clips) {
      const info = await this.info(clip.path, signal)
      const wanted = chosen(info, clip, count => clipIndices(count, each))
      parts.push({ path: clip.path, info, wanted, numbered: isWhole(clip) })
    }
    const [first] = parts
    const loaded = await this.#load(parts, { region: draw && first ? randomRegion(first.info, draw) : null, signal })
    if (each * clips.length === this.#shape.frames) return loaded
    // What no clip fills stays black.
    const all = new Uint8Array(this.#shape.frames * this.#shape.height * this.#shape.width * 3)
    all.set(loaded)
    return all
  }

  /**
   * All frames that can be drawn of a video, as {@link chosen} gives them, where it has room for them; else undefined.
   */
  #candidates(info: MediaInfo, video: VideoSpan): number[] | undefined {
    if (!this.#kept) return undefined
    const {
      store: { limit },
      videos,
      onNotice,
    } = this.#kept
    const { height, width } = sizeForRegions({ height: info.storedHeight, width: info.storedWidth }, this.#shape)
    const { frameCount } = part(info, video)
    if (frameCount * height * width * 3 <= Math.min(mostCandidates, limit / videos)) {
      return chosen(info, video, count => Array.from({ length: count }, (_, index) => index))
    }
    if (!this.#toldOfCandidates) onNotice(candidatesNotice)
    this.#toldOfCandidates = true
    return undefined
  }

  async #load(
    parts: readonly FramesPart[],
    {
      region,
      signal,
      keeps = true,
    }: {
      readonly region: ReturnType<typeof randomRegion> | null
      readonly signal: AbortSignal
      readonly keeps?: boolean
    },
  ): Promise<Uint8Array> {
    const { height, width } = this.#shape
    const { data, notices } = await this.#sampler.loadFrames(
      { parts, height, width, region, store: keeps ? (this.#kept?.store ?? null) : null },
      signal,
    )
    for (const notice of notices) this.#kept?.onNotice(notice)
    return data
  }
}

function isWhole({ start, end }: Pick<VideoSpan, 'start' | 'end'>): boolean {
  return start === null && end === null
}

/**
 * Chosen frames of a video: of a whole one by their position, as the published datasets choose them whatever the times
 * of the frames are; of a part, whose frames are not known, the times they have at the average rate.
 */
function chosen(info: MediaInfo, video: VideoSpan, choose: (frameCount: number) => number[]): number[] {
  return isWhole(video) ? choose(info.frameCount) : times(info, video, choose)
}

/** First time and number of frames of a part of a video; at least one frame. */
function part(info: MediaInfo, { start, end }: VideoSpan): { start: number; frameCount: number } {
  const from = Math.max(start ?? 0, info.firstFrameTime)
  const to = Math.min(end ?? Infinity, info.firstFrameTime + info.duration)
  if (isWhole({ start, end })) return { start: info.firstFrameTime, frameCount: info.frameCount }
  return { start: from, frameCount: Math.max(1, Math.round((to - from) * info.frameRate)) }
}

/**
 * Times of chosen frames of a part of a video, in seconds from its beginning. @param choose positions among so many
 * frames.
 */
function times(info: MediaInfo, video: VideoSpan, choose: (frameCount: number) => number[]): number[] {
  const { start, frameCount } = part(info, video)
  return choose(frameCount).map(index => start + index / info.frameRate)
}
