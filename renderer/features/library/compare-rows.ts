import type { Alignment } from '../../../main/api/index.ts'

/** One sentence against each of several videos. */
export interface ComparedSentence {
  readonly sentence: string
  readonly videos: readonly ComparedVideo[]
}

export interface ComparedVideo {
  readonly videoId: number
  /** Cosine similarity of the clip that answers best, and where it begins, in seconds. */
  readonly score: number
  readonly at: number
  readonly isBest: boolean
  /** Clips as parts of the length; `share` of the scale that all videos and sentences have in common. */
  readonly cells: readonly { readonly from: number; readonly to: number; readonly share: number }[]
}

/** Alignments of the same sentences with several videos, sentence by sentence. */
export function compareRows(alignments: readonly Alignment[]): ComparedSentence[] {
  const all = alignments.flatMap(({ similarity }) => similarity.flat())
  const [lowest, highest] = [Math.min(...all), Math.max(...all)]
  const share = (value: number) => (highest > lowest ? (value - lowest) / (highest - lowest) : 0.5)
  return (alignments[0]?.sentences ?? []).map(({ text }, column) => {
    const videos = alignments.map(({ videoId, duration, clips, similarity }) => {
      const values = clips.map((_, row) => similarity[row]?.[column] ?? 0)
      const score = Math.max(...values)
      const length = duration || 1
      return {
        videoId,
        score,
        at: clips[values.indexOf(score)]?.start ?? 0,
        cells: clips.map(({ start, end }, row) => ({
          from: start / length,
          to: Math.min(1, end / length),
          share: share(values[row] ?? 0),
        })),
      }
    })
    const best = Math.max(...videos.map(({ score }) => score))
    return { sentence: text, videos: videos.map(video => ({ ...video, isBest: video.score === best })) }
  })
}
