import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { EvaluationSampling } from '../../../api/evaluation/certificate.ts'
import { similarityMatrix } from '../../../inspect/alignment.ts'
import type { SampledFrames } from '../../../media/sampling/sample-target.ts'
import type { OpenModel } from '../../../models/encoders/encoder.ts'
import { computePass } from '../../../retrieval/embedding/embed-video.ts'
import type { SegmentSampler } from '../../../retrieval/embedding/segments.ts'
import { ExampleFrames } from '../../data/batches/example-frames.ts'
import type { FrameSampler } from '../../data/batches/example-frames.ts'
import type { Example, TimedSentence, VideoSpan } from '../../data/examples/example.ts'
import { alignVideo } from '../../metrics/alignment.ts'
import type { VideoAlignment } from '../../metrics/alignment.ts'
import { changedFrames } from '../../probing/changed-frames.ts'
import { changedText } from '../../probing/changed-text.ts'
import type { Embedded, Probed } from '../results/outputs.ts'
import type { Change, ExampleEvaluator } from './evaluator.ts'
import { frameChoice, isOfFrames, shuffleName } from './evaluator.ts'

/** Embeds videos and their paragraphs; where sentences have times, locates them among the clips of a dense pass. */
export class ExampleEmbedder implements ExampleEvaluator {
  readonly #model: OpenModel
  readonly #sampler: FrameSampler & SegmentSampler
  readonly #frames: ExampleFrames
  /** Frames per second of the dense pass; null when sentences are not located. */
  readonly #denseRate: number | null
  /** Embeddings by video and change. */
  readonly #videos = new Map<string, Float32Array>()
  /** Of the video that was read last: what is changed has mostly just been evaluated as it is. */
  #last: { readonly key: string; readonly frames: SampledFrames } | null = null
  #located = false

  constructor(model: OpenModel, sampler: FrameSampler & SegmentSampler, denseRate: number | null) {
    const { frames, height, width, framing } = model
    this.#model = model
    this.#sampler = sampler
    this.#denseRate = denseRate
    this.#frames = new ExampleFrames({ frames, height, width, mode: 'exact', framing }, sampler)
  }

  get warnings(): readonly string[] {
    return this.#located && this.#model.standIn !== undefined ? [this.#model.standIn] : []
  }

  get sampling(): EvaluationSampling {
    const { frames, height, width, framing } = this.#model
    const denseRate = this.#denseRate
    return { frames, height, width, mode: 'exact', choice: frameChoice, framing: framing ?? null, denseRate }
  }

  async of({ source, content }: Example, signal: AbortSignal): Promise<Embedded> {
    if (content.type !== 'paragraph') {
      throw new ExpectedError('example-unfit', `${source} has no paragraph that its video could be found by.`)
    }
    const { video, sentences } = content
    const embedded = await this.#embed(video, null, signal)
    const { embedding, reading } = await this.#model.encodeParagraph(
      sentences.map(({ text }) => text),
      signal,
    )
    const isTimed = sentences.some(({ start, end }) => start !== null && end !== null)
    return {
      video: embedded,
      text: embedding,
      reading,
      alignment:
        isTimed && this.#denseRate !== null
          ? await this.#align(video, { sentences, denseRate: this.#denseRate, signal })
          : null,
    }
  }

  prepare({ content }: Example, signal: AbortSignal): void {
    if (content.type === 'paragraph' && !this.#videos.has(JSON.stringify([content.video, null]))) {
      this.#frames.prepare(content.video, signal)
    }
  }

  embedVideo(video: VideoSpan, signal: AbortSignal): Promise<Float32Array> {
    return this.#embed(video, null, signal)
  }

  close(): Promise<void> {
    return this.#model.dispose()
  }

  async changed({ content }: Example, change: Change, signal: AbortSignal): Promise<Probed | null> {
    const { variant } = change
    if (content.type !== 'paragraph') return null
    if (isOfFrames(variant)) return { embedding: await this.#embed(content.video, change, signal) }
    const said = changedText(content, variant)
    if (said?.type !== 'paragraph') return null
    const { embedding } = await this.#model.encodeParagraph(
      said.sentences.map(({ text }) => text),
      signal,
    )
    return { embedding }
  }

  /** A video that several paragraphs tell of is embedded once. @param change of its frames, or none. */
  async #embed(video: VideoSpan, change: Change | null, signal: AbortSignal): Promise<Float32Array> {
    const key = JSON.stringify([video, change])
    const known = this.#videos.get(key)
    if (known) return known
    const frames = await this.#read(video, signal)
    const shown =
      change && isOfFrames(change.variant)
        ? changedFrames({ frames, count: this.#model.frames }, change.variant, {
            seed: change.seed,
            video: shuffleName(video),
          })
        : frames
    const { global } = await this.#model.encodeVideo(shown, signal)
    this.#videos.set(key, global)
    return global
  }

  async #read(video: VideoSpan, signal: AbortSignal): Promise<SampledFrames> {
    const key = JSON.stringify(video)
    if (this.#last?.key === key) return this.#last.frames
    const frames = await this.#frames.evaluated(video, signal)
    this.#last = { key, frames }
    return frames
  }

  async #align(
    { path, start, end }: VideoSpan,
    {
      sentences,
      denseRate,
      signal,
    }: { readonly sentences: readonly TimedSentence[]; readonly denseRate: number; readonly signal: AbortSignal },
  ): Promise<VideoAlignment> {
    this.#located = true
    const info = await this.#frames.info(path, signal)
    const embedding = {
      sampler: this.#sampler,
      encoder: this.#model,
      settings: { sampling: 'exact', denseRate },
    } as const
    const { rows } = await computePass(embedding, { path, info }, { pass: 'dense', signal })
    const clips = rows.filter(clip => clip.end > (start ?? 0) && clip.start < (end ?? Infinity))
    const { embeddings } = await this.#model.encodeSentences(
      sentences.map(({ text }) => text),
      signal,
    )
    return alignVideo(similarityMatrix(clips, embeddings), clips, sentences)
  }
}
