import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { Pass } from '../vectors/embedding-key.ts'
import type { EmbeddingRow } from '../vectors/vector-rows.ts'
import { decodeAhead } from './decode-ahead.ts'
import { EmbeddedPass, keepPass, segmentsFor } from './embedded-pass.ts'
import type { Embedding } from './embedded-pass.ts'
import type { IndexableVideo, IndexingParts } from './embedding-parts.ts'
import type { SegmentedVideo } from './segments.ts'
import { assertUnchanged } from './unchanged.ts'

/** While the model works on one segment the next is decoded. */
const segmentsAhead = 2

/**
 * The embeddings of one pass over one video: as stored, or else computed and stored.
 * @returns the rows in the order of the video, and what was wrong with its frames.
 * @throws ExpectedError when the video cannot be decoded or the model fails.
 */
export async function embedVideo(
  { store, ledger, ...embedding }: Pick<IndexingParts, 'store' | 'ledger'> & Embedding,
  video: IndexableVideo,
  { pass, signal }: { readonly pass: Pass; readonly signal: AbortSignal },
): Promise<{ rows: EmbeddingRow[]; warnings: string[] }> {
  const { contentId } = video
  const key = embeddingKeys(embedding.encoder, embedding.settings)[pass]
  if (ledger.has(contentId, key)) {
    const rows = await store.get({ pass, key, contentId })
    if (rows.length > 0) return { rows, warnings: ledger.warnings(contentId, key) }
  }
  const embedded = await computePass(embedding, video, { pass, signal })
  signal.throwIfAborted()
  await assertUnchanged(video)
  await keepPass({ store, ledger }, embedding, { contentId, pass, embedded })
  return embedded
}

/** The embeddings of one pass over one video, computed and not kept; see {@link embedVideo}. */
export async function computePass(
  embedding: Embedding,
  video: SegmentedVideo,
  { pass, signal }: { readonly pass: Pass; readonly signal: AbortSignal },
): Promise<{ rows: EmbeddingRow[]; warnings: string[] }> {
  const embedded = new EmbeddedPass()
  const left = new AbortController()
  const segments = segmentsFor(embedding, video, { passes: [pass], signal: AbortSignal.any([signal, left.signal]) })
  for await (const segment of decodeAhead(segments, segmentsAhead, () => left.abort())) {
    signal.throwIfAborted()
    embedded.add(segment, await embedding.encoder.encodeVideo(segment.frames, signal))
  }
  return { rows: embedded.rows, warnings: embedded.warnings }
}
