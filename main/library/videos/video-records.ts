import { basename } from 'node:path'
import type { VideoState } from '../../api/library/library.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import type { Database } from '../../storage/database.ts'
import { stampText } from '../../storage/files/file-identity.ts'
import type { FileStamp } from '../../storage/files/file-identity.ts'
import type { Captions } from '../captions/captions.ts'
import { foldText, naturalOrder, pathRange } from '../folders/video-files.ts'

/** What the library remembers of a file, to see what has changed. */
export interface VideoRecord {
  readonly id: number
  readonly path: string
  readonly state: VideoState
  readonly stamp: string | null
  readonly contentId: string | null
  readonly captionStamp: string | null
}

/** A part of the library: an opened folder, or a folder in it, or the files that were opened by themselves. */
export type Scope =
  { readonly folderId: number; readonly directory: string; readonly recursive: boolean } | { readonly folderId: null }

const columns = 'id, path, state, stamp, content_id AS contentId, caption_stamp AS captionStamp'

/** The rows of videos, as a scan writes them. */
export class VideoRecords {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Up to `limit` records of a scope, by path, after the path given. */
  in(scope: Scope, after: string, limit: number): VideoRecord[] {
    const [first, last] = scope.folderId === null ? ['', '\u{10ffff}'] : pathRange(scope.directory)
    return this.#database
      .prepare(`SELECT ${columns} FROM videos WHERE folder_id IS ? AND path > ? AND path < ? ORDER BY path LIMIT ?`)
      .all<VideoRecord>([scope.folderId, after > first ? after : first, last, limit])
  }

  byPath(file: string): VideoRecord | undefined {
    return this.#database.prepare(`SELECT ${columns} FROM videos WHERE path = ?`).get<VideoRecord>([file])
  }

