import { access, mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** What is to be written, and what may be replaced by it. */
export interface Place {
  readonly path: string
  /** A folder is replaced only if it holds this file, which tells that an export wrote it; null for a file. */
  readonly mark: string | null
  readonly overwrite: boolean
}

/** @throws ExpectedError when something is there that must not be replaced. */
export async function demandFree({ path, mark, overwrite }: Place): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (!there) return
  if (there.isDirectory() !== (mark !== null)) throw new ExpectedError('export-path', `${path} is a ${there.isDirectory() ? 'folder' : 'file'}, but the export is a ${mark === null ? 'file' : 'folder'}; give another path.`)
  if (!overwrite) throw new ExpectedError('export-exists', `${path} exists already; give another path, or replace it with --overwrite.`)
  if (mark !== null && !await access(join(path, mark)).then(() => true, () => false)) throw new ExpectedError('export-path', `${path} is a folder that no export has written, and is not replaced; give another path.`)
}

/**
 * Has `make` write a file or folder beside its place, then puts it there at once: a reader, or a crash at any moment, sees
 * what was there before or all of the new.
 * @throws ExpectedError when something is there that must not be replaced, the disk is full or the folder cannot be written to.
 */
export async function writeInPlace(place: Place, make: (path: string) => Promise<void>): Promise<void> {
  const { path } = place
  // One export runs at a time: what a crash left of an earlier one goes when it is tried again.
  const [partial, replaced] = ['new', 'old'].map(ending => join(dirname(path), `.${basename(path)}.lfvila-export-${ending}`)) as [string, string]
  try {
    await mkdir(dirname(path), { recursive: true })
    await rm(partial, { recursive: true, force: true })
    await make(partial)
    await demandFree(place)
    // A folder cannot be renamed over another.
    const steppedAside = place.mark !== null && await stat(path).then(() => true, () => false)
    if (steppedAside) {
      await rm(replaced, { recursive: true, force: true })
      await rename(path, replaced)
    }
    await rename(partial, path).catch(async (error: unknown) => {
      if (steppedAside) await rename(replaced, path)
      throw error
    })
    await rm(replaced, { recursive: true, force: true })
  } catch (error) {
    throw problem(error, path)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

function problem(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOSPC' || code === 'EDQUOT') return new ExpectedError('disk-full', `The disk that ${path} was to be written on is full; free some space, or give a path on another disk.`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') return new ExpectedError('not-writable', `${path} cannot be written; check the permissions of its folder or give another path.`, { cause: error })
  return error
}
