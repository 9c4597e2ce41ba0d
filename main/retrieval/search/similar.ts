import { basename } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { ShownQuery, SimilarQuery, SimilarResponse } from '../../api/search.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { frameStrip } from '../../media/playback/thumbnails.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embedVideo, computePass } from '../embedding/embed-video.ts'
import type { IndexableVideo, IndexingParts } from '../embedding/embedding-parts.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import { wholeSegment } from '../vectors/vector-rows.ts'
import type { QueryFiles } from './query-files.ts'
import { answer } from './search.ts'
import type { SearchParts } from './search.ts'

export interface SimilarParts extends IndexingParts {
  readonly searchable: SearchParts['searchable']
  readonly library: SearchParts['library'] & { ready(id: number): IndexableVideo }
  readonly queryFiles: QueryFiles
}

/** What is searched with: a video of the library, or a file that was brought. */
interface Source {
  readonly path: string
  readonly name: string
  readonly info: MediaInfo
  readonly isStill: boolean
  readonly video: IndexableVideo | null
}

interface Span {
  readonly start: number
  readonly end: number
}

const shownPictures = 6
const shownHeight = 144

/**
 * Ranks videos, or moments, by their similarity to a video, a span of one, or a picture, in the model in use. Against
 * whole videos the embedding of the whole query counts; against moments the mean of its clips.
 * @throws ExpectedError when the query cannot be read, or its span holds nothing.
 */
export async function findSimilar(
  parts: SimilarParts,
  query: SimilarQuery,
  signal: AbortSignal,
): Promise<SimilarResponse> {
  const started = performance.now()
  const source = await openSource(parts, query.source)
  const span = spanOf(source, query)
  const encoder = await parts.encoder()
  const { global, clips, warnings } = await embedQuery(parts, { source, span, encoder }, signal)
  const vector = query.level === 'video' ? global : meanOf(clips)
  const keys = embeddingKeys(encoder, parts.settings())
  // A whole video is most similar to itself, which nobody asks.
  const own = span === null && query.level === 'video' ? (source.video?.contentId ?? null) : null
  const response = await answer(parts, {
    vectors: [vector],
    encoder,
    keys,
    started,
    level: query.level,
    folderId: query.folderId,
    top: query.top + (own === null ? 0 : ownCopies),
    warnings: [...warnings, ...(source.isStill ? [stillWarning(encoder)] : [])],
  })
  const ownIds = new Set(own === null ? [] : (parts.searchable.byContent([own]).get(own) ?? []))
  const results = response.results
    .filter(({ video }) => !ownIds.has(video.id))
    .slice(0, query.top)
    .map((result, index) => ({ ...result, rank: index + 1 }))
  return { ...response, results, query: await shown(source, span, signal) }
}

/** Copies of a video that may stand before what it is compared with. */
const ownCopies = 20

async function openSource({ library, queryFiles }: SimilarParts, source: SimilarQuery['source']): Promise<Source> {
  if (source.kind === 'upload') {
    const file = await queryFiles.open(source.upload)
    return { ...file, isStill: file.kind === 'image', video: null }
  }
  const video = library.ready(source.videoId)
  return { path: video.path, name: basename(video.path), info: video.info, isStill: false, video }
}

function spanOf({ info, isStill, name }: Source, { start, end }: Pick<SimilarQuery, 'start' | 'end'>): Span | null {
  if (isStill || (start === null && end === null)) return null
  const last = info.firstFrameTime + info.duration
  const span = { start: Math.max(start ?? 0, info.firstFrameTime), end: Math.min(end ?? last, last) }
  if (span.end > span.start) return span
  throw new ExpectedError(
    'query-span',
    `There is nothing of ${name} between ${span.start} and ${span.end} seconds: it is ${last.toFixed(1)} seconds long.`,
  )
}

async function embedQuery(
  parts: SimilarParts,
  {
    source,
    span,
    encoder,
  }: { readonly source: Source; readonly span: Span | null; readonly encoder: VideoTextEncoder },
  signal: AbortSignal,
): Promise<{ global: Float32Array; clips: Float32Array[]; warnings: readonly string[] }> {
  const settings = parts.settings()
  if (span) {
    const { height, width, framing, frames } = encoder
    const { start, end } = span
    const times = Array.from({ length: frames }, (_, place) => start + ((end - start) * (place + 0.5)) / frames)
    const sampling = { mode: settings.sampling, height, width, framing, signal }
    const passes = { overview: 0, segments: [{ start, end, times }] }
    for await (const sampled of parts.sampler.samplePasses(source.path, source.info, { passes, ...sampling })) {
      const embedding = await encoder.encodeVideo(sampled, signal)
      return { ...embedding, warnings: sampled.warnings }
    }
    throw new Error(`no frames of ${source.path} from ${start} to ${end} s`)
  }
  const embedding = { ...parts, encoder, settings }
  const { rows, warnings } = source.video
    ? await embedVideo(embedding, source.video, { pass: 'overview', signal })
    : await computePass(embedding, source, { pass: 'overview', signal })
  const global = rows.find(({ clip }) => clip === wholeSegment)?.vector
  if (!global) throw new Error(`no embedding of the whole of ${source.path}`)
  return { global, clips: rows.filter(({ clip }) => clip !== wholeSegment).map(({ vector }) => vector), warnings }
}

/** The mean of embeddings of unit length, of unit length again. */
function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) vector.forEach((value, index) => (sum[index]! += value))
  const length = Math.hypot(...sum) || 1
  return sum.map(value => value / length)
}

function stillWarning({ id, frames }: Pick<VideoTextEncoder, 'id' | 'frames'>): string {
  return english`‘${id}’ encodes segments of ${frames} frames, not single pictures: the picture was repeated ${frames} times, so nothing moves in what was searched for.`
}

async function shown(
  { path, name, info, isStill, video }: Source,
  span: Span | null,
  signal: AbortSignal,
): Promise<ShownQuery> {
  const { start, end } = span ?? { start: info.firstFrameTime, end: info.firstFrameTime + info.duration }
  const count = isStill ? 1 : shownPictures
  const times = Array.from({ length: count }, (_, place) => start + ((end - start) * (place + 0.5)) / count)
  const pictures = video
    ? times.map(time => `frame/${video.id}/${Math.round(1000 * time)}`)
    : (await frameStrip(path, info, { times, height: shownHeight, signal })).map(
        jpeg => `data:image/jpeg;base64,${jpeg.toString('base64')}`,
      )
  return {
    name,
    duration: isStill ? null : info.duration,
    start: span?.start ?? null,
    end: span?.end ?? null,
    pictures,
  }
}