  /** Adds a file that was just found, or gives it to this folder. `opened`: by the user, by itself. */
  add(folderId: number | null, file: FileStamp & { readonly path: string }, opened = false): void {
    this.#database.transaction(() => {
      const name = basename(file.path)
      this.#database
        .prepare(
          `
        INSERT INTO videos (folder_id, opened, path, name, sort_name, state, size, modified_at) VALUES (?, ?, ?, ?, ?, 'new', ?, ?)
        ON CONFLICT (path) DO UPDATE SET folder_id = excluded.folder_id, opened = MAX(opened, excluded.opened)`,
        )
        .run([folderId, opened ? 1 : 0, file.path, name, naturalOrder(name), file.size, milliseconds(file)])
      const id = this.byPath(file.path)?.id
      if (id !== undefined) {
        this.#database
          .prepare('INSERT OR IGNORE INTO search_texts (video_id, text) VALUES (?, ?)')
          .run([id, foldText(name)])
      }
    })
  }

  /** Null for a file that was not identified, and for a video that is not there. */
  contentOf(id: number): string | null {
    const row = this.#database
      .prepare('SELECT content_id AS contentId FROM videos WHERE id = ?')
      .get<{ contentId: string | null }>([id])
    return row?.contentId ?? null
  }

  /** A video's file and what is known to be wrong with it; undefined when it is not in the library. */
  problemOf(id: number): { readonly path: string; readonly problem: string | null } | undefined {
    return this.#database
      .prepare('SELECT path, problem FROM videos WHERE id = ?')
      .get<{ path: string; problem: string | null }>([id])
  }

  /** The content of the file is known and can be played. */
  markReady(
    id: number,
    { file, contentId, info }: { readonly file: FileStamp; readonly contentId: string; readonly info: MediaInfo },
  ): void {
    this.#database
      .prepare(
        `
      UPDATE videos SET state = 'ready', problem = NULL, size = ?, modified_at = ?, stamp = ?, content_id = ?, info = ?,
        duration = ?, width = ?, height = ?, frame_rate = ?, codec = ?, has_audio = ? WHERE id = ?`,
      )
      .run([
        file.size,
        milliseconds(file),
        stampText(file),
        contentId,
        JSON.stringify(info),
        info.duration,
        info.width,
        info.height,
        info.frameRate,
        info.codec,
        info.hasAudio ? 1 : 0,
        id,
      ])
  }

  /** The file is there but of no use; every scan looks at it again. */
  markUnusable(id: number, file: FileStamp, problem: string): void {
    this.#database
      .prepare(
        `
      UPDATE videos SET state = 'failed', problem = ?, size = ?, modified_at = ?, stamp = ?, content_id = NULL, info = NULL,
        duration = NULL, width = NULL, height = NULL, frame_rate = NULL, codec = NULL, has_audio = NULL WHERE id = ?`,
      )
      .run([problem, file.size, milliseconds(file), stampText(file), id])
  }

  /** Forgets what was read of these files, so that the next scan reads them as if they were new. */
  forgetReading(ids: readonly number[]): { readonly path: string; readonly folderId: number | null }[] {
    const chosen = [JSON.stringify(ids)]
    return this.#database.transaction(() => {
      const files = this.#database
        .prepare(
          `SELECT path, folder_id AS folderId FROM videos
           WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'missing' ORDER BY path`,
        )
        .all<{ path: string; folderId: number | null }>(chosen)
      this.#database
        .prepare(
          `UPDATE videos SET state = 'new', problem = NULL, stamp = NULL, info = NULL, caption_stamp = NULL
           WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'missing'`,
        )
        .run(chosen)
      return files
    })
  }

  /** What was found out later than the scan; the next scan looks again. */
  markFailed(id: number, problem: string): void {
    this.#database.prepare(`UPDATE videos SET state = 'failed', problem = ? WHERE id = ?`).run([problem, id])
  }

  markMissing(id: number, problem: string): void {
    this.#database.prepare(`UPDATE videos SET state = 'missing', problem = ? WHERE id = ?`).run([problem, id])
  }

  /** The file of a missing video is there again; `unchanged`: with the content it had. */
  markBack(id: number, unchanged: boolean): void {
    this.#database
      .prepare('UPDATE videos SET state = ?, problem = NULL WHERE id = ?')
      .run([unchanged ? 'ready' : 'new', id])
  }

  /** What is known of a content from another file that holds it; what earlier versions found out is looked for anew. */
  infoOf(contentId: string): MediaInfo | null {
    const row = this.#database
      .prepare(`SELECT info FROM videos WHERE content_id = ? AND json_extract(info, '$.stream') IS NOT NULL LIMIT 1`)
      .get<{ info: string }>([contentId])
    return row ? (JSON.parse(row.info) as MediaInfo) : null
  }

  /** A missing video whose content was found under another path. */
  missingWith(contentId: string): VideoRecord | undefined {
    return this.#database
      .prepare(`SELECT ${columns} FROM videos WHERE content_id = ? AND state = 'missing' ORDER BY id LIMIT 1`)
      .get<VideoRecord>([contentId])
  }

  /** A file was moved: the missing video takes the place of the one just found, and keeps its number. */
  move(missingId: number, foundId: number): void {
    this.#database.transaction(() => {
      const found = this.#database
        .prepare('SELECT folder_id, opened, path, name, sort_name FROM videos WHERE id = ?')
        .get<{ folder_id: number | null; opened: number; path: string; name: string; sort_name: string }>([foundId])
      if (!found) return
      this.#database.prepare('DELETE FROM videos WHERE id = ?').run([foundId])
      this.#database
        .prepare(
          `UPDATE videos SET folder_id = ?, opened = ?, path = ?, name = ?, sort_name = ?, caption_stamp = NULL WHERE id = ?`,
        )
        .run([found.folder_id, found.opened, found.path, found.name, found.sort_name, missingId])
    })
  }

  /** @param stamp of the files that were read; null when they are to be read again. */
  setCaptions(id: number, captions: Captions, stamp: string | null): void {
    this.#database.transaction(() => {
      const changed = this.#database
        .prepare(
          'UPDATE videos SET sentences = ?, caption_file = ?, caption_problem = ?, caption_stamp = ? WHERE id = ?',
        )
        .run([captions.sentences.length, captions.file, captions.problem, stamp, id]).changes
      if (changed === 0) return
      this.#database
        .prepare('INSERT OR REPLACE INTO captions (video_id, sentences) VALUES (?, ?)')
        .run([id, JSON.stringify(captions.sentences)])
      this.#database
        .prepare(
          `
        INSERT OR REPLACE INTO search_texts (video_id, text) SELECT id, ? FROM videos WHERE id = ?`,
        )
        .run([foldText([this.#name(id), ...captions.sentences.map(sentence => sentence.text)].join('\n')), id])
    })
  }

  /**
   * Of these missing videos, forgets those nothing is lost with: never embedded, or their content is in another file,
   * which gets their tags.
   */
  forgetNeedless(ids: readonly number[]): void {
    this.#database
      .prepare(
        `
      INSERT OR IGNORE INTO video_tags (video_id, folded, tag)
      SELECT other.id, t.folded, t.tag FROM videos AS gone
      JOIN video_tags t ON t.video_id = gone.id
      JOIN videos AS other ON other.content_id = gone.content_id AND other.state = 'ready'
      WHERE gone.id IN (SELECT value FROM json_each(?)) AND gone.state = 'missing'`,
      )
      .run([JSON.stringify(ids)])
    this.#database
      .prepare(
        `
      DELETE FROM videos WHERE id IN (SELECT value FROM json_each(?)) AND state = 'missing' AND (
        NOT EXISTS (SELECT 1 FROM embeddings WHERE embeddings.content_id = videos.content_id)
        OR EXISTS (SELECT 1 FROM videos AS other WHERE other.content_id = videos.content_id AND other.state = 'ready'))`,
      )
      .run([JSON.stringify(ids)])
  }

  /** Writes all or nothing. */
  together(work: () => void): void {
    this.#database.transaction(work)
  }

  /** The same with what the next scan would find again. */
  found(work: () => void): void {
    this.#database.repeatable(() => this.#database.transaction(work))
  }

  #name(id: number): string {
    return this.#database.prepare('SELECT name FROM videos WHERE id = ?').get<{ name: string }>([id])?.name ?? ''
  }
}

function milliseconds(file: FileStamp): number {
  return Number(file.modifiedNs / 1000n) / 1000
}
