import type {
  Caption,
  LibrarySummary,
  MediaFacts,
  SelectionSummary,
  Video,
  VideoDetail,
} from '../../api/library/library.ts'
import type { VideoQuery, VideoRules } from '../../api/library/video-rules.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import type { Database } from '../../storage/database.ts'
import { filterVideos } from './video-filter.ts'
import type { IndexKeys, RuleAnswers } from './video-filter.ts'

/** One page of a list; see `library.videos` of the contract. */
export interface VideoPage {
  readonly total: number
  readonly videos: Video[]
  readonly scores: (number | null)[] | null
  readonly scored: number | null
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
  captionsEdited: number
  overview: Video['overview']
  dense: Video['dense']
  warnings: string
  tags: string
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
    WHERE e.content_id = v.content_id AND e.key IN (?1, ?2)) AS warnings,
  EXISTS (SELECT 1 FROM caption_drafts d WHERE d.path = v.path AND d.edited = 1) AS captionsEdited,
  (SELECT json_group_array(tag) FROM (SELECT t.tag FROM video_tags t WHERE t.video_id = v.id ORDER BY t.folded)) AS tags`

/** Pictures of a selection. */
const shownOfMany = 9

/** Reads videos in the shapes of the contract. */
export class VideoList {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  page(query: VideoQuery, keys: IndexKeys, answers?: RuleAnswers): VideoPage {
    const { from, order, score, values } = filterVideos(query, keys, answers)
    const [limit, offset] = [`?${values.length + 1}`, `?${values.length + 2}`]
    // Sorting narrow rows first: only those of the page are read whole.
    const videos = this.#database
      .prepare(
        `
      SELECT ${columns}, page.score FROM
        (SELECT v.id, ${score ?? 'NULL'} AS score, ROW_NUMBER() OVER (ORDER BY ${order}) AS place
          ${from} ORDER BY place LIMIT ${limit} OFFSET ${offset}) AS page
      JOIN videos v ON v.id = page.id ORDER BY page.place`,
      )
      .all<VideoRow & { score: number | null }>([...values, query.limit, query.offset])
    const counts = this.#database
      .prepare(`SELECT COUNT(*) AS total, COUNT(${score ?? 'NULL'}) AS scored ${from}`)
      .get<{ total: number; scored: number }>(values)
    return {
      total: counts?.total ?? 0,
      videos: videos.map(toVideo),
      scores: score === null ? null : videos.map(video => video.score),
      scored: score === null ? null : (counts?.scored ?? 0),
    }
  }

  /** How many videos the rules select. */
  count(rules: VideoRules, keys: IndexKeys, answers?: RuleAnswers): number {
    const { from, values } = filterVideos(rules, keys, answers)
    return this.#database.prepare(`SELECT COUNT(*) AS total ${from}`).get<{ total: number }>(values)?.total ?? 0
  }

  /** All of them, in their order. */
  ids(rules: VideoRules, keys: IndexKeys, answers?: RuleAnswers): number[] {
    const { from, order, values } = filterVideos(rules, keys, answers)
    return this.#database
      .prepare(`SELECT v.id ${from} ORDER BY ${order}`)
      .all<{ id: number }>(values)
      .map(({ id }) => id)
  }

  video(id: number, keys: IndexKeys): VideoDetail | undefined {
    const row = this.#database
      .prepare(
        `
      SELECT ${columns}, v.caption_file AS captionFile, v.info, c.sentences AS captions
      FROM videos v LEFT JOIN captions c ON c.video_id = v.id WHERE v.id = ?3`,
      )
      .get<VideoRow & { captionFile: string | null; info: string | null; captions: string | null }>([
        keys.overview,
        keys.dense,
        id,
      ])
    return (
      row && {
        ...toVideo(row),
        captionFile: row.captionFile,
        captions: parseCaptions(row.captions),
        media: row.info === null ? null : mediaFacts(JSON.parse(row.info) as MediaInfo),
      }
    )
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

  /** Several videos together; unknown ones are left out. */
  describe(ids: readonly number[], keys: IndexKeys): SelectionSummary {
    const chosen = JSON.stringify(ids)
    const among = 'IN (SELECT value FROM json_each(?))'
    const sums = this.#database
      .prepare(
        `
      SELECT COUNT(*) AS videos, COALESCE(SUM(duration), 0) AS duration, COALESCE(SUM(size), 0) AS size,
        COALESCE(SUM(state IN ('failed', 'missing')), 0) AS unusable,
        COALESCE(SUM(EXISTS (SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.key = ?)), 0) AS indexed
      FROM videos v WHERE id ${among}`,
      )
      .get<Pick<SelectionSummary, 'videos' | 'duration' | 'size' | 'unusable' | 'indexed'>>([keys.overview, chosen])
    const tags = this.#database
      .prepare(
        `SELECT MIN(tag) AS tag, COUNT(*) AS videos FROM video_tags WHERE video_id ${among} GROUP BY folded ORDER BY folded`,
      )
      .all<SelectionSummary['tags'][number]>([chosen])
    const paths = this.#database
      .prepare(`SELECT path FROM videos WHERE id ${among} ORDER BY sort_name, id`)
      .all<{ path: string }>([chosen])
      .map(({ path }) => path)
    const nothing = { videos: 0, duration: 0, size: 0, unusable: 0, indexed: 0 }
    return { ...(sums ?? nothing), tags, paths, first: this.videos(ids.slice(0, shownOfMany), keys) }
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
    captionsEdited: row.captionsEdited === 1,
    overview: row.overview,
    dense: row.dense,
    warnings: JSON.parse(row.warnings) as string[],
    tags: JSON.parse(row.tags) as string[],
    // The content in the address makes the window drop a picture of what the file was before.
    thumbnail: contentId === null ? `thumbnail/${row.id}` : `thumbnail/${row.id}?v=${contentId.slice(0, 8)}`,
    playback: `video/${row.id}`,
  }
}

function mediaFacts(info: MediaInfo): MediaFacts {
  const { rotation, container, pixelFormat, audioCodec, storedWidth, storedHeight, frameCount, frameCountExact } = info
  const isInterlaced = info.isInterlaced ?? false
  return {
    rotation,
    container,
    pixelFormat,
    audioCodec,
    storedWidth,
    storedHeight,
    frameCount,
    frameCountExact,
    isInterlaced,
  }
}

function parseCaptions(stored: string | null): Caption[] {
  return stored === null ? [] : (JSON.parse(stored) as Caption[])
}
