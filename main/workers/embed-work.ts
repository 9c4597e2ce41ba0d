import { ExpectedError } from '../../native-models/expected-error.ts'
import { findFile } from '../library/folders/walk.ts'
import { examine } from '../library/videos/examine.ts'
import type { Probe } from '../library/videos/examine.ts'
import { decodeAhead } from '../retrieval/embedding/decode-ahead.ts'
import { EmbeddedPass, segmentsFor } from '../retrieval/embedding/embedded-pass.ts'
import type { IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { assertUnchanged } from '../retrieval/embedding/unchanged.ts'
import { embeddingHash, embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import { fileProblem } from '../storage/files/file-problem.ts'
import type { FinishedPass, WorkItem } from './work.ts'

/** While the model works on one segment the next is decoded. */
const segmentsAhead = 2

/** With what a worker embeds: its model, and ffmpeg and the engine in processes of their own. */
export interface WorkerParts extends Pick<IndexingParts, 'store' | 'encoder' | 'settings'> {
  readonly sampler: IndexingParts['sampler'] & { readonly probe: Probe }
}

/** The content of a file and what it holds, as this machine sees it. @throws ExpectedError when it is of no use. */
export async function examineFile(path: string, { sampler }: Pick<WorkerParts, 'sampler'>, signal: AbortSignal) {
  const found = await findFile(path).catch((error: unknown) => {
    throw new ExpectedError('video-missing', fileProblem(path, error), { cause: error })
  })
  const examined = await examine(found, undefined, { probe: sampler.probe.bind(sampler), infoOf: () => null, signal })
  if (examined.kind === 'ready') return examined
  throw new ExpectedError(examined.kind === 'gone' ? 'video-missing' : examined.code, examined.problem)
}

/** The keys of the wanted passes under the model and the sampling of this worker. */
export async function keysOf(parts: WorkerParts, passes: readonly Pass[]): Promise<WorkItem['keys']> {
  const keys = embeddingKeys(await parts.encoder(), parts.settings())
  return Object.fromEntries(passes.map(pass => [pass, keys[pass]]))
}

/**
 * Embeds one video and stores nothing.
 * @throws ExpectedError when the file is of no use or another one here, or when this worker has another model.
 */
export async function embedWork(parts: WorkerParts, item: WorkItem, signal: AbortSignal): Promise<FinishedPass[]> {
  const { path, contentId, keys: wanted } = item
  const encoder = await parts.encoder()
  const settings = { ...parts.settings() }
  const keys = embeddingKeys(encoder, settings)
  const passes = (['overview', 'dense'] as const).filter(pass => wanted[pass] !== undefined)
  if (passes.some(pass => wanted[pass] !== keys[pass])) {
    throw new ExpectedError(
      'worker-differs',
      `${path} is to be embedded by another model, or sampled otherwise, than this worker does with ‘${encoder.id}’: start it with the --model, --precision and settings that the queue was filled with.`,
    )
  }
  const examined = await examineFile(path, parts, signal)
  if (examined.contentId !== contentId) {
    throw new ExpectedError(
      'video-changed',
      `${path} has another content here than where the queue was filled: fill the queue again, or give this machine the same files at the same paths.`,
    )
  }
  const { file, info } = examined
  const embedded = { overview: new EmbeddedPass(), dense: new EmbeddedPass() }
  const left = new AbortController()
  const segments = segmentsFor(
    { sampler: parts.sampler, encoder, settings },
    { path, info },
    { passes, signal: AbortSignal.any([signal, left.signal]) },
  )
  for await (const segment of decodeAhead(segments, segmentsAhead, () => left.abort())) {
    embedded[segment.pass].add(segment, await encoder.encodeVideo(segment.frames, signal))
  }
  await assertUnchanged({ path, size: file.size, modifiedAt: Number(file.modifiedNs) / 1e6 })
  return passes.map(pass => {
    const { rows, warnings } = embedded[pass]
    const entry = { contentId, key: keys[pass], pass, modelHash: embeddingHash(encoder), rows: rows.length, warnings }
    return { entry, rows }
  })
}
