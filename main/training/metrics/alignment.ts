import type { TimedSentence } from '../data/examples/example.ts'

/** A clip of a video in seconds. */
export interface ClipSpan {
  readonly start: number
  readonly end: number
}

/** What alignment says of one video; see {@link alignmentMetrics}. */
export interface VideoAlignment {
  /** Clips that some sentence tells of, and of these the ones whose best sentence does. */
  readonly clips: number
  readonly rightClips: number
  /** Temporal overlap of each sentence's best run of clips with its span. */
  readonly overlaps: readonly number[]
}

/** Intersection over union of two spans, 0–1. */
export function temporalIoU(a: ClipSpan, b: ClipSpan): number {
  const both = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  const either = Math.max(a.end, b.end) - Math.min(a.start, b.start)
  return both <= 0 || either <= 0 ? 0 : both / either
}

/**
 * Compares a clip × sentence matrix with the times that captions have.
 * A clip is right when the sentence most similar to it is one whose span holds the clip's middle. A sentence is located
 * by the run of consecutive clips whose similarities, less the sentence's mean, sum highest: as long as its evidence
 * goes, no longer.
 * @param similarity [clips][sentences]. @param sentences those without times are left out.
 */
export function alignVideo(
  similarity: readonly (readonly number[])[],
  clips: readonly ClipSpan[],
  sentences: readonly TimedSentence[],
): VideoAlignment {
  const timed = sentences.flatMap(({ start, end }, sentence) =>
    start === null || end === null || end <= start ? [] : [{ sentence, start, end }],
  )
  let [told, right] = [0, 0]
  for (const [clip, span] of clips.entries()) {
    const middle = (span.start + span.end) / 2
    const tells = timed.filter(({ start, end }) => start <= middle && middle < end)
    if (tells.length === 0) continue
    told += 1
    const row = similarity[clip] ?? []
    const best = timed.reduce<(typeof timed)[number] | null>(
      (most, candidate) =>
        most === null || (row[candidate.sentence] ?? -Infinity) > (row[most.sentence] ?? -Infinity) ? candidate : most,
      null,
    )
    if (best && tells.includes(best)) right += 1
  }
  const overlaps = timed.map(({ sentence, start, end }) => {
    const run = bestRun(similarity.map(row => row[sentence] ?? 0))
    const [first, last] = [clips[run.first], clips[run.last]]
    return first && last ? temporalIoU({ start: first.start, end: last.end }, { start, end }) : 0
  })
  return { clips: told, rightClips: right, overlaps }
}

/** The run of highest sum of what exceeds the mean (Kadane's algorithm). */
function bestRun(scores: readonly number[]): { first: number; last: number } {
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length)
  let best = { first: 0, last: 0, sum: -Infinity }
  let [first, sum] = [0, 0]
  for (const [clip, score] of scores.entries()) {
    if (sum <= 0) [first, sum] = [clip, 0]
    sum += score - mean
    if (sum > best.sum) best = { first, last: clip, sum }
  }
  return best
}

export interface AlignmentMetrics {
  readonly clipAccuracy: number
  readonly temporalIoU: number
  readonly clips: number
  readonly sentences: number
}

/** Over all videos; null when no caption has times. */
export function alignmentMetrics(videos: readonly VideoAlignment[]): AlignmentMetrics | null {
  const overlaps = videos.flatMap(video => video.overlaps)
  const clips = videos.reduce((sum, video) => sum + video.clips, 0)
  if (overlaps.length === 0 || clips === 0) return null
  return {
    clipAccuracy: videos.reduce((sum, video) => sum + video.rightClips, 0) / clips,
    temporalIoU: overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length,
    clips,
    sentences: overlaps.length,
  }
}
