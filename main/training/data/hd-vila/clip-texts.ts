import { rm } from 'node:fs/promises'
import Libsql from 'libsql'
import { z } from 'zod'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { Database } from '../../../storage/database.ts'
import { givenLines } from '../files/lines.ts'

/** A line of texts: of one clip, or of several by their ids. */
const textLine = z.union([
  z.object({ clip_id: z.string(), text: z.string() }).transform(({ clip_id, text }) => [[clip_id, text] as const]),
  z
    .object({ clip_id: z.string(), caption: z.string() })
    .transform(({ clip_id, caption }) => [[clip_id, caption] as const]),
  z.record(z.string(), z.string()).transform(texts => Object.entries(texts)),
])

/** Lines written in one transaction. */
const together = 20_000

/**
 * What is said in clips, by clip, on the disk: a hundred million texts do not fit into memory. Read from lines
 * `{"clip_id": …, "text": …}` (or `caption`), or `{"CLIP": "TEXT", …}`.
 */
export class ClipTexts {
  readonly #database: Database | null
  readonly #store: string

  private constructor(database: Database | null, store: string) {
    this.#database = database
    this.#store = store
  }

  /**
   * @param store a file for the time of use. @throws ExpectedError when a file cannot be read, or a line gives no
   * texts.
   */
  static async read(
    files: readonly string[],
    store: string,
    { signal, onFile }: { readonly signal: AbortSignal; readonly onFile: (file: string) => void },
  ): Promise<ClipTexts> {
    if (files.length === 0) return new ClipTexts(null, store)
    await rm(store, { force: true })
    const database = new Database(new Libsql(store), store)
    const texts = new ClipTexts(database, store)
    try {
      // Nothing of it outlives the command: a crash may lose it.
      database.exec(
        'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE texts (clip TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID',
      )
      const insert = database.prepare('INSERT OR REPLACE INTO texts VALUES (?, ?)')
      for (const file of files) {
        onFile(file)
        const waiting: (readonly [string, string])[] = []
        const write = () =>
          database.transaction(() => {
            for (const [clip, text] of waiting.splice(0)) insert.run([clip, text])
          })
        for await (const { line, value } of givenLines(file, signal)) {
          const told = textLine.safeParse(value)
          if (!told.success) {
            throw new ExpectedError(
              'texts-unreadable',
              `${file}:${line} gives no text of a clip; give lines like {"clip_id": "X.1.mp4", "text": "…"} or {"X.1.mp4": "…"}.`,
            )
          }
          waiting.push(...told.data)
          if (waiting.length >= together) write()
        }
        write()
      }
      return texts
    } catch (error) {
      await texts.close()
      throw error
    }
  }

  of(clip: string): string | null {
    return this.#database?.prepare('SELECT text FROM texts WHERE clip = ?').get<{ text: string }>([clip])?.text ?? null
  }

  /** Deletes the file. */
  async close(): Promise<void> {
    this.#database?.close()
    await rm(this.#store, { force: true })
  }
}
