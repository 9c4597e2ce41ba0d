import { probe, sampleFrames, sampleOverview } from '../../media/index.ts'
import type { MediaInfo, SampledFrames, SampleOptions } from '../../media/index.ts'
import type { VideoSpan } from '../datasets/index.ts'
import type { Chance } from './chance.ts'
import { clipIndices, evaluationIndices, randomRegion, trainingIndices } from './frame-choice.ts'

export interface FrameShape extends Pick<SampleOptions, 'mode' | 'framing'> {
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** Reads frames of labelled videos, [frames, height, width, 3], RGB: bytes, but for evaluation in the exact mode. Each file is probed once. */
export class ExampleFrames {
  readonly #shape: FrameShape
  readonly #infos = new Map<string, Promise<MediaInfo>>()

  constructor(shape: FrameShape) {
    this.#shape = shape
  }

  async info(path: string, signal: AbortSignal): Promise<MediaInfo> {
    const info = this.#infos.get(path) ?? probe(path, { signal })
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
   * @param draw for training: the frames and the part of the picture are drawn; null for evaluation, where nothing is left to chance.
   * @throws ExpectedError when the video cannot be read.
   */
  async over(video: VideoSpan, draw: Chance | null, signal: AbortSignal): Promise<Uint8Array> {
    if (draw === null) return bytesOf(await this.evaluated(video, signal))
    const info = await this.info(video.path, signal)
    const { start, frameCount } = part(info, video)
    const indices = trainingIndices(frameCount, this.#shape.frames, draw)
    return bytesOf(await this.#pictures(video.path, info, indices.map(index => start + index / info.frameRate), randomRegion(info, draw), signal))
  }

  /** Frames over a video or a part of it as for evaluation, where nothing is left to chance. @throws as {@link over}. */
  async evaluated(video: VideoSpan, signal: AbortSignal): Promise<SampledFrames> {
    const info = await this.info(video.path, signal)
    if (video.start === null && video.end === null) return sampleOverview(video.path, info, { ...this.#shape, signal })
    const { start, frameCount } = part(info, video)
    return this.#pictures(video.path, info, evaluationIndices(frameCount, this.#shape.frames).map(index => start + index / info.frameRate), null, signal)
  }

  /**
   * Frames of consecutive clips, equally many of each.
   * @param draw decides the part of the picture, the same for all clips; null for evaluation.
   */
  async ofClips(clips: readonly VideoSpan[], draw: Chance | null, signal: AbortSignal): Promise<Uint8Array> {
    const each = Math.floor(this.#shape.frames / clips.length)
    const size = this.#shape.height * this.#shape.width * 3
    const all = new Uint8Array(this.#shape.frames * size)
    let region: Region | null = null
    for (const [place, clip] of clips.entries()) {
      const info = await this.info(clip.path, signal)
      region ??= draw && randomRegion(info, draw)
      const { start, frameCount } = part(info, clip)
      all.set(bytesOf(await this.#pictures(clip.path, info, clipIndices(frameCount, each).map(index => start + index / info.frameRate), region, signal)), place * each * size)
    }
    return all
  }

  #pictures(path: string, info: MediaInfo, times: readonly number[], region: Region | null, signal: AbortSignal): Promise<SampledFrames> {
    const { height, width, mode, framing } = this.#shape
    return sampleFrames(path, info, times, { height, width, mode, framing: region ? { fit: 'region', interpolation: 'bilinear', ...region } : framing, signal })
  }
}

type Region = ReturnType<typeof randomRegion>

/** First time and number of frames of a part of a video; at least one frame. */
function part(info: MediaInfo, { start, end }: VideoSpan): { start: number, frameCount: number } {
  const from = Math.max(start ?? 0, info.firstFrameTime)
  const to = Math.min(end ?? Infinity, info.firstFrameTime + info.duration)
  if (start === null && end === null) return { start: info.firstFrameTime, frameCount: info.frameCount }
  return { start: from, frameCount: Math.max(1, Math.round((to - from) * info.frameRate)) }
}

function bytesOf(sampled: SampledFrames): Uint8Array {
  if (sampled.dtype !== 'uint8') throw new Error('training frames are bytes')
  return sampled.data
}
