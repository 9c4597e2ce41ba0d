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
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { CachedFiles } from '../storage/files/cached-files.ts'
import { align, alignedEmbeddings } from './alignment.ts'
import { AttentionStore } from './attention-store.ts'
import { AttentionInspector } from './attention.ts'

export interface InspectParts extends IndexingParts {
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

interface Place {
  videoId: number
  stage: number
  block: number
}

/**
 * Why a video matches, by its number in the library. Each call @throws ExpectedError when the video cannot be watched
 * now.
 */
export interface Inspect {
  align(input: { videoId: number; text: string | null; pass: Pass }, signal?: AbortSignal): Promise<Alignment>
  embeddings(
    input: { videoId: number; text: string | null; pass: Pass },
    signal?: AbortSignal,
  ): Promise<AlignedEmbeddings>
  attention(input: { videoId: number }, signal?: AbortSignal): Promise<AttentionOverview>
  attentionRollout(input: { videoId: number }, signal?: AbortSignal): Promise<AttentionRollout>
  attentionBlock(input: Place, signal?: AbortSignal): Promise<AttentionBlock>
  attentionRow(
    input: Place & { frame: number; row: number; column: number },
    signal?: AbortSignal,
  ): Promise<AttentionRow>
}

export function createInspect(parts: InspectParts): Inspect {
  const attention = new AttentionInspector({ ...parts, store: new AttentionStore(parts.cacheFolder, parts.files) })
  const detailOf = async (id: number) => parts.library.video(id, embeddingKeys(await parts.encoder(), parts.settings()))
  // The window asks for these pictures next: they are decoded in one run.
  const prepare = (video: IndexableVideo, images: readonly string[]) =>
    parts.frames.prepare(
      video,
      images.map(image => Number(image.split('/').at(-1))),
    )
  return {
    async align({ videoId, text, pass }, signal = new AbortController().signal) {
      const video = parts.library.ready(videoId)
      const alignment = await align(parts, { video, detail: await detailOf(videoId), text, pass }, signal)
      prepare(
        video,
        alignment.clips.map(clip => clip.thumbnail),
      )
      return alignment
    },
    async embeddings({ videoId, text, pass }, signal = new AbortController().signal) {
      const video = parts.library.ready(videoId)
      return alignedEmbeddings(parts, { video, detail: await detailOf(videoId), text, pass }, signal)
    },
    async attention({ videoId }, signal) {
      const video = parts.library.ready(videoId)
      const overview = await attention.overview(video, signal)
      prepare(
        video,
        overview.frames.map(frame => frame.image),
      )
      return overview
    },
    attentionRollout: async ({ videoId }, signal) => attention.rollout(parts.library.ready(videoId), signal),
    attentionBlock: async ({ videoId, stage, block }, signal) =>
      attention.block(parts.library.ready(videoId), { stage, block }, signal),
    attentionRow: async ({ videoId, ...query }, signal) => attention.row(parts.library.ready(videoId), query, signal),
  }
}
