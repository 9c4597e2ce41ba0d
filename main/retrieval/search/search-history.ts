import { basename } from 'node:path'
import { rememberedSearches } from '../../api/common/rules.ts'
import type { PastSearch, RememberedSearch } from '../../api/search.ts'
import type { Database } from '../../storage/database.ts'

interface Row extends Omit<PastSearch, 'like'> {
  readonly videoId: number | null
  readonly start: number | null
  readonly end: number | null
  readonly path: string | null
}

/** Searches of the workspace: the last ones, and those that the user gave a name, which stay until they are deleted. */
export class SearchHistory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): PastSearch[] {
    return this.#database
      .prepare(
        `SELECT searches.id, text, level, searches.name, searched_at AS at, video_id AS videoId, span_start AS start,
           span_end AS end, videos.path
         FROM searches LEFT JOIN videos ON videos.id = video_id
         ORDER BY searches.name IS NULL, searches.name COLLATE NOCASE, searched_at DESC, searches.id DESC`,
      )
      .all<Row>()
      .map(({ videoId, start, end, path, ...past }) => ({
        ...past,
        like: videoId === null || path === null ? null : { videoId, start, end, name: basename(path) },
      }))
  }

  remember({ text, level, like }: RememberedSearch): PastSearch[] {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          // A video that has left the library meanwhile is not remembered.
          `INSERT INTO searches (text, level, video_id, span_start, span_end, searched_at)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?3 IS NULL OR EXISTS (SELECT 1 FROM videos WHERE id = ?3)
           ON CONFLICT (text, level, ifnull(video_id, 0), ifnull(span_start, -1), ifnull(span_end, -1))
           DO UPDATE SET searched_at = excluded.searched_at`,
        )
        .run([
          like ? '' : text.trim(),
          level,
          like?.videoId ?? null,
          like?.start ?? null,
          like?.end ?? null,
          Date.now(),
        ])
      this.#database
        .prepare(
          `DELETE FROM searches WHERE name IS NULL AND id NOT IN
           (SELECT id FROM searches WHERE name IS NULL ORDER BY searched_at DESC, id DESC LIMIT ?)`,
        )
        .run([rememberedSearches])
    })
    return this.list()
  }

  name(id: number, name: string | null): PastSearch[] {
    this.#database.prepare('UPDATE searches SET name = ? WHERE id = ?').run([name, id])
    return this.list()
  }

  /** Null forgets all that have no name. */
  forget(id: number | null): PastSearch[] {
    if (id === null) this.#database.prepare('DELETE FROM searches WHERE name IS NULL').run()
    else this.#database.prepare('DELETE FROM searches WHERE id = ?').run([id])
    return this.list()
  }
}
