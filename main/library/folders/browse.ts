import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { isHidden, isVideoFile, naturalOrder } from './video-files.ts'

/** The visible folders inside a folder, and how many videos lie directly in it. */
export interface BrowsedFolder {
  readonly path: string
  readonly parent: string | null
  readonly folders: { name: string; path: string }[]
  readonly videos: number
}

/**
 * Looks into a folder of this machine, the home folder when null, for choosing one without the system's dialog.
 * @throws ExpectedError `folder-unreadable`.
 */
export async function browse(directory: string | null): Promise<BrowsedFolder> {
  const here = resolve(directory ?? homedir())
  try {
    const entries = (await readdir(here, { withFileTypes: true })).filter(entry => !isHidden(entry.name))
    const folders: { name: string; path: string }[] = []
    for (const { name, ...entry } of await Promise.all(entries.map(entry => kindOf(here, entry)))) {
      if (entry.isFolder) folders.push({ name, path: join(here, name) })
    }
    folders.sort((a, b) => (naturalOrder(a.name) < naturalOrder(b.name) ? -1 : 1))
    const parent = dirname(here)
    return {
      path: here,
      parent: parent === here ? null : parent,
      folders,
      videos: entries.filter(entry => !entry.isDirectory() && isVideoFile(entry.name)).length,
    }
  } catch (error) {
    throw new ExpectedError('folder-unreadable', fileProblem(here, error), { cause: error })
  }
}

async function kindOf(
  folder: string,
  entry: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean },
): Promise<{ name: string; isFolder: boolean }> {
  if (!entry.isSymbolicLink()) return { name: entry.name, isFolder: entry.isDirectory() }
  // A link to nothing is no folder.
  const isFolder = await stat(join(folder, entry.name)).then(
    target => target.isDirectory(),
    () => false,
  )
  return { name: entry.name, isFolder }
}
