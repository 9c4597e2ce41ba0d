import { ExpectedError } from '../../../native-models/expected-error.ts'
import { similarityMatrix } from '../../inspect/alignment.ts'
import type { OpenModel } from '../../models/encoders/encoder.ts'
import { computePass } from '../../retrieval/embedding/embed-video.ts'
import type { SegmentSampler } from '../../retrieval/embedding/segments.ts'
import { ExampleFrames } from '../data/batches/example-frames.ts'
import type { FrameSampler } from '../data/batches/example-frames.ts'
import type { Example, TimedSentence, VideoSpan } from '../data/examples/example.ts'
import { alignVideo } from '../metrics/alignment.ts'
import type { VideoAlignment } from '../metrics/alignment.ts'
import type { ExampleEvaluator } from './evaluator.ts'
import type { Embedded } from './outputs.ts'

/** Embeds videos and their paragraphs; where sentences have times, locates them among the clips of a dense pass. */
export class ExampleEmbedder implements ExampleEvaluator {
  readonly #model: OpenModel
  readonly #sampler: FrameSampler & SegmentSampler
  readonly #frames: ExampleFrames
  /** Frames per second of the dense pass; null when sentences are not located. */
  readonly #denseRate: number | null
  readonly #videos = new Map<string, Float32Array>()
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

  async of({ source, content }: Example, signal: AbortSignal): Promise<Embedded> {
    if (content.type !== 'paragraph') {
      throw new ExpectedError('example-unfit', `${source} has no paragraph that its video could be found by.`)
    }
    const { video, sentences } = content
    const embedded = await this.#embed(video, signal)
    const { embedding } = await this.#model.encodeParagraph(
      sentences.map(({ text }) => text),
      signal,
    )
    const isTimed = sentences.some(({ start, end }) => start !== null && end !== null)
    return {
      video: embedded,
      text: embedding,
      alignment:
        isTimed && this.#denseRate !== null
          ? await this.#align(video, { sentences, denseRate: this.#denseRate, signal })
          : null,
    }
  }

  prepare({ content }: Example, signal: AbortSignal): void {
    if (content.type === 'paragraph' && !this.#videos.has(JSON.stringify(content.video))) {
      this.#frames.prepare(content.video, signal)
    }
  }

  close(): Promise<void> {
    return this.#model.dispose()
  }

  /** A video that several paragraphs tell of is embedded once. */
  async #embed(video: VideoSpan, signal: AbortSignal): Promise<Float32Array> {
    const key = JSON.stringify(video)
    const embedding =
      this.#videos.get(key) ??
      (await this.#model.encodeVideo(await this.#frames.evaluated(video, signal), signal)).global
    this.#videos.set(key, embedding)
    return embedding
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
