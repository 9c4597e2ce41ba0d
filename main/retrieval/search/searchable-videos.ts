import type { Database } from '../../storage/database.ts'
import type { Pass } from '../vectors/embedding-key.ts'

/**
 * Numbers of videos that can be watched now: all, those with complete embeddings under a key, those with others only.
 */
export interface Coverage {
  total: number
  indexed: number
  stale: number
}

/** Which videos a search may show: deleted, missing and undecodable ones keep their embeddings but are not results. */
export class SearchableVideos {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Ids of the videos that hold each content, by path. Contents that no such video holds are left out. */
  byContent(contentIds: readonly string[]): Map<string, number[]> {
    const rows = this.#database
      .prepare(
        `
      SELECT id, content_id FROM videos WHERE state = 'ready' AND content_id IN (SELECT value FROM json_each(?)) ORDER BY path`,
      )
      .all<{ id: number; content_id: string }>([JSON.stringify(contentIds)])
    const videos = new Map<string, number[]>()
    for (const { id, content_id: content } of rows) videos.set(content, [...(videos.get(content) ?? []), id])
    return videos
  }

  coverage(pass: Pass, key: string): Coverage {
    const counts = this.#database
      .prepare(
        `
      SELECT COUNT(*) AS total, COALESCE(SUM(current = 1), 0) AS indexed, COALESCE(SUM(current = 0), 0) AS stale
      FROM videos v LEFT JOIN (SELECT content_id, MAX(key = ?) AS current FROM embeddings WHERE pass = ? GROUP BY content_id) AS e ON e.content_id = v.content_id
      WHERE v.state = 'ready'`,
      )
      .get<Coverage>([key, pass])
    return counts ?? { total: 0, indexed: 0, stale: 0 }
  }
}
