import { rememberedSearches } from '../../api/common/rules.ts'
import type { PastSearch } from '../../api/search.ts'
import type { Database } from '../../storage/database.ts'

/** Searches of the workspace: the last ones, and those that the user gave a name, which stay until they are deleted. */
export class SearchHistory {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): PastSearch[] {
    return this.#database
      .prepare(
        `SELECT id, text, level, name, searched_at AS at FROM searches
         ORDER BY name IS NULL, name COLLATE NOCASE, searched_at DESC, id DESC`,
      )
      .all<PastSearch>()
  }

  remember(text: string, level: PastSearch['level']): PastSearch[] {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO searches (text, level, searched_at) VALUES (?, ?, ?)
           ON CONFLICT (text, level) DO UPDATE SET searched_at = excluded.searched_at`,
        )
        .run([text.trim(), level, Date.now()])
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
