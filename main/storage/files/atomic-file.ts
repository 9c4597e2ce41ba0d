import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { sweepLeftOvers, unfinishedMark } from './left-overs.ts'

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old content or the new, never a part.
 * The folder must exist. Only the owner may read the file.
 * @param unfinished where it is written first, on the same disk; beside the file by default.
 * @throws ExpectedError `disk-full`; other failures of the file system as they come.
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  unfinished = dirname(file),
): Promise<void> {
  const beside = join(unfinished, `.${basename(file)}.${unfinishedMark()}.part`)
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
    throw isDiskFull(error)
      ? diskFull(error, `${file} could not be written: the disk`, 'free some space and try again')
      : error
  }
  await syncFolder(dirname(file))
}

/** Deletes what crashes have left of atomic writes into a folder. */
export function sweepAtomicWrites(folder: string): Promise<void> {
  return sweepLeftOvers(folder, name => /^\..+\.part$/.test(name))
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
