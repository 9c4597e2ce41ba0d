import type { Caption, LibrarySummary, Video, VideoDetail, VideoQuery } from '../../api/library.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import type { Database, SqlValue } from '../../storage/database.ts'
import { foldText } from '../folders/video-files.ts'

/** Keys of the embeddings that count as up to date, one per pass. */
export interface IndexKeys {
  readonly overview: string
  readonly dense: string
}

/**
 * A video that can be decoded, with what is needed to do it. `modifiedAt` in milliseconds since the epoch, `size` in
 * bytes.
 */
export interface LibraryVideo {
  readonly id: number
  readonly path: string
  readonly contentId: string
  readonly info: MediaInfo
  readonly size: number
  readonly modifiedAt: number
  readonly captions: Caption[]
}

interface VideoRow {
  id: number
  folderId: number | null
  path: string
  name: string
  state: Video['state']
  problem: string | null
  size: number
  modifiedAt: number
  duration: number | null
  width: number | null
  height: number | null
  frameRate: number | null
  codec: string | null
  hasAudio: number | null
  sentences: number
  captionProblem: string | null
  overview: Video['overview']
  dense: Video['dense']
  warnings: string
  contentId: string | null
}

const indexState = (pass: 'overview' | 'dense', parameter: string): string => `
  CASE WHEN EXISTS (SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.key = ${parameter}) THEN 'indexed'
    WHEN EXISTS (SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.pass = '${pass}') THEN 'stale'
    ELSE 'none' END AS ${pass}`

/** Takes the keys as parameters 1 and 2. */
const columns = `
  v.id, v.folder_id AS folderId, v.path, v.name, v.state, v.problem, v.size, v.modified_at AS modifiedAt, v.duration, v.width, v.height,
  v.frame_rate AS frameRate, v.codec, v.has_audio AS hasAudio, v.sentences, v.caption_problem AS captionProblem, v.content_id AS contentId,
  ${indexState('overview', '?1')}, ${indexState('dense', '?2')},
  (SELECT json_group_array(DISTINCT w.value) FROM embeddings e, json_each(e.warnings) w
    WHERE e.content_id = v.content_id AND e.key IN (?1, ?2)) AS warnings`

const orders: Readonly<Record<VideoQuery['sort'], string>> = {
  name: 'v.sort_name, v.id',
  newest: 'v.modified_at DESC, v.id DESC',
  longest: 'v.duration DESC, v.id DESC',
  shortest: 'v.duration ASC NULLS LAST, v.id',
}

/** Reads videos in the shapes of the contract. */
export class VideoList {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** One page, and how many there are in all. */
  page(query: VideoQuery, keys: IndexKeys): { total: number; videos: Video[] } {
    const { from, values } = filter(query, keys)
    const total = this.#database.prepare(`SELECT COUNT(*) AS total ${from}`).get<{ total: number }>(values)?.total ?? 0
    // Sorting narrow rows first: only those of the page are read whole.
    const videos = this.#database
      .prepare(
        `
      SELECT ${columns} FROM (SELECT v.id ${from} ORDER BY ${orders[query.sort]} LIMIT ?5 OFFSET ?6) AS page
      JOIN videos v ON v.id = page.id ORDER BY ${orders[query.sort]}`,
      )
      .all<VideoRow>([...values, query.limit, query.offset])
    return { total, videos: videos.map(toVideo) }
  }

  video(id: number, keys: IndexKeys): VideoDetail | undefined {
    const row = this.#database
      .prepare(
        `
      SELECT ${columns}, v.caption_file AS captionFile, c.sentences AS captions
      FROM videos v LEFT JOIN captions c ON c.video_id = v.id WHERE v.id = ?3`,
      )
      .get<VideoRow & { captionFile: string | null; captions: string | null }>([keys.overview, keys.dense, id])
    return row && { ...toVideo(row), captionFile: row.captionFile, captions: parseCaptions(row.captions) }
  }

  /** Several videos in the order of their ids given; unknown ones are left out. */
  videos(ids: readonly number[], keys: IndexKeys): Video[] {
    const rows = this.#database
      .prepare(
        `SELECT ${columns} FROM json_each(?3) AS wanted JOIN videos v ON v.id = wanted.value ORDER BY wanted.key`,
      )
      .all<VideoRow>([keys.overview, keys.dense, JSON.stringify(ids)])
    return rows.map(toVideo)
  }

