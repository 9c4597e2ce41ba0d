import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { EvaluationSampling } from '../../../api/evaluation/certificate.ts'
import { similarityMatrix } from '../../../inspect/alignment.ts'
import type { OpenModel } from '../../../models/encoders/encoder.ts'
import { computePass } from '../../../retrieval/embedding/embed-video.ts'
import type { SegmentSampler } from '../../../retrieval/embedding/segments.ts'
import { windowsOf } from '../../../retrieval/search/windows.ts'
import type { EmbeddingRow } from '../../../retrieval/vectors/vector-rows.ts'
import { ExampleFrames } from '../../data/batches/example-frames.ts'
import type { FrameSampler } from '../../data/batches/example-frames.ts'
import type { Example, VideoSpan } from '../../data/examples/example.ts'
import { videoKey } from '../../data/examples/example.ts'
import { ratedClip } from '../../moments/moment-query.ts'
import type { Located } from '../results/outputs.ts'
import type { ExampleEvaluator } from './evaluator.ts'
import { frameChoice } from './evaluator.ts'

interface LocatorParts {
  readonly sampler: FrameSampler & SegmentSampler
  /** Frames per second of the dense pass. */
  readonly denseRate: number
}

/**
 * Finds moments by the similarity of a query with the clips of a dense pass over its video or part. Of a video the
 * embeddings of its clips are kept while its queries are asked, which come together; its frames are never all there.
 */
export class MomentLocator implements ExampleEvaluator {
  readonly #model: OpenModel
  readonly #parts: LocatorParts
  readonly #frames: ExampleFrames
  #last: { readonly key: string; readonly clips: readonly EmbeddingRow[] } | null = null
  readonly #warnings = new Set<string>()

  constructor(model: OpenModel, parts: LocatorParts) {
    const { frames, height, width, framing } = model
    this.#model = model
    this.#parts = parts
    this.#frames = new ExampleFrames({ frames, height, width, mode: 'exact', framing }, parts.sampler)
    if (model.standIn !== undefined) this.#warnings.add(model.standIn)
  }

  get warnings(): readonly string[] {
    return [...this.#warnings]
  }

  get sampling(): EvaluationSampling {
    const { frames, height, width, framing } = this.#model
    const { denseRate } = this.#parts
    return { frames, height, width, mode: 'exact', choice: frameChoice, framing: framing ?? null, denseRate }
  }

  async of({ source, content }: Example, signal: AbortSignal): Promise<Located> {
    if (content.type !== 'moments') throw new ExpectedError('example-unfit', `${source} is no query for moments.`)
    const { video, query, duration } = content
    const clips = await this.#clips(video, signal)
    const { embeddings, warnings } = await this.#model.encodeSentences([query], signal)
    for (const warning of warnings) this.#warnings.add(warning)
    const similarity = similarityMatrix(clips, embeddings)
    const scored = clips.map(({ start, end }, place) => ({ start, end, score: similarity[place]?.[0] ?? 0 }))
    const begin = video.start ?? 0
    const length = duration ?? (scored.at(-1)?.end ?? begin) - begin
    const rated = Math.max(1, Math.trunc(length / ratedClip))
    return {
      windows: windowsOf(scored).map(([start, end, score]) => [
        rounded(start - begin),
        rounded(end - begin),
        rounded(score),
      ]),
      saliency: Array.from({ length: rated }, (_, clip) => {
        const middle = begin + (clip + 0.5) * ratedClip
        return rounded((scored.find(({ end }) => middle < end) ?? scored.at(-1))?.score ?? 0)
      }),
    }
  }

  changed(): Promise<null> {
    return Promise.resolve(null)
  }

  prepare(): void {
    // The dense pass decodes ahead by itself.
  }

  close(): Promise<void> {
    return this.#model.dispose()
  }

  async #clips(video: VideoSpan, signal: AbortSignal): Promise<readonly EmbeddingRow[]> {
    const key = JSON.stringify(video)
    if (this.#last?.key === key) return this.#last.clips
    const { path, start, end } = video
    const info = await this.#frames.info(path, signal)
    const { sampler, denseRate } = this.#parts
    const embedding = { sampler, encoder: this.#model, settings: { sampling: 'exact', denseRate } } as const
    const part = start === null && end === null ? {} : { part: { start: start ?? 0, end: end ?? Infinity } }
    const { rows } = await computePass(embedding, { path, info, ...part }, { pass: 'dense', signal })
    this.#last = { key, clips: rows }
    return rows
  }
}

/** As many digits as published predictions have of seconds and scores, and some more. */
function rounded(value: number): number {
  return Number(value.toFixed(4))
}

/** The places of the examples, those of one video together. */
export function byVideo(examples: readonly Example[]): number[] {
  const places = new Map<string, number[]>()
  for (const [place, { content }] of examples.entries()) {
    const key = videoKey(content)
    places.set(key, [...(places.get(key) ?? []), place])
  }
  return [...places.values()].flat()
}
