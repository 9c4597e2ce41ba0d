import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Alignment, AttentionBlock, AttentionOverview, AttentionRow, VideoDetail, Work } from '../api/index.ts'
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { CachedFiles } from '../storage/cached-files.ts'
import { align } from './alignment.ts'
import { AttentionStore } from './attention-store.ts'
import { AttentionInspector } from './attention.ts'

export interface InspectParts extends IndexingParts {
  library: {
    readyVideos(ids: number[]): readonly IndexableVideo[]
    video(id: number, keys: Record<Pass, string>): VideoDetail
  }
  /** Where attention maps are kept; everything there can be computed again. */
  cacheFolder: string
  files: CachedFiles
  /** Told of each stage of what takes long. */
  tell?: ((work: Work) => void) | undefined
}

interface Place {
  videoId: number
  stage: number
  block: number
}

/** Why a video matches, by its number in the library. Each call @throws ExpectedError when the video cannot be watched now. */
export interface Inspect {
  align(input: { videoId: number; text: string | null; pass: Pass }, signal?: AbortSignal): Promise<Alignment>
  attention(input: { videoId: number }, signal?: AbortSignal): Promise<AttentionOverview>
  attentionBlock(input: Place, signal?: AbortSignal): Promise<AttentionBlock>
  attentionRow(
    input: Place & { frame: number; row: number; column: number },
    signal?: AbortSignal,
  ): Promise<AttentionRow>
}

export function createInspect(parts: InspectParts): Inspect {
  const attention = new AttentionInspector({ ...parts, store: new AttentionStore(parts.cacheFolder, parts.files) })
  const detailOf = async (id: number) => parts.library.video(id, embeddingKeys(await parts.encoder(), parts.settings()))
  const watchable = async (id: number): Promise<IndexableVideo> => {
    const [video] = parts.library.readyVideos([id])
    if (video) return video
    const { path, problem } = await detailOf(id)
    throw new ExpectedError(
      'video-not-ready',
      problem ?? `${path} has not been read yet; wait until the scan of its folder has ended.`,
    )
  }
  return {
    async align({ videoId, text, pass }, signal = new AbortController().signal) {
      const video = await watchable(videoId)
      return align(parts, { video, detail: await detailOf(videoId), text, pass }, signal)
    },
    attention: async ({ videoId }, signal) => attention.overview(await watchable(videoId), signal),
    attentionBlock: async ({ videoId, stage, block }, signal) =>
      attention.block(await watchable(videoId), { stage, block }, signal),
    attentionRow: async ({ videoId, ...query }, signal) => attention.row(await watchable(videoId), query, signal),
  }
}
