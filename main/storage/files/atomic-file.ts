import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { english } from '../../../native-models/english.ts'
import { sweepLeftOvers, unfinishedMark } from './left-overs.ts'
import { syncFolder } from './sync.ts'

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old content or the new, never a part.
 * The folder must exist.
 * @param options.unfinished where it is written first, on the same disk; beside the file by default.
 * @param options.mode who may read it; only the owner by default. `shared`: as other programs make files.
 * @throws ExpectedError `disk-full`; other failures of the file system as they come.
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  {
    unfinished = dirname(file),
    mode = 0o600,
  }: { readonly unfinished?: string; readonly mode?: number | 'shared' } = {},
): Promise<void> {
  const beside = join(unfinished, `.${basename(file)}.${unfinishedMark()}.part`)
  try {
    const handle = await open(beside, 'wx', mode === 'shared' ? 0o666 : mode)
    try {
      // The system masks what it is opened with.
      if (mode !== 'shared') await handle.chmod(mode)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw isDiskFull(error)
      ? diskFull(error, english`${file} could not be written: the disk`, english`free some space and try again`)
      : error
  }
  await syncFolder(dirname(file))
}

/** Deletes what crashes have left of atomic writes into a folder. */
export function sweepAtomicWrites(folder: string): Promise<void> {
  return sweepLeftOvers(folder, name => /^\..+\.part$/.test(name))
}
