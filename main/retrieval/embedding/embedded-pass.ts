import type { VideoEmbedding, VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embeddingHash, embeddingKeys } from '../vectors/embedding-key.ts'
import type { KeyedSettings, Pass } from '../vectors/embedding-key.ts'
import type { EmbeddingRow } from '../vectors/vector-rows.ts'
import type { IndexingParts } from './embedding-parts.ts'
import { PassWarnings } from './pass-warnings.ts'
import { embeddingRows, segmentsOf } from './segments.ts'
import type { Segment, SegmentedVideo, SegmentSampler } from './segments.ts'

/** With what videos are embedded; the embeddings are keyed by the last two. */
export interface Embedding {
  readonly sampler: SegmentSampler
  readonly encoder: VideoTextEncoder
  readonly settings: KeyedSettings
}

/** The rows of one pass over one video, segment by segment, and what was wrong with its frames. */
export class EmbeddedPass {
  readonly rows: EmbeddingRow[] = []
  readonly #warnings = new PassWarnings()

  /** Segments come in the order of the video. */
  add(segment: Segment, embedding: VideoEmbedding): void {
    this.rows.push(...embeddingRows(segment, embedding, this.rows.at(-1)?.end ?? 0))
    this.#warnings.add(segment)
  }

  get warnings(): string[] {
    return this.#warnings.sentences()
  }
}

interface PassesToSample {
  readonly passes: readonly Pass[]
  readonly signal: AbortSignal
  readonly threads?: number | undefined
}

/** The sampled segments of some passes over a video, from one decode, as the encoder takes them. */
export function segmentsFor(
  { sampler, encoder, settings }: Embedding,
  video: SegmentedVideo,
  { passes, ...decoding }: PassesToSample,
): AsyncGenerator<Segment> {
  const { height, width, framing, frames } = encoder
  return segmentsOf(sampler, video, {
    recipe: { passes, frames, denseRate: settings.denseRate },
    sampling: { mode: settings.sampling, height, width, framing, ...decoding },
  })
}

/** Stores a whole pass under its key: the rows first, so that what the ledger knows is there. */
export async function keepPass(
  { store, ledger }: Pick<IndexingParts, 'store' | 'ledger'>,
  { encoder, settings }: Pick<Embedding, 'encoder' | 'settings'>,
  {
    contentId,
    pass,
    embedded,
  }: { readonly contentId: string; readonly pass: Pass; readonly embedded: Pick<EmbeddedPass, 'rows' | 'warnings'> },
): Promise<void> {
  const { rows, warnings } = embedded
  const key = embeddingKeys(encoder, settings)[pass]
  await store.replace({ pass, key, contentId }, rows)
  const entry = { contentId, key, pass, modelHash: embeddingHash(encoder), rows: rows.length, warnings }
  await store.shared?.record([entry])
  ledger.record(entry)
}
