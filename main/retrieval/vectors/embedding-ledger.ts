import type { Database } from '../../storage/database.ts'
import type { Pass } from './embedding-key.ts'

/**
 * One finished pass over one video. `rows` is the number of rows in the vector store; `warnings` says what was wrong
 * with the frames, as that some had to be replaced.
 */
export interface LedgerEntry {
  contentId: string
  key: string
  pass: Pass
  modelHash: string
  rows: number
  warnings?: readonly string[]
}

/** A finished pass as it is remembered; `createdAt` in milliseconds since the epoch. */
export interface StoredPass {
  readonly key: string
  readonly pass: Pass
  readonly modelHash: string
  readonly createdAt: number
  readonly warnings: readonly string[]
}

/**
 * Which embeddings are complete. A video counts as indexed when its entry is here: the entry is written after the
 * vectors, so that a crash in between leaves rows that nobody counts on and the next index job replaces.
 */
export class EmbeddingLedger {
  readonly #database: Database
  readonly #changed: () => void

  /** `changed` is called after each change, for those who show what is indexed. */
  constructor(database: Database, changed: () => void = () => undefined) {
    this.#database = database
    this.#changed = changed
  }

  /**
   * The ledger of a store that other workspaces use too: it is a copy, which shadows the workspace's own in this
   * connection and goes with it.
   */
  static copy(database: Database, changed?: () => void): EmbeddingLedger {
    database.exec(`
      CREATE TEMP TABLE embeddings (
        content_id TEXT NOT NULL, key TEXT NOT NULL, pass TEXT NOT NULL, model_hash TEXT NOT NULL, rows INTEGER NOT NULL,
        created_at INTEGER NOT NULL, warnings TEXT NOT NULL DEFAULT '[]', PRIMARY KEY (content_id, key)
      );
      CREATE INDEX temp.copied_by_pass ON embeddings (pass, content_id, key);
    `)
    return new EmbeddingLedger(database, changed)
  }

  /** Number of entries under all keys. */
  get size(): number {
    return this.#database.prepare('SELECT COUNT(*) AS size FROM embeddings').get<{ size: number }>()?.size ?? 0
  }

  /** Number of rows of each video that is complete under a key; of these videos only, when named. */
  complete(key: string, contentIds?: readonly string[]): Map<string, number> {
    const rows = contentIds
      ? this.#database
          .prepare(
            'SELECT content_id, rows FROM embeddings WHERE key = ? AND content_id IN (SELECT value FROM json_each(?))',
          )
          .all<StoredEntry>([key, JSON.stringify(contentIds)])
      : this.#database.prepare('SELECT content_id, rows FROM embeddings WHERE key = ?').all<StoredEntry>([key])
    return new Map(rows.map(row => [row.content_id, row.rows]))
  }

  /** Every key under which something is complete. */
  keys(): string[] {
    return this.#database
      .prepare('SELECT DISTINCT key FROM embeddings')
      .all<{ key: string }>()
      .map(({ key }) => key)
  }

  has(contentId: string, key: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM embeddings WHERE content_id = ? AND key = ?').get([contentId, key]) !==
      undefined
    )
  }

  /** What was wrong with the frames of a finished pass. */
  warnings(contentId: string, key: string): string[] {
    const stored = this.#database
      .prepare('SELECT warnings FROM embeddings WHERE content_id = ? AND key = ?')
      .get<{ warnings: string }>([contentId, key])
    return stored ? (JSON.parse(stored.warnings) as string[]) : []
  }

  /** Every finished pass over a content, under any key. */
  passes(contentId: string): StoredPass[] {
    return this.#database
      .prepare(
        `SELECT key, pass, model_hash AS modelHash, created_at AS createdAt, warnings FROM embeddings
         WHERE content_id = ? ORDER BY created_at`,
      )
      .all<Omit<StoredPass, 'warnings'> & { warnings: string }>([contentId])
      .map(one => ({ ...one, warnings: JSON.parse(one.warnings) as string[] }))
  }

  record({ contentId, key, pass, modelHash, rows, warnings = [] }: LedgerEntry): void {
    this.#database
      .prepare(
        `
      INSERT OR REPLACE INTO embeddings (content_id, key, pass, model_hash, rows, warnings, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run([contentId, key, pass, modelHash, rows, JSON.stringify(warnings), Date.now()])
    this.#changed()
  }

  /** Puts these in the place of everything; `createdAt` in milliseconds since the epoch. */
  restore(entries: readonly (LedgerEntry & { readonly createdAt: number })[]): void {
    this.#database.transaction(() => {
      this.#database.exec('DELETE FROM embeddings')
      const insert = this.#database.prepare(
        `INSERT OR REPLACE INTO embeddings (content_id, key, pass, model_hash, rows, warnings, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      for (const { contentId, key, pass, modelHash, rows, warnings = [], createdAt } of entries) {
        insert.run([contentId, key, pass, modelHash, rows, JSON.stringify(warnings), createdAt])
      }
    })
    this.#changed()
  }

  /** Takes back that these videos are complete under a key. */
  erase(contentIds: readonly string[], key: string): void {
    this.#database
      .prepare('DELETE FROM embeddings WHERE key = ? AND content_id IN (SELECT value FROM json_each(?))')
      .run([key, JSON.stringify(contentIds)])
    this.#changed()
  }

  /** Forgets these videos under every key. */
  forget(contentIds: readonly string[]): void {
    this.#database
      .prepare('DELETE FROM embeddings WHERE content_id IN (SELECT value FROM json_each(?))')
      .run([JSON.stringify(contentIds)])
    this.#changed()
  }
}

interface StoredEntry {
  content_id: string
  rows: number
}
