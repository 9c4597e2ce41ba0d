import type { SampledFrames } from '../media/sampling/sample-target.ts'
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { pickSegment } from './pick-segment.ts'
import type { PickedSegment } from './pick-segment.ts'
import { RecentlyUsed } from './recently-used.ts'
import { SharedWork } from './shared-work.ts'

/**
 * Sampled frames of this many videos stay in memory (6 MB each, 24 MB in exact mode), for look after look at one video.
 */
const samplesKept = 2

/** `at`, seconds: the segment of the dense pass that has this moment; none for the overview of the whole video. */
export type LookedAt = IndexableVideo & { readonly at?: number | null }

/** What a model takes of a segment. */
interface FrameSize {
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** The frames that are looked at: those of an overview, or of one segment of the dense pass. */
export class InspectedFrames {
  readonly #parts: Pick<IndexingParts, 'settings' | 'sampler'>
  readonly #samples = new RecentlyUsed<SampledFrames>(samplesKept)
  readonly #sampling = new SharedWork<SampledFrames>()

  constructor(parts: Pick<IndexingParts, 'settings' | 'sampler'>) {
    this.#parts = parts
  }

  /** Which segment has the moment, among all of the video. */
  picked({ frames }: Pick<FrameSize, 'frames'>, { info, at }: LookedAt): PickedSegment {
    const { denseRate } = this.#parts.settings()
    return pickSegment(this.#parts.sampler.denseSegments(info, { framesPerSecond: denseRate, frames }), at ?? null)
  }

  /** Decoded once for several callers, and kept for a while. */
  async sample(size: FrameSize, video: LookedAt, signal?: AbortSignal): Promise<SampledFrames> {
    const { sampling: mode, denseRate } = this.#parts.settings()
    const { frames, height, width } = size
    const { segments, number } = this.picked(size, video)
    const part = number === null ? [] : [denseRate, number]
    const key = [video.contentId, mode, frames, height, width, ...part].join(' ')
    const kept = this.#samples.get(key)
    if (kept) return kept
    const segment = number === null ? undefined : segments[number]
    const sampled = await this.#sampling.run(key, signal, async shared => {
      const wanted = { mode, height, width, signal: shared }
      if (!segment) return this.#parts.sampler.sampleOverview(video.path, video.info, { ...wanted, frames })
      const asked = { passes: { overview: 0, segments: [segment] }, ...wanted }
      for await (const { segment: _, ...found } of this.#parts.sampler.samplePasses(video.path, video.info, asked)) {
        return found
      }
      throw new Error(`No frame of ${video.path} came from ${segment.start} s on.`)
    })
    this.#samples.set(key, sampled)
    return sampled
  }
}
