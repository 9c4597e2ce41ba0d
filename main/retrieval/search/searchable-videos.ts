import { unknownFolder } from '../../library/folders/folders.ts'
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

  /**
   * Ids of the videos that hold each content, of one folder when it is given, by path. Contents that no such video
   * holds are left out.
   */
  byContent(contentIds: readonly string[], folderId: number | null = null): Map<string, number[]> {
    const rows = this.#database
      .prepare(
        `
      SELECT id, content_id FROM videos WHERE state = 'ready' AND (?2 IS NULL OR folder_id = ?2)
        AND content_id IN (SELECT value FROM json_each(?1)) ORDER BY path`,
      )
      .all<{ id: number; content_id: string }>([JSON.stringify(contentIds), folderId])
    const videos = new Map<string, number[]>()
    for (const { id, content_id: content } of rows) videos.set(content, [...(videos.get(content) ?? []), id])
    return videos
  }

  /** The contents of the videos of a folder. */
  contentsIn(folderId: number): string[] {
    return this.#database
      .prepare(`SELECT DISTINCT content_id AS content FROM videos WHERE state = 'ready' AND folder_id = ?`)
      .all<{ content: string }>([folderId])
      .map(({ content }) => content)
  }

  /** Of one folder when it is given. @throws ExpectedError `folder-unknown`. */
  coverage(pass: Pass, key: string, folderId: number | null = null): Coverage {
    if (folderId !== null && !this.#database.prepare('SELECT 1 FROM folders WHERE id = ?').get([folderId])) {
      throw unknownFolder(folderId)
    }
    const counts = this.#database
      .prepare(
        `
      SELECT COUNT(*) AS total, COALESCE(SUM(current = 1), 0) AS indexed, COALESCE(SUM(current = 0), 0) AS stale
      FROM videos v LEFT JOIN (SELECT content_id, MAX(key = ?1) AS current FROM embeddings WHERE pass = ?2 GROUP BY content_id) AS e ON e.content_id = v.content_id
      WHERE v.state = 'ready' AND (?3 IS NULL OR v.folder_id = ?3)`,
      )
      .get<Coverage>([key, pass, folderId])
    return counts ?? { total: 0, indexed: 0, stale: 0 }
  }
}
