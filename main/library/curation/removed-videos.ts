import type { RemovedVideo } from '../../api/library/curation.ts'
import type { Database } from '../../storage/database.ts'

/**
 * Videos that the user took off the list: scans pass over their files, which stay untouched. Their embeddings are kept
 * as long as their folder is open, so that to put one back costs nothing.
 */
export class RemovedVideos {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): RemovedVideo[] {
    return this.#database.prepare('SELECT path, folder_id AS folderId FROM removed_videos ORDER BY path').all()
  }

  paths(): ReadonlySet<string> {
    return new Set(this.list().map(({ path }) => path))
  }

  /** @returns the paths of those that were in the list. */
  remove(videoIds: readonly number[]): string[] {
    const ids = JSON.stringify(videoIds)
    return this.#database.transaction(() => {
      const paths = this.#database
        .prepare('SELECT path FROM videos WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path')
        .all<{ path: string }>([ids])
        .map(({ path }) => path)
      this.#database
        .prepare(
          `INSERT OR REPLACE INTO removed_videos (path, folder_id, content_id)
           SELECT path, folder_id, content_id FROM videos WHERE id IN (SELECT value FROM json_each(?))`,
        )
        .run([ids])
      this.#database.prepare('DELETE FROM videos WHERE id IN (SELECT value FROM json_each(?))').run([ids])
      return paths
    })
  }

  /** Lets scans find these files again, all when null. @returns them. */
  forget(paths: readonly string[] | null): RemovedVideo[] {
    return this.#database.transaction(() => {
      const wanted = paths && new Set(paths)
      const forgotten = this.list().filter(({ path }) => wanted === null || wanted.has(path))
      this.#database
        .prepare('DELETE FROM removed_videos WHERE path IN (SELECT value FROM json_each(?))')
        .run([JSON.stringify(forgotten.map(({ path }) => path))])
      return forgotten
    })
  }
}
