import type { CaptionStep } from '../../api/library/captions.ts'
import type { Caption } from '../../api/library/library.ts'
import type { Database } from '../../storage/database.ts'

/** What a caption file said: null for `file` and `hash` where there was none. */
export interface FileState {
  readonly file: string | null
  /** SHA-256 of its bytes. */
  readonly hash: string | null
  readonly sentences: readonly Caption[]
}

/** The edited sentences of a video, how they came to be, and the file that they go back to. */
export interface KeptDraft {
  readonly revision: number
  readonly sentences: Caption[]
  readonly done: CaptionStep[]
  readonly undone: CaptionStep[]
  readonly edited: boolean
  readonly base: FileState
  /** Of what the workbench wrote last. */
  readonly writtenHash: string | null
}

interface Row {
  readonly revision: number
  readonly sentences: string
  readonly history: string
  readonly edited: number
  readonly file: string | null
  readonly fileHash: string | null
  readonly fileSentences: string
  readonly writtenHash: string | null
}

/** Captions that are being edited, by the path of their video. */
export class CaptionDrafts {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  of(path: string): KeptDraft | undefined {
    const row = this.#database
      .prepare(
        `SELECT revision, sentences, history, edited, file, file_hash AS fileHash, file_sentences AS fileSentences,
           written_hash AS writtenHash
         FROM caption_drafts WHERE path = ?`,
      )
      .get<Row>([path])
    return (
      row && {
        revision: row.revision,
        sentences: JSON.parse(row.sentences) as Caption[],
        ...(JSON.parse(row.history) as Pick<KeptDraft, 'done' | 'undone'>),
        edited: row.edited !== 0,
        base: { file: row.file, hash: row.fileHash, sentences: JSON.parse(row.fileSentences) as Caption[] },
        writtenHash: row.writtenHash,
      }
    )
  }

  /** The sentences of a video that differ from its file; undefined where none do. */
  editedOf(path: string): Caption[] | undefined {
    const row = this.#database
      .prepare('SELECT sentences FROM caption_drafts WHERE path = ? AND edited = 1')
      .get<{ sentences: string }>([path])
    return row && (JSON.parse(row.sentences) as Caption[])
  }

  /** Every video with such sentences, by path. */
  edited(): { path: string; file: string | null; sentences: number }[] {
    return this.#database
      .prepare(
        `SELECT path, file, json_array_length(sentences) AS sentences FROM caption_drafts WHERE edited = 1 ORDER BY path`,
      )
      .all()
  }

  /** The paths of the videos whose captions were edited here, whether or not they were saved since. */
  corrected(): string[] {
    return this.#database
      .prepare('SELECT path FROM caption_drafts WHERE edited = 1 OR written_hash IS NOT NULL ORDER BY path')
      .all<{ path: string }>()
      .map(({ path }) => path)
  }

  put(path: string, draft: KeptDraft): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO caption_drafts
           (path, revision, sentences, history, edited, file, file_hash, file_sentences, written_hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run([
        path,
        draft.revision,
        JSON.stringify(draft.sentences),
        JSON.stringify({ done: draft.done, undone: draft.undone }),
        draft.edited ? 1 : 0,
        draft.base.file,
        draft.base.hash,
        JSON.stringify(draft.base.sentences),
        draft.writtenHash,
      ])
  }
}
