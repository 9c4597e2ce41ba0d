import type { Connection, Table } from '@lancedb/lancedb'
import { arrow } from './arrow-rows.ts'
import type { EmbeddingLedger, LedgerEntry } from './embedding-ledger.ts'

const name = 'complete'
const { Field, Float64, Int32, Schema, Utf8 } = arrow
const schema = new Schema([
  new Field('content_id', new Utf8(), false),
  new Field('key', new Utf8(), false),
  new Field('pass', new Utf8(), false),
  new Field('model_hash', new Utf8(), false),
  new Field('rows', new Int32(), false),
  new Field('warnings', new Utf8(), false),
  new Field('created_at', new Float64(), false),
])

interface StoredEntry {
  readonly content_id: string
  readonly key: string
  readonly pass: LedgerEntry['pass']
  readonly model_hash: string
  readonly rows: number
  readonly warnings: string
  readonly created_at: number
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Which embeddings are complete in a store that several workspaces use, as a table of the store itself: what the
 * ledger in a workspace's database is to its own folder of vectors. An entry is written after its rows.
 */
export class SharedLedger {
  readonly #connection: Connection
  #table: Promise<Table> | null = null
  /** The version and number of entries that the ledger of this workspace has. */
  #taken: { readonly version: number; readonly entries: number } | null = null

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Notes finished passes; the same twice is the same as once. */
  async record(entries: readonly LedgerEntry[]): Promise<void> {
    const table = await this.#open()
    const where = entries
      .map(({ contentId, key }) => `(content_id = ${literal(contentId)} AND key = ${literal(key)})`)
      .join(' OR ')
    if ((await table.countRows(where)) > 0) await table.delete(where)
    await table.add(
      entries.map(
        ({ contentId, key, pass, modelHash, rows, warnings = [] }): StoredEntry & Record<string, unknown> => ({
          content_id: contentId,
          key,
          pass,
          model_hash: modelHash,
          rows,
          warnings: JSON.stringify(warnings),
          created_at: Date.now(),
        }),
      ),
    )
  }

  /** Which of these contents are complete under a key. */
  async complete(key: string, contentIds: readonly string[]): Promise<Set<string>> {
    const table = await this.#open()
    const ids = contentIds.map(literal).join(', ')
    const rows = (await table
      .query()
      .where(`key = ${literal(key)} AND content_id IN (${ids})`)
      .select(['content_id'])
      .toArray()) as Pick<StoredEntry, 'content_id'>[]
    return new Set(rows.map(row => row.content_id))
  }

  /** Has a workspace's ledger say what the store says; quick when nothing has changed. */
  async copyTo(ledger: EmbeddingLedger): Promise<void> {
    const table = await this.#open()
    const version = await table.version()
    if (this.#taken?.version === version && this.#taken.entries === ledger.size) return
    const rows = (await table.query().toArray()) as StoredEntry[]
    ledger.restore(
      rows.map(row => ({
        contentId: row.content_id,
        key: row.key,
        pass: row.pass,
        modelHash: row.model_hash,
        rows: row.rows,
        warnings: JSON.parse(row.warnings) as string[],
        createdAt: row.created_at,
      })),
    )
    this.#taken = { version, entries: ledger.size }
  }

  /** Merges the small files that single entries leave. */
  async merge(): Promise<void> {
    await (await this.#open()).optimize()
  }

  close(): void {
    void this.#table?.then(
      table => table.close(),
      () => undefined,
    )
  }

  #open(): Promise<Table> {
    this.#table ??= this.#connection.createEmptyTable(name, schema, { mode: 'create', existOk: true })
    this.#table.catch(() => {
      this.#table = null
    })
    return this.#table
  }
}
