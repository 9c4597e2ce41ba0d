import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { sweepLeftOvers, unfinishedMark } from './left-overs.ts'

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old content or the new, never a part.
 * The folder must exist. Only the owner may read the file.
 * @throws ExpectedError `disk-full`; other failures of the file system as they come.
 */
export async function writeFileAtomic(file: string, content: string | Uint8Array): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${unfinishedMark()}.part`)
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    if (isDiskFull(error)) {
      throw new ExpectedError('disk-full', `${file} could not be written because the disk is full: free some space and try again.`, { cause: error })
    }
    throw error
  }
  await syncFolder(path.dirname(file))
}

/** Whether something failed because a disk, or what the user may use of it, is full. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'disk-full'
}

/** Deletes what crashes have left of atomic writes into a folder. */
export function sweepAtomicWrites(folder: string): Promise<void> {
  return sweepLeftOvers(folder, (name) => /^\..+\.part$/.test(name))
}

/** Makes the rename itself survive a power failure; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
