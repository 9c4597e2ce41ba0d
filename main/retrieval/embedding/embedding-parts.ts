import type { MediaInfo } from '../../media/media-info.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import type { KeyedSettings } from '../vectors/embedding-key.ts'
import type { EmbeddingLedger } from '../vectors/embedding-ledger.ts'
import type { VectorStore } from '../vectors/vectors.ts'
import type { SegmentSampler } from './segments.ts'
import type { IdentifiedFile } from './unchanged.ts'

/** What indexing needs to know of a video. */
export interface IndexableVideo extends IdentifiedFile {
  readonly id: number
  /** Identity of the file's content: the same in every path that holds it. */
  readonly contentId: string
  readonly info: MediaInfo
}

export interface IndexingParts {
  store: VectorStore
  ledger: EmbeddingLedger
  sampler: SegmentSampler
  /** The model in use just now. */
  encoder(): Promise<VideoTextEncoder>
  settings(): KeyedSettings
}
