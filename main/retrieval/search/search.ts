import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { splitSentences } from '../../../native-models/tokenizer/sentences.ts'
import type { Video } from '../../api/library/library.ts'
import type { SearchResponse, SearchResult } from '../../api/search.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { KeyedSettings, Pass } from '../vectors/embedding-key.ts'
import type { EmbeddingLedger } from '../vectors/embedding-ledger.ts'
import type { VectorHit } from '../vectors/table-search.ts'
import type { VectorStore } from '../vectors/vectors.ts'
import { mergeMoments } from './moments.ts'
import type { Coverage, SearchableVideos } from './searchable-videos.ts'

export interface SearchQuery {
  text: string
  /** `video`: the paragraph against whole videos. `moment`: each sentence against clips. */
  level: 'video' | 'moment'
  top: number
  /** The opened folder that is searched; null for all. */
  folderId: number | null
}

export interface SearchParts {
  store: VectorStore
  ledger: EmbeddingLedger
  encoder(): Promise<VideoTextEncoder>
  settings(): KeyedSettings
  searchable: SearchableVideos
  /** Videos in the shape of the contract, in the order of `ids`. */
  library: { videos(ids: readonly number[], keys: Record<Pass, string>): Video[] }
}

/** Sentences of one moment search; each is a search of its own. */
const momentSentences = 16
/** Rows asked for per wanted result: some are of deleted videos, and neighbouring clips become one moment. */
const rowsPerResult = { video: 2, moment: 6 }
/** Contents of a folder that the store is asked for by name; of a larger folder what it finds is filtered. */
const mostNamed = 5000
/** How much further to look when too many rows had to be left out. */
const further = 4

/**
 * Ranks videos by a paragraph or moments by sentences, cosine similarity of embeddings of the model in use.
 * Only complete embeddings under the current keys are searched; `warnings` says how many videos were not.
 * @throws ExpectedError `empty-text` when there is nothing to search for, `folder-unknown`.
 */
export async function search(parts: SearchParts, query: SearchQuery, signal?: AbortSignal): Promise<SearchResponse> {
  const started = performance.now()
  const sentences = splitSentences(query.text)
  if (sentences.length === 0) {
    throw new ExpectedError('empty-text', 'There is nothing to search for: type a sentence or a paragraph.')
  }
  const encoder = await parts.encoder()
  const keys = embeddingKeys(encoder, parts.settings())
  const { vectors, shortened } = await encodeText(encoder, sentences, { level: query.level, signal })
  signal?.throwIfAborted()
  return answer(parts, { vectors, encoder, keys, started, warnings: shortened, ...query })
}

export interface EncodedQuery extends Omit<SearchQuery, 'text'> {
  readonly vectors: Float32Array[]
  readonly encoder: VideoTextEncoder
  readonly keys: Record<Pass, string>
  /** By the clock of `performance.now()`. */
  readonly started: number
  /** What was wrong with the query. */
  readonly warnings: readonly string[]
}

/** Ranks by what was encoded, and says what the reader must know of it. */
export async function answer(parts: SearchParts, query: EncodedQuery): Promise<SearchResponse> {
  const { vectors, encoder, keys, started, level, top, folderId } = query
  await parts.store.shared?.copyTo(parts.ledger)
  // Counted only now: the query may have waited for a while behind an index job.
  const { pass, coverage, warnings: missing } = choosePass(parts.searchable, { level, keys, folderId })
  const { results, exact } = await rank(parts, vectors, { keys, pass, level, top, folderId })
  return {
    results: results.map((result, index) => ({ ...result, rank: index + 1 })),
    model: encoder.id,
    warnings: [...new Set([...encoder.warnings, ...missing, ...query.warnings])],
    searched: coverage.indexed,
    total: coverage.total,
    exact,
    milliseconds: performance.now() - started,
  }
}

async function encodeText(
  encoder: VideoTextEncoder,
  sentences: string[],
  { level, signal }: { readonly level: SearchQuery['level']; readonly signal?: AbortSignal | undefined },
): Promise<{ vectors: Float32Array[]; shortened: string[] }> {
  if (level === 'video') {
    const { embedding, warnings } = await encoder.encodeParagraph(sentences, signal)
    return { vectors: [embedding], shortened: warnings }
  }
  const { embeddings, warnings } = await encoder.encodeSentences(sentences.slice(0, momentSentences), signal)
  const cut =
    sentences.length > momentSentences
      ? [
          english`Only the first ${momentSentences} of ${sentences.length} sentences were searched for moments; search for the others separately.`,
        ]
      : []
  return { vectors: embeddings, shortened: [...warnings, ...cut] }
}

