import { statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { MediaInfo } from '../../../main/media/media-info.ts'
import type { SegmentFrames, VideoEmbedding, VideoTextEncoder } from '../../../main/models/encoders/encoder.ts'
import type { IndexableVideo } from '../../../main/retrieval/embedding/embedding-parts.ts'
import type { SegmentSampler } from '../../../main/retrieval/embedding/segments.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** Sizes of the stand-in model: 8 frames a segment, 4 clips, 8 numbers. */
export const frameCount = 8
export const clips = 4
export const dimension = 8

export function mediaInfo(duration: number): MediaInfo {
  return {
    duration,
    width: 64,
    height: 48,
    storedWidth: 64,
    storedHeight: 48,
    rotation: 0,
    frameRate: 25,
    frameCount: duration * 25,
    frameCountExact: true,
    codec: 'h264',
    pixelFormat: 'yuv420p',
    container: 'mp4',
    hasAudio: false,
    audioCodec: null,
    startTime: 0,
    firstFrameTime: 0,
  }
}

/** A video that exists: the test file itself stands for its file. */
export function videoOf(id: number, options: Partial<IndexableVideo> & { duration?: number } = {}): IndexableVideo {
  const { duration = 8, ...rest } = options
  const { size, mtimeMs: modifiedAt } = statSync(import.meta.filename)
  return {
    id,
    path: import.meta.filename,
    size,
    modifiedAt,
    contentId: `content-${id}`,
    info: mediaInfo(duration),
    ...rest,
  }
}

/** The axis a content is embedded along, so that tests know what a search must find. */
export function axisOf(duration: number): number {
  return Math.floor(duration) % dimension
}

/** A unit vector along the axis that the first pixel names. */
function embed(frames: SegmentFrames): VideoEmbedding {
  const along = () => Float32Array.from({ length: dimension }, (_, index) => (index === (frames.data[0] ?? 0) ? 1 : 0))
  return { global: along(), clips: Array.from({ length: clips }, along) }
}

export interface StandInEncoder extends VideoTextEncoder {
  calls: number
}

/** A model that embeds by the first pixel. `work` runs inside each call, before the answer. */
export function encoderOf(
  hash: string,
  work: (frames: SegmentFrames, signal?: AbortSignal) => Promise<void> = async () => {},
): StandInEncoder {
  const text = (sentences: string[]) =>
    sentences.map(sentence =>
      Float32Array.from({ length: dimension }, (_, index) => (index === Number(/\d/.exec(sentence)?.[0] ?? 0) ? 1 : 0)),
    )
  return {
    id: `model-${hash}`,
    hash,
    trained: true,
    dimension: dimension,
    frames: frameCount,
    clips: clips,
    sentences: 4,
    height: 1,
    width: 1,
    warnings: [],
    stages: null,
    calls: 0,
    async encodeVideo(frames, signal) {
      this.calls += 1
      await work(frames, signal)
      return embed(frames)
    },
    encodeParagraph: async sentences => ({
      embedding: text(sentences)[0] ?? new Float32Array(dimension),
      warnings: [],
      reading: { sentences: sentences.length, tokens: [], limit: 1 },
    }),
    encodeSentences: async sentences => ({ embeddings: text(sentences), warnings: [] }),
    attention: async () => [],
    attentionRow: async () => ({ firstFrame: 0, weights: new Float32Array(0) }),
  }
}

/** Frames whose first pixel names the axis of the video's duration. `work` runs before each segment is given. */
export function samplerOf(
  work: (path: string, segment: number, signal?: AbortSignal) => Promise<void> = async () => {},
): SegmentSampler {
  const sampled = (info: MediaInfo, times: readonly number[]) => ({
    dtype: 'uint8' as const,
    data: Uint8Array.from({ length: frameCount * 3 }, () => axisOf(info.duration)),
    times: [...times],
    warnings: [],
    replaced: 0,
  })
  return {
    async sampleOverview(path, info, { frames, signal }) {
      await work(path, 0, signal)
      return sampled(
        info,
        Array.from({ length: frames }, (_, index) => (index * info.duration) / frames),
      )
    },
    async *samplePasses(path, info, { passes: { overview, segments }, signal }) {
      if (overview > 0) {
        await work(path, 0, signal)
        yield {
          ...sampled(
            info,
            Array.from({ length: overview }, (_, index) => (index * info.duration) / overview),
          ),
          segment: 'overview',
        }
      }
      for (const [number, segment] of segments.entries()) {
        await work(path, number, signal)
        yield { ...sampled(info, segment.times), segment: number }
      }
    },
    denseSegments(info, { framesPerSecond, frames }) {
      const length = frames / framesPerSecond
      return Array.from({ length: Math.ceil(info.duration / length) }, (_, index) => ({
        start: index * length,
        end: (index + 1) * length,
        times: Array.from({ length: frames }, (_, frame) => index * length + frame / framesPerSecond),
      }))
    },
  }
}

/** Waits like a decoder or a model would, and ends at once when told to. */
export async function takeTime(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal })
}

export const broken = (path: string) =>
  new ExpectedError('video-undecodable', `No frame of ${path} can be decoded; copy it again.`)
