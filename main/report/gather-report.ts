import { ExpectedError } from '../../native-models/expected-error.ts'
import type { AttentionOverview, Provenance, ReportInput, SearchResult } from '../api/index.ts'
import type { Inspect } from '../inspect/inspect.ts'
import type { Library } from '../library/videos/library.ts'
import type { LibraryVideo } from '../library/videos/video-list.ts'
import { frameStrip } from '../media/playback/thumbnails.ts'
import { search } from '../retrieval/search/search.ts'
import type { SearchParts } from '../retrieval/search/search.ts'
import type { ReportContent } from './page/report-content.ts'

export interface ReportParts {
  readonly inspect: Pick<Inspect, 'align' | 'attention'>
  readonly retrieval: SearchParts
  readonly library: Pick<Library, 'ready' | 'readyVideos'>
  readonly provenance: (videoIds: readonly number[]) => Promise<Provenance>
  /** Where the film is made. */
  readonly folder: string
}

interface Gathering {
  readonly signal: AbortSignal
  /** Called with the part, 0–1, that is gathered. */
  readonly onProgress: (fraction: number) => void
}

const resultCount = 10
/** Pixels: pictures of many clips are smaller, so that the file has room for the film. */
const pictureHeight = { few: 90, many: 54 }
const manyClips = 120

/** Aligns, searches and looks into the model for a report. Fails as `inspect.align` does. */
export async function gatherReport(
  parts: ReportParts,
  input: ReportInput,
  { signal, onProgress }: Gathering,
): Promise<ReportContent> {
  const { videoId, text, pass, language } = input
  const video = parts.library.ready(videoId)
  const alignment = await parts.inspect.align({ videoId, text, pass, model: null }, signal)
  onProgress(0.35)
  const paragraph = alignment.sentences.map(sentence => sentence.text).join(' ')
  const asked = { text: paragraph, level: 'video', top: resultCount, folderId: null } as const
  const found = await search(parts.retrieval, asked, signal)
  onProgress(0.5)
  const attention = await attentionOf(parts, videoId, signal)
  onProgress(0.75)
  const clipTimes = alignment.clips.map(({ start, end }) => (start + end) / 2)
  const frameTimes = attention?.frames.map(({ time }) => time) ?? []
  const height = clipTimes.length > manyClips ? pictureHeight.many : pictureHeight.few
  const pictures = await picturesOf(video, [...clipTimes, ...frameTimes], { height, signal })
  const resultPictures: (string | null)[] = []
  for (const result of found.results) resultPictures.push(await resultPicture(parts, result, signal))
  onProgress(1)
  const name = nameOf(video.path)
  return {
    title: input.title || name,
    language,
    videoName: name,
    alignment,
    clipPictures: clipTimes.map((_, index) => pictures[index] ?? null),
    results: found.results.map((result, index) => ({
      rank: result.rank,
      name: result.video.name,
      score: result.score,
      duration: result.video.duration ?? result.end,
      picture: resultPictures[index] ?? null,
      own: result.video.id === videoId,
    })),
    attention: attention && {
      frames: attention.frames.map(({ time }, index) => ({
        time,
        picture: pictures[clipTimes.length + index] ?? null,
      })),
      stages: attention.stages.map(({ window, mean }) => ({ window, mean })),
    },
    provenance: await parts.provenance([videoId]),
    warnings: [...new Set([...alignment.warnings, ...found.warnings, ...(attention?.warnings ?? [])])],
    at: Date.now(),
  }
}

const nameOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path

/** Null for models that have no temporal windows. */
async function attentionOf(
  { inspect }: ReportParts,
  videoId: number,
  signal: AbortSignal,
): Promise<AttentionOverview | null> {
  try {
    return await inspect.attention({ videoId, model: null, at: null }, signal)
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'no-attention') return null
    throw error
  }
}

async function resultPicture({ library }: ReportParts, { video, start, end }: SearchResult, signal: AbortSignal) {
  const [ready] = library.readyVideos([video.id])
  if (!ready) return null
  const [picture] = await picturesOf(ready, [start + (end - start) / 10], { height: pictureHeight.few, signal })
  return picture ?? null
}

/** JPEGs of a video at these times; none where it cannot be decoded any more. */
async function picturesOf(
  { path, info }: Pick<LibraryVideo, 'path' | 'info'>,
  times: readonly number[],
  how: { readonly height: number; readonly signal: AbortSignal },
): Promise<string[]> {
  try {
    const pictures = await frameStrip(path, info, { times, ...how })
    return pictures.map(picture => `data:image/jpeg;base64,${picture.toString('base64')}`)
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'video-undecodable') return []
    throw error
  }
}
