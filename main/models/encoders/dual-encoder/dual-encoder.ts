import { join } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { Engine } from '../../../engine/engine.ts'
import type { Framing } from '../../../media/sampling/framing.ts'
import { cutWarnings } from '../../../model-folder/paragraph.ts'
import type {
  BlockAttention,
  OpenModel,
  ParagraphEmbedding,
  QueryAttention,
  SegmentFrames,
  VideoEmbedding,
} from '../encoder.ts'
import type { DualEncoderContract } from './contract.ts'
import type { RegisteredDualEncoder } from './registered.ts'
import { TextTower } from './text-tower.ts'
import { mean, unit } from './vectors.ts'
import { VideoTower } from './video-tower.ts'

/** Any two towers into one space, given as ONNX files. Loaded when first needed; `dispose` frees them in the engine. */
export class DualEncoder implements OpenModel {
  readonly id: string
  readonly hash: string
  readonly trained = true
  readonly dimension: number
  readonly frames: number
  readonly clips: number
  readonly sentences = 1
  readonly height: number
  readonly width: number
  readonly framing: Framing
  readonly warnings: string[] = []
  readonly stages = null
  readonly #contract: DualEncoderContract
  readonly #video: VideoTower
  readonly #text: TextTower

  constructor({ id, folder, record }: RegisteredDualEncoder, engine: Engine) {
    const { contract } = record
    this.id = id
    this.hash = record.hash
    this.dimension = record.dimension
    this.clips = contract.segment.clips
    this.frames = contract.segment.clips * contract.segment.framesPerClip
    ;({ height: this.height, width: this.width } = contract.video.size)
    this.framing = framingOf(contract.video)
    this.#contract = contract
    ;({ video: this.#video, text: this.#text } = openTowers(folder, contract, engine))
  }

  encodeVideo(frames: SegmentFrames, signal?: AbortSignal): Promise<VideoEmbedding> {
    return this.#video.embed(frames, signal)
  }

  async encodeParagraph(sentences: string[], signal?: AbortSignal): Promise<ParagraphEmbedding> {
    if (sentences.length === 0) {
      throw new ExpectedError('empty-text', 'There is no text to search with; write at least one word.')
    }
    const limit = this.#contract.text.length
    if (this.#contract.text.paragraph === 'mean') {
      const { vectors, cut, tokens } = await this.#text.embed(sentences, signal)
      return {
        embedding: unit(mean(vectors)),
        warnings: this.#cutWarnings(cut),
        reading: { sentences: sentences.length, tokens, limit },
      }
    }
    const {
      vectors: [embedding = new Float32Array()],
      cut,
      tokens,
    } = await this.#text.embed([sentences.join(' ')], signal)
    return {
      embedding,
      reading: { sentences: sentences.length, tokens, limit },
      warnings:
        cut.length === 0
          ? []
          : [english`The paragraph is longer than the ${limit} tokens that the model reads; the rest was left out.`],
    }
  }

  async encodeSentences(
    sentences: string[],
    signal?: AbortSignal,
  ): Promise<{ embeddings: Float32Array[]; warnings: string[] }> {
    const { vectors, cut } = await this.#text.embed(sentences, signal)
    return { embeddings: vectors, warnings: this.#cutWarnings(cut) }
  }

  attention(): Promise<BlockAttention[]> {
    return Promise.reject(this.#noAttention())
  }

  attentionRow(): Promise<QueryAttention> {
    return Promise.reject(this.#noAttention())
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#video.dispose(), this.#text.dispose()])
  }

  #cutWarnings(cut: readonly number[]): string[] {
    return cutWarnings(
      cut.map(index => `${index + 1}`),
      this.#contract.text.length,
    )
  }

  #noAttention(): ExpectedError {
    return new ExpectedError(
      'no-attention',
      `The model ‘${this.id}’ has no temporal windows to show; choose an LF-VILA model.`,
    )
  }
}

/** The towers whose files lie in a model's folder. */
export function openTowers(
  folder: string,
  contract: DualEncoderContract,
  engine: Engine,
): { video: VideoTower; text: TextTower } {
  const { video, text } = contract
  return {
    video: new VideoTower(engine, join(folder, video.file), contract),
    // A text is waited for: it does not queue behind the segments of an index job.
    text: new TextTower(engine.forAnswers, {
      path: join(folder, text.file),
      tokenizerPath: join(folder, text.tokenizer),
      contract: text,
    }),
  }
}

function framingOf({ size, framing: { fit, shorterSide, interpolation } }: DualEncoderContract['video']): Framing {
  return fit === 'stretch'
    ? { fit, interpolation }
    : { fit, interpolation, shorterSide: shorterSide ?? Math.max(size.height, size.width) }
}
