import { opendir, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Folder } from '../api/library.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Database } from '../storage/index.ts'
import { fileProblem } from './file-problem.ts'
import { isInside } from './video-files.ts'

/** An opened folder. `realPath` has all links resolved. */
export interface OpenedFolder { readonly id: number, readonly path: string, readonly realPath: string }

/** The opened folders. One may lie inside another: a video belongs to the nearest. */
export class Folders {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** As shown, by path. */
  list(): Folder[] {
    return this.#database.prepare(`
      SELECT id, path, problem, (SELECT COUNT(*) FROM videos WHERE folder_id = folders.id) AS videos FROM folders ORDER BY path`).all<Folder>()
  }

  opened(): OpenedFolder[] {
    return this.#database.prepare('SELECT id, path, real_path AS realPath FROM folders ORDER BY path').all<OpenedFolder>()
  }

  folder(id: number): Folder {
    const folder = this.list().find((candidate) => candidate.id === id)
    if (!folder) throw new ExpectedError('folder-unknown', `There is no opened folder ${id}: it was removed.`)
    return folder
  }

  /**
   * Opens a folder, or finds it when it is open already, be it under another name. Videos that an outer folder had
   * inside it become its own.
   * @throws ExpectedError `folder-unreadable`.
   */
  async add(directory: string): Promise<Folder> {
    const asked = path.resolve(directory)
    let realPath: string
    try {
      realPath = await realpath(asked)
      await (await opendir(realPath)).close()
    } catch (error) {
      throw new ExpectedError('folder-unreadable', fileProblem(asked, error), { cause: error })
    }
    return this.#database.transaction(() => {
      const opened = this.opened()
      const same = opened.find((folder) => folder.realPath === realPath)
      if (same) return this.folder(same.id)
      // Inside another opened folder it goes by that folder's name, so that its videos keep their paths.
      const outer = nearest(opened, realPath, 'realPath')
      const shown = outer ? path.join(outer.path, path.relative(outer.realPath, realPath)) : asked
      const { lastInsertRowid: id } = this.#database.prepare('INSERT INTO folders (path, real_path, added_at) VALUES (?, ?, ?)').run([shown, realPath, Date.now()])
      this.#assignVideos()
      return this.folder(id)
    })
  }

  /**
   * Forgets a folder with its videos, except those that lie in another opened folder or were opened by themselves, and
   * the embeddings of contents that no video is left of.
   * @returns the identities of those contents, whose vectors are to be forgotten too.
   */
  remove(id: number): string[] {
    return this.#database.transaction(() => {
      this.folder(id)
      const contents = this.#database.prepare('SELECT DISTINCT content_id AS id FROM videos WHERE folder_id = ? AND content_id IS NOT NULL').all<{ id: string }>([id])
      this.#database.prepare('DELETE FROM folders WHERE id = ?').run([id])
      this.#assignVideos()
      this.#database.prepare('DELETE FROM videos WHERE folder_id IS NULL AND opened = 0').run()
      const held = this.#database.prepare('SELECT 1 FROM videos WHERE content_id = ?')
      const left = contents.map((content) => content.id).filter((content) => held.get([content]) === undefined)
      this.#database.prepare('DELETE FROM embeddings WHERE content_id IN (SELECT value FROM json_each(?))').run([JSON.stringify(left)])
      return left
    })
  }

  setProblem(id: number, problem: string | null): void {
    this.#database.prepare('UPDATE folders SET problem = ? WHERE id = ?').run([problem, id])
  }

  /** The opened folder a real path belongs to. */
  nearestTo(realPath: string): OpenedFolder | undefined {
    return nearest(this.opened(), realPath, 'realPath')
  }

  /** The opened folder a path in the library belongs to. */
  nearestByPath(file: string): OpenedFolder | undefined {
    return nearest(this.opened(), file, 'path')
  }

  /** How a file is called in the library: by its own path where that leads into an opened folder, else as that folder has it. */
  async nameFor(file: string): Promise<{ path: string, folderId: number | null }> {
    const asked = path.resolve(file)
    const opened = this.opened()
    const named = nearest(opened, asked, 'path')
    if (named) return { path: asked, folderId: named.id }
    const real = await realpath(asked)
    const holder = nearest(opened, real, 'realPath')
    return holder ? { path: path.join(holder.path, path.relative(holder.realPath, real)), folderId: holder.id } : { path: asked, folderId: null }
  }

  /** Gives every video to the nearest folder around its path. */
  #assignVideos(): void {
    this.#database.prepare(`
      UPDATE videos SET folder_id = nearest.id FROM (
        SELECT videos.id AS video_id, outer.id AS id, MAX(LENGTH(outer.prefix)) FROM videos
        JOIN (SELECT id, RTRIM(path, ?1) || ?1 AS prefix FROM folders) AS outer ON SUBSTR(videos.path, 1, LENGTH(outer.prefix)) = outer.prefix
        GROUP BY videos.id) AS nearest
      WHERE nearest.video_id = videos.id AND videos.folder_id IS NOT nearest.id`).run([path.sep])
  }
}

function nearest(opened: readonly OpenedFolder[], file: string, name: 'path' | 'realPath'): OpenedFolder | undefined {
  return opened.filter((folder) => isInside(file, folder[name])).sort((a, b) => b[name].length - a[name].length)[0]
}
