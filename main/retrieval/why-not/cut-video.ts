import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { overviewTimes } from '../../media/sampling/sampling.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import type { IndexableVideo, IndexingParts } from '../embedding/embedding-parts.ts'

/** Seconds of a video. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The times of the overview of a video from which some spans are cut out, in the time of the whole one. */
export function cutTimes(info: MediaInfo, removed: readonly Span[], frames: number): number[] {
  const kept = keptSpans(info, removed)
  const duration = kept.reduce((sum, { start, end }) => sum + end - start, 0)
  const frameCount = Math.max(1, Math.round(duration * info.frameRate))
  return overviewTimes({ ...info, firstFrameTime: 0, duration, frameCount }, frames).map(time => {
    let before = 0
    for (const { start, end } of kept) {
      if (time < before + end - start) return start + time - before
      before += end - start
    }
    return kept.at(-1)?.end ?? info.firstFrameTime
  })
}

function keptSpans({ firstFrameTime, duration }: MediaInfo, removed: readonly Span[]): Span[] {
  const kept: Span[] = []
  let from = firstFrameTime
  for (const { start, end } of removed.toSorted((a, b) => a.start - b.start)) {
    if (start > from) kept.push({ start: from, end: start })
    from = Math.max(from, end)
  }
  const last = firstFrameTime + duration
  if (last > from) kept.push({ start: from, end: last })
  return kept
}

/** The embedding of a video without some spans. @throws ExpectedError when no frame of the rest can be decoded. */
export async function embedCut(
  { sampler, settings }: Pick<IndexingParts, 'sampler' | 'settings'>,
  { video, removed, encoder }: { video: IndexableVideo; removed: readonly Span[]; encoder: VideoTextEncoder },
  signal: AbortSignal,
): Promise<Float32Array> {
  const { height, width, framing, frames } = encoder
  const times = cutTimes(video.info, removed, frames)
  const passes = { overview: 0, segments: [{ start: times[0] ?? 0, end: times.at(-1) ?? 0, times }] }
  const sampling = { mode: settings().sampling, height, width, framing, signal }
  for await (const sampled of sampler.samplePasses(video.path, video.info, { passes, ...sampling })) {
    return (await encoder.encodeVideo(sampled, signal)).global
  }
  throw new ExpectedError('video-undecodable', `No frame of ${video.path} is left without what was cut out of it.`)
}
