import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { SavedView } from '../../api/library/curation.ts'
import { videoRules } from '../../api/library/video-rules.ts'
import type { VideoRules } from '../../api/library/video-rules.ts'
import type { Database } from '../../storage/database.ts'

export type KeptView = Omit<SavedView, 'videos'>

/** Rules that the user gave a name. */
export class Views {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** By name. Rules that cannot be read any more are left out. */
  list(): KeptView[] {
    return this.#database
      .prepare('SELECT id, name, rules FROM views ORDER BY name COLLATE NOCASE, id')
      .all<{ id: number; name: string; rules: string }>()
      .flatMap(({ id, name, rules }) => {
        const read = videoRules.safeParse(JSON.parse(rules))
        return read.success ? [{ id, name, rules: read.data }] : []
      })
  }

  /** Under a name that exists already the rules take the place of those before. */
  save(name: string, rules: VideoRules): KeptView {
    this.#database
      .prepare('INSERT INTO views (name, rules) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET rules = excluded.rules')
      .run([name, JSON.stringify(rules)])
    const id = this.#idOf(name)
    if (id === undefined) throw new Error(`The view just saved is not there: ${name}`)
    return { id, name, rules }
  }

  /** @throws ExpectedError `view-unknown`, or `view-name` when another view is called so. */
  rename(id: number, name: string): void {
    const other = this.#idOf(name)
    if (other !== undefined && other !== id) {
      throw new ExpectedError('view-name', `There is another view called “${name}”: choose another name.`)
    }
    if (this.#database.prepare('UPDATE views SET name = ? WHERE id = ?').run([name, id]).changes === 0) {
      throw new ExpectedError('view-unknown', `There is no view ${id} any more: it was deleted.`)
    }
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM views WHERE id = ?').run([id])
  }

  #idOf(name: string): number | undefined {
    return this.#database.prepare('SELECT id FROM views WHERE name = ?').get<{ id: number }>([name])?.id
  }
}
