import { opendir, realpath } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Folder } from '../../api/library/library.ts'
import type { Database } from '../../storage/database.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { isInside, pathRange } from './video-files.ts'

/** An opened folder. `realPath` has all links resolved. */
export interface OpenedFolder {
  readonly id: number
  readonly path: string
  readonly realPath: string
}

/** Videos forgotten in one transaction. */
const batchSize = 250

/** The opened folders. One may lie inside another: a video belongs to the nearest. */
export class Folders {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** As shown, by path. */
  list(): Folder[] {
    return this.#database
      .prepare(
        `
      SELECT id, path, problem, (SELECT COUNT(*) FROM videos WHERE folder_id = folders.id) AS videos FROM folders ORDER BY path`,
      )
      .all<Folder>()
  }

  opened(): OpenedFolder[] {
    return this.#database
      .prepare('SELECT id, path, real_path AS realPath FROM folders ORDER BY path')
      .all<OpenedFolder>()
  }

  folder(id: number): Folder {
    const folder = this.list().find(candidate => candidate.id === id)
    if (!folder) throw unknownFolder(id)
    return folder
  }

  /**
   * Opens a folder, or finds it when it is open already, be it under another name. Videos that an outer folder had
   * inside it become its own.
   * @throws ExpectedError `folder-unreadable`.
   */
  async add(directory: string): Promise<Folder> {
    const asked = resolve(directory)
    let realPath: string
    try {
      realPath = await realpath(asked)
      await (await opendir(realPath)).close()
    } catch (error) {
      throw new ExpectedError('folder-unreadable', fileProblem(asked, error), { cause: error })
    }
    return this.#database.transaction(() => {
      const opened = this.opened()
      const same = opened.find(folder => folder.realPath === realPath)
      if (same) return this.folder(same.id)
      // Inside another opened folder it goes by that folder's name, so that its videos keep their paths.
      const outer = nearest(opened, realPath, 'realPath')
      const shown = outer ? join(outer.path, relative(outer.realPath, realPath)) : asked
      const { lastInsertRowid: id } = this.#database
        .prepare('INSERT INTO folders (path, real_path, added_at) VALUES (?, ?, ?)')
        .run([shown, realPath, Date.now()])
      // What an outer folder had in it, or was opened by itself, now belongs here.
      this.#database
        .prepare('UPDATE videos SET folder_id = ?1 WHERE folder_id IS ?2 AND path > ?3 AND path < ?4')
        .run([id, outer?.id ?? null, ...pathRange(shown)])
      return this.folder(id)
    })
  }

  /**
   * Forgets a folder with its videos, except those that lie in another opened folder or were opened by themselves, and
   * the embeddings of contents that no video is left of. It goes in steps, so that others get their turn; the folder
   * itself goes last, so that after a crash it is still there to be removed.
   * @returns the identities of those contents, whose vectors are to be forgotten too.
   */
  async remove(id: number): Promise<string[]> {
    const { path: directory } = this.folder(id)
    const outer = nearest(
      this.opened().filter(folder => folder.id !== id),
      directory,
      'path',
    )
    this.#database
      .prepare('UPDATE videos SET folder_id = ? WHERE folder_id = ? AND (opened OR ?)')
      .run([outer?.id ?? null, id, outer ? 1 : 0])
    const contents: string[] = []
    for (let left = true; left;) {
      left = this.#database.transaction(() => {
        contents.push(...this.#removeVideos(id))
        const isEmpty = this.#database.prepare('SELECT 1 FROM videos WHERE folder_id = ?').get([id]) === undefined
        if (isEmpty) contents.push(...this.#contentsOffTheList(id))
        if (isEmpty) this.#database.prepare('DELETE FROM folders WHERE id = ?').run([id])
        return !isEmpty
      })
      await yieldToOthers()
    }
    return contents
  }

  /** Forgets the next few videos of a folder. Returns the contents no video is left of. */
  #removeVideos(folderId: number): string[] {
    const videos = this.#database
      .prepare('SELECT id, content_id AS contentId FROM videos WHERE folder_id = ? LIMIT ?')
      .all<{ id: number; contentId: string | null }>([folderId, batchSize])
    this.#database
      .prepare('DELETE FROM videos WHERE id IN (SELECT value FROM json_each(?))')
      .run([JSON.stringify(videos.map(video => video.id))])
    return this.#forgetUnheld(videos.map(video => video.contentId))
  }

  /** Of the videos of a folder that were taken off the list. */
  #contentsOffTheList(folderId: number): string[] {
    const removed = this.#database
      .prepare('SELECT content_id AS contentId FROM removed_videos WHERE folder_id = ?')
      .all<{ contentId: string | null }>([folderId])
    return this.#forgetUnheld(removed.map(({ contentId }) => contentId))
  }

  /** Forgets what is embedded of those of the contents that no video is left of, and returns these. */
  #forgetUnheld(ofVideos: readonly (string | null)[]): string[] {
    const held = this.#database.prepare('SELECT 1 FROM videos WHERE content_id = ?')
    const contents = [...new Set(ofVideos)].filter(
      content => content !== null && held.get([content]) === undefined,
    ) as string[]
    this.#database
      .prepare('DELETE FROM embeddings WHERE content_id IN (SELECT value FROM json_each(?))')
      .run([JSON.stringify(contents)])
    return contents
  }

  setProblem(id: number, problem: string | null): void {
    this.#database.prepare('UPDATE folders SET problem = ? WHERE id = ?').run([problem, id])
  }

  /** For a walk in a folder: whether a real path belongs to another opened folder. */
  belongsElsewhere(id: number): (realPath: string) => boolean {
    return realPath => {
      const owner = nearest(this.opened(), realPath, 'realPath')
      return owner !== undefined && owner.id !== id
    }
  }

  /** The opened folder a path in the library belongs to. */
  nearestByPath(file: string): OpenedFolder | undefined {
    return nearest(this.opened(), file, 'path')
  }

  /**
   * How a file is called in the library: by its own path where that leads into an opened folder, else as that folder
   * has it.
   */
  async nameFor(file: string): Promise<{ path: string; folderId: number | null }> {
    const asked = resolve(file)
    const opened = this.opened()
    const named = nearest(opened, asked, 'path')
    if (named) return { path: asked, folderId: named.id }
    const real = await realpath(asked)
    const holder = nearest(opened, real, 'realPath')
    return holder
      ? { path: join(holder.path, relative(holder.realPath, real)), folderId: holder.id }
      : { path: asked, folderId: null }
  }
}

function nearest(opened: readonly OpenedFolder[], file: string, name: 'path' | 'realPath'): OpenedFolder | undefined {
  return opened.filter(folder => isInside(file, folder[name])).sort((a, b) => b[name].length - a[name].length)[0]
}

export function unknownFolder(id: number): ExpectedError {
  return new ExpectedError('folder-unknown', `There is no opened folder ${id}: it was removed.`)
}
