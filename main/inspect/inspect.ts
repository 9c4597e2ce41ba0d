import type {
  AlignedEmbeddings,
  Alignment,
  AttentionBlock,
  AttentionOverview,
  AttentionRollout,
  AttentionRow,
  VideoDetail,
  Work,
} from '../api/index.ts'
import type { FrameCache } from '../media/playback/frame-cache.ts'
import type { VideoTextEncoder } from '../models/encoders/encoder.ts'
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { CachedFiles } from '../storage/files/cached-files.ts'
import { align, alignedEmbeddings } from './alignment.ts'
import { AttentionStore } from './attention-store.ts'
import { AttentionInspector } from './attention.ts'

export interface InspectParts extends Omit<IndexingParts, 'encoder'> {
  /** The model of a name, or the one in use for null. */
  encoder(id: string | null): Promise<VideoTextEncoder>
  library: {
    /** @throws ExpectedError when the video cannot be decoded now. */
    ready(id: number): IndexableVideo
    video(id: number, keys: Record<Pass, string>): VideoDetail
  }
  /** Where attention maps are kept; everything there can be computed again. */
  cacheFolder: string
  files: CachedFiles
  /** Where the pictures are made that a window shows of a result. */
  frames: Pick<FrameCache, 'prepare'>
  /** Told of each stage of what takes long. */
  tell?: ((work: Work) => void) | undefined
}

/** `model` null: the one in use. */
interface Watched {
  videoId: number
  model: string | null
}

/** `at`, seconds: a segment of the dense pass; null for the overview. */
interface LookedAt extends Watched {
  at: number | null
}

interface Place extends LookedAt {
  stage: number
  block: number
}

/**
 * Why a video matches, by its number in the library. Each call @throws ExpectedError when the video cannot be watched
 * now.
 */
export interface Inspect {
  align(input: Watched & { text: string | null; pass: Pass }, signal?: AbortSignal): Promise<Alignment>
  embeddings(input: Watched & { text: string | null; pass: Pass }, signal?: AbortSignal): Promise<AlignedEmbeddings>
  attention(input: LookedAt, signal?: AbortSignal): Promise<AttentionOverview>
  attentionRollout(input: LookedAt, signal?: AbortSignal): Promise<AttentionRollout>
  attentionBlock(input: Place, signal?: AbortSignal): Promise<AttentionBlock>
  attentionRow(
    input: Place & { frame: number; row: number; column: number },
    signal?: AbortSignal,
  ): Promise<AttentionRow>
}

export function createInspect(parts: InspectParts): Inspect {
  const store = new AttentionStore(parts.cacheFolder, parts.files)
  const inspectorOf = (model: string | null) =>
    new AttentionInspector({ ...parts, encoder: () => parts.encoder(model), store })
  const inUse = inspectorOf(null)
  /** Of the model that is compared with the one in use, the last one asked for. */
  let beside = { model: '', inspector: inUse }
  const attention = (model: string | null): AttentionInspector => {
    if (model === null) return inUse
    if (beside.model !== model) beside = { model, inspector: inspectorOf(model) }
    return beside.inspector
  }
  // The window asks for these pictures next: they are decoded in one run.
  const prepare = (video: IndexableVideo, images: readonly string[]) =>
    parts.frames.prepare(
      video,
      images.map(image => Number(image.split('/').at(-1))),
    )
  return {
    async align({ videoId, text, pass, model }, signal = new AbortController().signal) {
      const video = parts.library.ready(videoId)
      const encoder = await parts.encoder(model)
      const detail = parts.library.video(videoId, embeddingKeys(encoder, parts.settings()))
      const alignment = await align({ ...parts, encoder: async () => encoder }, { video, detail, text, pass }, signal)
      prepare(
        video,
        alignment.clips.map(clip => clip.thumbnail),
      )
      return alignment
    },
    async embeddings({ videoId, text, pass, model }, signal = new AbortController().signal) {
      const video = parts.library.ready(videoId)
      const encoder = await parts.encoder(model)
      const detail = parts.library.video(videoId, embeddingKeys(encoder, parts.settings()))
      return alignedEmbeddings({ ...parts, encoder: async () => encoder }, { video, detail, text, pass }, signal)
    },
    async attention({ videoId, model, at }, signal) {
      const video = parts.library.ready(videoId)
      const overview = await attention(model).overview({ ...video, at }, signal)
      prepare(
        video,
        overview.frames.map(frame => frame.image),
      )
      return overview
    },
    attentionRollout: async ({ videoId, model, at }, signal) =>
      attention(model).rollout({ ...parts.library.ready(videoId), at }, signal),
    attentionBlock: async ({ videoId, model, at, stage, block }, signal) =>
      attention(model).block({ ...parts.library.ready(videoId), at }, { stage, block }, signal),
    attentionRow: async ({ videoId, model, at, ...query }, signal) =>
      attention(model).row({ ...parts.library.ready(videoId), at }, query, signal),
  }
}