  /** Those that can be decoded, by path; of these only, when named. What is large is read when it is asked for. */
  ready(ids: readonly number[] | null): LibraryVideo[] {
    const rows = this.#database
      .prepare(
        `
      SELECT id, path, content_id AS contentId, info, size, modified_at AS modifiedAt FROM videos
      WHERE state = 'ready' AND (?1 IS NULL OR id IN (SELECT value FROM json_each(?1))) ORDER BY path`,
      )
      .all<Omit<LibraryVideo, 'info' | 'captions'> & { info: string }>([ids && JSON.stringify(ids)])
    const captions = this.#database.prepare('SELECT sentences FROM captions WHERE video_id = ?')
    return rows.map(({ id, path, contentId, info, size, modifiedAt }) => ({
      id,
      path,
      contentId,
      size,
      modifiedAt,
      get info() {
        return JSON.parse(info) as MediaInfo
      },
      get captions() {
        return parseCaptions(captions.get<{ sentences: string }>([id])?.sentences ?? null)
      },
    }))
  }

  summary(keys: IndexKeys): LibrarySummary {
    const all = this.#database
      .prepare(
        `SELECT COUNT(*) AS videos, COALESCE(SUM(duration), 0) AS duration, COALESCE(SUM(state = 'failed'), 0) AS failed FROM videos`,
      )
      .get<{ videos: number; duration: number; failed: number }>() ?? { videos: 0, duration: 0, failed: 0 }
    return { ...all, overview: this.#indexed('overview', keys.overview), dense: this.#indexed('dense', keys.dense) }
  }

  #indexed(pass: 'overview' | 'dense', key: string): { indexed: number; stale: number } {
    return (
      this.#database
        .prepare(
          `
      SELECT COALESCE(SUM(e.current), 0) AS indexed, COALESCE(SUM(NOT e.current), 0) AS stale
      FROM (SELECT content_id, MAX(key = ?1) AS current FROM embeddings WHERE pass = ?2 GROUP BY content_id) AS e
      JOIN videos v ON v.content_id = e.content_id`,
        )
        .get<{ indexed: number; stale: number }>([key, pass]) ?? { indexed: 0, stale: 0 }
    )
  }
}

/** Parameters 1 and 2 are the keys, 3 and 4 belong to the conditions. */
function filter(query: VideoQuery, keys: IndexKeys): { from: string; values: SqlValue[] } {
  const conditions: string[] = []
  const text = foldText(query.text.trim())
  const isIndexed = 'EXISTS (SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.key = ?1)'
  if (query.folderId !== null) conditions.push('v.folder_id = ?3')
  if (text !== '') conditions.push('v.id IN (SELECT video_id FROM search_texts WHERE INSTR(text, ?4) > 0)')
  if (query.state === 'failed') conditions.push(`v.state = 'failed'`)
  if (query.state === 'indexed') conditions.push(isIndexed)
  if (query.state === 'not-indexed') conditions.push(`v.state IN ('new', 'ready') AND NOT ${isIndexed}`)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  return { from: `FROM videos v ${where}`, values: [keys.overview, keys.dense, query.folderId, text] }
}

function toVideo({ contentId, ...row }: VideoRow): Video {
  return {
    id: row.id,
    folderId: row.folderId,
    path: row.path,
    name: row.name,
    state: row.state,
    problem: row.problem,
    size: row.size,
    modifiedAt: row.modifiedAt,
    duration: row.duration,
    width: row.width,
    height: row.height,
    frameRate: row.frameRate,
    codec: row.codec,
    hasAudio: row.hasAudio === null ? null : row.hasAudio === 1,
    sentences: row.sentences,
    captionProblem: row.captionProblem,
    overview: row.overview,
    dense: row.dense,
    warnings: JSON.parse(row.warnings) as string[],
    // The content in the address makes the window drop a picture of what the file was before.
    thumbnail: contentId === null ? `thumbnail/${row.id}` : `thumbnail/${row.id}?v=${contentId.slice(0, 8)}`,
    playback: `video/${row.id}`,
  }
}

function parseCaptions(stored: string | null): Caption[] {
  return stored === null ? [] : (JSON.parse(stored) as Caption[])
}
