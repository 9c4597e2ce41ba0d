import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { KeyedSettings, Pass } from '../vectors/embedding-key.ts'
import type { EmbeddingRow } from '../vectors/vector-rows.ts'
import { decodeAhead } from './decode-ahead.ts'
import type { IndexableVideo, IndexingParts } from './embedding-parts.ts'
import { PassWarnings } from './pass-warnings.ts'
import { embeddingRows, segmentsOf } from './segments.ts'
import type { SegmentSampler } from './segments.ts'
import { assertUnchanged } from './unchanged.ts'

/** While the model works on one segment the next is decoded. */
const segmentsAhead = 2

/**
 * The embeddings of one pass over one video: as stored, or else computed and stored.
 * @returns the rows in the order of the video, and what was wrong with its frames.
 * @throws ExpectedError when the video cannot be decoded or the model fails.
 */
export async function embedVideo(
  { store, ledger, sampler }: Pick<IndexingParts, 'store' | 'ledger' | 'sampler'>,
  encoder: VideoTextEncoder,
  settings: KeyedSettings,
  video: IndexableVideo,
  pass: Pass,
  signal: AbortSignal,
): Promise<{ rows: EmbeddingRow[]; warnings: string[] }> {
  const { contentId } = video
  const key = embeddingKeys(encoder, settings)[pass]
  if (ledger.has(contentId, key)) {
    const rows = await store.get({ pass, key, contentId })
    if (rows.length > 0) return { rows, warnings: ledger.warnings(contentId, key) }
  }
  const { rows, warnings } = await computePass(sampler, encoder, settings, video, pass, signal)
  signal.throwIfAborted()
  await assertUnchanged(video)
  await store.replace({ pass, key, contentId }, rows)
  ledger.record({ contentId, key, pass, modelHash: encoder.hash, rows: rows.length, warnings })
  return { rows, warnings }
}

/** The embeddings of one pass over one video, computed and not kept; see {@link embedVideo}. */
export async function computePass(
  sampler: SegmentSampler,
  encoder: VideoTextEncoder,
  settings: KeyedSettings,
  video: Pick<IndexableVideo, 'path' | 'info'>,
  pass: Pass,
  signal: AbortSignal,
): Promise<{ rows: EmbeddingRow[]; warnings: string[] }> {
  const rows: EmbeddingRow[] = []
  const warnings = new PassWarnings()
  const left = new AbortController()
  const { height, width, framing, frames } = encoder
  const segments = segmentsOf(
    sampler,
    video,
    { passes: [pass], frames, denseRate: settings.denseRate },
    { mode: settings.sampling, height, width, framing, signal: AbortSignal.any([signal, left.signal]) },
  )
  for await (const segment of decodeAhead(segments, segmentsAhead, () => left.abort())) {
    signal.throwIfAborted()
    const embedding = await encoder.encodeVideo(segment.frames, signal)
    rows.push(...embeddingRows(segment, embedding, rows.at(-1)?.end ?? 0))
    warnings.add(segment)
  }
  return { rows, warnings: warnings.sentences() }
}
