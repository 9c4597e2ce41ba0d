import type { MapVideos } from '../api/map.ts'
import type { Database } from '../storage/database.ts'

interface VideoRow {
  readonly id: number
  readonly contentId: string
  readonly path: string
  readonly duration: number | null
  readonly lines: number | null
  readonly sentences: number
  readonly tags: string
}

/** The videos that can be watched of these contents, by path, with what a map is coloured by; `places` by content. */
export function videosOnMap(
  database: Database,
  contentIds: readonly string[],
): { videos: MapVideos; places: Map<string, number[]> } {
  const rows = database
    .prepare(
      `
      SELECT v.id, v.content_id AS contentId, v.path, v.duration, MIN(v.width, v.height) AS lines, v.sentences,
        (SELECT json_group_array(tag) FROM (SELECT t.tag FROM video_tags t WHERE t.video_id = v.id ORDER BY t.folded)) AS tags
      FROM videos v
      WHERE v.state = 'ready' AND v.content_id IN (SELECT value FROM json_each(?)) ORDER BY v.path`,
    )
    .all<VideoRow>([JSON.stringify(contentIds)])
  const places = new Map<string, number[]>()
  rows.forEach(({ contentId }, place) => places.set(contentId, [...(places.get(contentId) ?? []), place]))
  const videos: MapVideos = {
    id: rows.map(({ id }) => id),
    path: rows.map(({ path }) => path),
    thumbnail: rows.map(({ id, contentId }) => `thumbnail/${id}?v=${contentId.slice(0, 8)}`),
    duration: rows.map(({ duration }) => duration ?? 0),
    lines: rows.map(({ lines }) => lines ?? 0),
    sentences: rows.map(({ sentences }) => sentences),
    tags: rows.map(({ tags }) => JSON.parse(tags) as string[]),
  }
  return { videos, places }
}

/** The path of a video that holds a content, null where none does. */
export function pathOfContent(database: Database, contentId: string): string | null {
  const row = database
    .prepare('SELECT path FROM videos WHERE content_id = ? ORDER BY path')
    .get<{ path: string }>([contentId])
  return row?.path ?? null
}
