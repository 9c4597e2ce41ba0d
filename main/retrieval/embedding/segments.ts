import type { MediaInfo } from '../../media/media-info.ts'
import type { PassSample } from '../../media/sampling/frames.ts'
import type { Framing } from '../../media/sampling/framing.ts'
import type { SampledFrames } from '../../media/sampling/sample-target.ts'
import type { DenseSegment } from '../../media/sampling/sampling.ts'
import type { SegmentFrames, VideoEmbedding } from '../../models/encoders/encoder.ts'
import type { Pass } from '../vectors/embedding-key.ts'
import { wholeSegment } from '../vectors/vector-rows.ts'
import type { EmbeddingRow } from '../vectors/vector-rows.ts'
import { clipSpans, newSpans } from './clips.ts'

export interface SegmentSampling {
  mode: 'fast' | 'exact'
  height: number
  width: number
  framing?: Framing | undefined
  /** Threads of the decoder, where not as many as help are wanted. */
  threads?: number | undefined
  signal?: AbortSignal | undefined
}

/** Where frames come from: main/media, or a stand-in. */
export interface SegmentSampler {
  sampleOverview(path: string, info: MediaInfo, options: SegmentSampling & { frames: number }): Promise<SampledFrames>
  samplePasses(
    path: string,
    info: MediaInfo,
    asked: { readonly passes: { overview: number; segments: readonly DenseSegment[] } } & SegmentSampling,
  ): AsyncIterable<PassSample>
  denseSegments(info: MediaInfo, options: { framesPerSecond: number; frames: number }): DenseSegment[]
}

/**
 * A sampled segment, ready for the model. `number` counts from 0 to `count` − 1 within its pass; `times` and `end` in
 * seconds.
 */
export interface Segment {
  pass: Pass
  number: number
  count: number
  times: readonly number[]
  end: number
  frames: SegmentFrames
  warnings: readonly string[]
}

export interface SegmentRecipe {
  passes: readonly Pass[]
  /** Frames of one segment. */
  frames: number
  /** Frames per second of the dense pass. */
  denseRate: number
}

/** A video, or the part of it, seconds, that its dense pass is of. */
export interface SegmentedVideo {
  readonly path: string
  readonly info: MediaInfo
  readonly part?: { readonly start: number; readonly end: number } | undefined
}

function partOf(info: MediaInfo, part: SegmentedVideo['part']): MediaInfo {
  if (!part) return info
  const ends = info.firstFrameTime + info.duration
  const start = Math.min(Math.max(info.firstFrameTime, part.start), ends)
  return { ...info, firstFrameTime: start, duration: Math.min(ends, part.end) - start }
}

/**
 * The segments of the passes over a video, from one decode: one for the overview, as many as its length needs for the
 * dense pass. Those of a pass come in order; the passes come as their frames do.
 */
export async function* segmentsOf(
  sampler: SegmentSampler,
  { path, info, part }: SegmentedVideo,
  { recipe, sampling }: { readonly recipe: SegmentRecipe; readonly sampling: SegmentSampling },
): AsyncGenerator<Segment> {
  const { passes, frames, denseRate } = recipe
  const overview = passes.includes('overview') ? frames : 0
  const segments = passes.includes('dense')
    ? sampler.denseSegments(partOf(info, part), { framesPerSecond: denseRate, frames })
    : []
  for await (const sampled of sampler.samplePasses(path, info, { passes: { overview, segments }, ...sampling })) {
    const segment = { frames: sampled, warnings: sampled.warnings }
    const number = sampled.segment
    if (number === 'overview') {
      yield {
        ...segment,
        pass: 'overview',
        number: 0,
        count: 1,
        times: sampled.times,
        end: info.firstFrameTime + info.duration,
      }
    } else {
      // The asked times, not the delivered ones: clips then follow a regular grid, whatever the frame rate.
      const { times, end } = segments[number] ?? { times: sampled.times, end: info.firstFrameTime + info.duration }
      yield { ...segment, pass: 'dense', number, count: segments.length, times, end }
    }
  }
}

/**
 * The rows to store of an encoded segment: its clips and, for the overview, the whole.
 * @param covered seconds of the video that earlier segments of the pass have covered
 */
export function embeddingRows(segment: Segment, embedding: VideoEmbedding, covered: number): EmbeddingRow[] {
  const spans = newSpans(clipSpans(segment.times, embedding.clips.length, segment.end), covered)
  const clips = spans.map(({ index, start, end }) => {
    const vector = embedding.clips[index]
    if (!vector) throw new Error(`the model gave no embedding for clip ${index}`)
    return { segment: segment.number, clip: index, start, end, vector }
  })
  if (segment.pass === 'dense') return clips
  return [
    {
      segment: segment.number,
      clip: wholeSegment,
      start: segment.times[0] ?? 0,
      end: segment.end,
      vector: embedding.global,
    },
    ...clips,
  ]
}
