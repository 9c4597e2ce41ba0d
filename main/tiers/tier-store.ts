import { ExpectedError } from '../../native-models/expected-error.ts'
import { mostTiers } from '../api/common/rules.ts'
import type { Caption } from '../api/library/library.ts'
import type { Tier, TierContent } from '../api/library/tiers.ts'
import type { Database } from '../storage/database.ts'

interface Row {
  readonly id: number
  readonly name: string
  readonly revision: number
  readonly spans: string
  readonly history: string
}

const columns = 'id, name, revision, spans, history'
const empty: TierContent = { spans: [], done: [], undone: [] }

/** The tiers of every content in the workspace, in the order in which they were made. */
export class TierStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(contentId: string): Tier[] {
    return this.#database
      .prepare(`SELECT ${columns} FROM span_tiers WHERE content_id = ? ORDER BY id`)
      .all<Row>([contentId])
      .map(tierOf)
  }

  /** @throws ExpectedError `tier-name`, or `tier-full` when the video has as many as it may have. */
  add(contentId: string, name: string, content: TierContent = empty): Tier {
    return this.#database.transaction(() => {
      // The database compares: what is half a character is another one there.
      const same = this.#database.prepare('SELECT 1 FROM span_tiers WHERE content_id = ? AND name = ?')
      if (same.get([contentId, name])) throw taken(name)
      if (this.of(contentId).length >= mostTiers) {
        throw new ExpectedError('tier-full', `A video has ${mostTiers} tiers at most: remove one first.`)
      }
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO span_tiers (content_id, name, revision, spans, history) VALUES (?, ?, 0, ?, ?)')
        .run([contentId, name, ...written(content)])
      return this.#get(lastInsertRowid)
    })
  }

  /** @throws ExpectedError `tier-unknown`, or `tier-name` when another tier of the video is called so. */
  rename(id: number, name: string): Tier {
    return this.#database.transaction(() => {
      this.#get(id)
      const other = this.#database
        .prepare(
          `SELECT 1 FROM span_tiers
           WHERE name = ?2 AND id <> ?1 AND content_id = (SELECT content_id FROM span_tiers WHERE id = ?1)`,
        )
        .get([id, name])
      if (other) throw taken(name)
      this.#database.prepare('UPDATE span_tiers SET name = ?2 WHERE id = ?1').run([id, name])
      return this.#get(id)
    })
  }

  /** @throws ExpectedError `tier-unknown`. */
  remove(id: number): Tier {
    return this.#database.transaction(() => {
      const tier = this.#get(id)
      this.#database.prepare('DELETE FROM span_tiers WHERE id = ?').run([id])
      return tier
    })
  }

  /** @throws ExpectedError `tier-unknown`, `tiers-elsewhere` when another window has edited it since. */
  keep({ id, revision, ...content }: TierContent & { readonly id: number; readonly revision: number }): number {
    return this.#database.transaction(() => {
      const before = this.#get(id)
      if (before.revision !== revision) {
        throw new ExpectedError(
          'tiers-elsewhere',
          `The tier ‘${before.name}’ was edited in another window meanwhile: it is shown now as that left it.`,
        )
      }
      this.#database
        .prepare('UPDATE span_tiers SET revision = ?2, spans = ?3, history = ?4 WHERE id = ?1')
        .run([id, revision + 1, ...written(content)])
      return revision + 1
    })
  }

  #get(id: number): Tier {
    const row = this.#database.prepare(`SELECT ${columns} FROM span_tiers WHERE id = ?`).get<Row>([id])
    if (row) return tierOf(row)
    throw new ExpectedError('tier-unknown', 'That tier is not there any more: another window has removed it.')
  }
}

function tierOf({ id, name, revision, spans, history }: Row): Tier {
  return {
    id,
    name,
    revision,
    spans: JSON.parse(spans) as Caption[],
    ...(JSON.parse(history) as Pick<Tier, 'done' | 'undone'>),
  }
}

function written({ spans, done, undone }: TierContent): [spans: string, history: string] {
  return [JSON.stringify(spans), JSON.stringify({ done, undone })]
}

function taken(name: string): ExpectedError {
  return new ExpectedError('tier-name', `A tier of this video is called ‘${name}’ already: give another name.`)
}
