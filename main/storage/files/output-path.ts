import { createHash } from 'node:crypto'
import { access, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { makeFolder } from './make-folder.ts'
import { renameSynced, syncAll } from './sync.ts'

/** What is to be written, and what may be replaced by it. */
export interface OutputPath {
  readonly path: string
  /** A folder is replaced only if it holds this file, which tells that an export wrote it; null for a file. */
  readonly mark: string | null
  readonly overwrite: boolean
  /** The stamp of what may be replaced (`stampOf`); of what lies there when the writing begins, by default. */
  readonly seen?: string | null
}

/**
 * Names and times of what lies at a path, so that what was put there since is told from what was seen; null when
 * nothing is there.
 */
export async function stampOf(path: string): Promise<string | null> {
  const there = await stat(path, { bigint: true }).catch(() => null)
  if (!there) return null
  const own = `${there.ino} ${there.size} ${there.mtimeNs}`
  if (!there.isDirectory()) return own
  const names = (await readdir(path, { recursive: true })).sort()
  const hash = createHash('sha256')
  for (const name of names) {
    const entry = await stat(join(path, name), { bigint: true }).catch(() => null)
    hash.update(`${name}\0${entry?.ino} ${entry?.size} ${entry?.mtimeNs}\0`)
  }
  return `${own} ${hash.digest('hex')}`
}

/** Where an export is written, and where a folder that it replaces steps aside. */
function besides(path: string): { partial: string; replaced: string } {
  const beside = (ending: string) => join(dirname(path), `.${basename(path)}.lfvila-export-${ending}`)
  return { partial: beside('new'), replaced: beside('old') }
}

/** Removes what a crash has left of an export; a folder that had stepped aside for one that never came goes back. */
export async function clearUnfinished(path: string): Promise<void> {
  const { partial, replaced } = besides(path)
  await rm(partial, { recursive: true, force: true })
  if (
    await stat(path).then(
      () => false,
      () => true,
    )
  ) {
    await rename(replaced, path).catch(() => undefined)
  }
  await rm(replaced, { recursive: true, force: true })
}

/** @throws ExpectedError when something is there that must not be replaced. */
export async function assertFree({ path, mark, overwrite }: OutputPath): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (!there) return
  if (there.isDirectory() !== (mark !== null)) {
    throw new ExpectedError(
      'export-path',
      `${path} is a ${there.isDirectory() ? 'folder' : 'file'}, but the export is a ${mark === null ? 'file' : 'folder'}; give another path.`,
    )
  }
  if (!overwrite) {
    throw new ExpectedError(
      'export-exists',
      `${path} exists already; give another path, or replace it with --overwrite.`,
    )
  }
  if (
    mark !== null &&
    !(await access(join(path, mark)).then(
      () => true,
      () => false,
    ))
  ) {
    throw new ExpectedError(
      'export-path',
      `${path} is a folder that no export has written, and is not replaced; give another path.`,
    )
  }
}

/**
 * Has `make` write a file or folder beside its place, then puts it there at once: a reader, or a crash at any moment,
 * sees what was there before or all of the new.
 * @throws ExpectedError when something is there that must not be replaced, the disk is full or the folder cannot be
 * written to.
 */
export async function writeOutput(place: OutputPath, make: (path: string) => Promise<void>): Promise<void> {
  const { path } = place
  const { partial, replaced } = besides(path)
  try {
    await makeFolder(dirname(path))
    // One export runs at a time: what a crash left of an earlier one goes when it is tried again.
    await clearUnfinished(path)
    const { seen = await stampOf(path) } = place
    await make(partial)
    await syncAll(partial)
    await assertFree(place)
    const now = await stampOf(path)
    if (now !== null && now !== seen) {
      throw new ExpectedError(
        'export-exists',
        `${path} was changed or put there after the export was asked for, and is not replaced; look at it, and export again.`,
      )
    }
    // A folder cannot be renamed over another.
    const steppedAside =
      place.mark !== null &&
      (await stat(path).then(
        () => true,
        () => false,
      ))
    if (steppedAside) {
      await rm(replaced, { recursive: true, force: true })
      await rename(path, replaced)
    }
    await renameSynced(partial, path).catch(async (error: unknown) => {
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
  // What was refused elsewhere, as beside the model, has its sentence.
  if (error instanceof ExpectedError) return error
  if (isDiskFull(error)) {
    return diskFull(
      error,
      english`The disk that ${path} was to be written on`,
      english`free some space, or give a path on another disk`,
    )
  }
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'ENOENT') {
    return new ExpectedError(
      'not-writable',
      `${path} cannot be written; check the permissions of its folder or give another path.`,
      { cause: error },
    )
  }
  return error
}