type Unranked = Omit<SearchResult, 'rank'>

async function rank(
  parts: SearchParts,
  vectors: Float32Array[],
  {
    keys,
    pass,
    level,
    top,
    folderId,
  }: { readonly keys: Record<Pass, string>; readonly pass: Pass } & Omit<SearchQuery, 'text'>,
): Promise<{ results: Unranked[]; exact: boolean }> {
  const key = keys[pass]
  const among = folderId === null ? null : parts.searchable.contentsIn(folderId)
  if (among?.length === 0) return { results: [], exact: true }
  for (let rows = top * rowsPerResult[level]; ; rows *= further) {
    const { hits: found, exact } = await parts.store.nearest(vectors, {
      pass,
      key,
      top: rows,
      level: level === 'video' ? 'segment' : 'clip',
      ...(among && among.length <= mostNamed ? { contentIds: among } : {}),
    })
    const contents = [...new Set(found.flat().map(hit => hit.contentId))]
    const complete = parts.ledger.complete(key, contents)
    const videos = videosOf(
      parts,
      contents.filter(id => complete.has(id)),
      { keys, folderId },
    )
    const usable = found.map(hits => hits.filter(hit => videos.has(hit.contentId)))
    const results = level === 'video' ? videoResults(usable[0] ?? [], videos) : momentResults(usable, videos)
    const exhausted = found.every(hits => hits.length < rows)
    if (results.length >= top || exhausted) return { results: results.slice(0, top), exact }
  }
}

function videoResults(hits: readonly VectorHit[], videos: Map<string, Video[]>): Unranked[] {
  return hits.flatMap(({ contentId, score }) =>
    (videos.get(contentId) ?? []).map(video => ({
      video,
      score,
      start: 0,
      end: video.duration ?? 0,
      thumbnail: video.thumbnail,
    })),
  )
}

function momentResults(hits: readonly (readonly VectorHit[])[], videos: Map<string, Video[]>): Unranked[] {
  return mergeMoments(hits).flatMap(({ contentId, score, start, end, peak }) =>
    (videos.get(contentId) ?? []).map(video => ({
      video,
      score,
      start,
      end,
      thumbnail: `frame/${video.id}/${Math.round(peak * 1000)}`,
    })),
  )
}

function videosOf(
  { searchable, library }: SearchParts,
  contentIds: readonly string[],
  { keys, folderId }: { readonly keys: Record<Pass, string>; readonly folderId: number | null },
): Map<string, Video[]> {
  const ids = searchable.byContent(contentIds, folderId)
  const videos = new Map(library.videos([...ids.values()].flat(), keys).map(video => [video.id, video]))
  return new Map([...ids].map(([content, held]) => [content, held.flatMap(id => videos.get(id) ?? [])]))
}

/** The dense pass for moments where there is one, and what the reader must know of what is not searched. */
function choosePass(
  searchable: SearchableVideos,
  { level, keys, folderId }: Pick<EncodedQuery, 'level' | 'keys' | 'folderId'>,
): { pass: Pass; coverage: Coverage; warnings: string[] } {
  if (level === 'moment') {
    const coverage = searchable.coverage('dense', keys.dense, folderId)
    if (coverage.indexed > 0) return { pass: 'dense', coverage, warnings: coverageWarnings(coverage) }
  }
  const coverage = searchable.coverage('overview', keys.overview, folderId)
  const coarse =
    level === 'moment' && coverage.indexed > 0
      ? [
          english`There is no dense index, so moments are the few clips of each overview; index with the dense pass for moments every few seconds.`,
        ]
      : []
  return { pass: 'overview', coverage, warnings: [...coarse, ...coverageWarnings(coverage)] }
}

function coverageWarnings({ total, indexed, stale }: Coverage): string[] {
  const missing = total - indexed - stale
  const warnings: string[] = []
  if (stale > 0) {
    warnings.push(
      english`${videosAre(stale)} indexed for another model or another way of sampling and ${stale === 1 ? 'was' : 'were'} not searched; index again to include ${stale === 1 ? 'it' : 'them'}.`,
    )
  }
  if (missing > 0) {
    warnings.push(
      english`${videosAre(missing)} not indexed and ${missing === 1 ? 'was' : 'were'} not searched; index the library to include ${missing === 1 ? 'it' : 'them'}.`,
    )
  }
  return warnings
}

const videosAre = (count: number) => (count === 1 ? english`1 video is` : english`${count} videos are`)
