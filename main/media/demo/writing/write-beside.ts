import { rm, stat } from 'node:fs/promises'
import { diskFull, isDiskFull } from '../../../../native-models/disk-full.ts'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { unfinishedMark } from '../../../storage/files/left-overs.ts'
import { renameSynced, syncFile } from '../../../storage/files/sync.ts'

/** Whether a file is there and has something in it. */
export async function isThere(file: string): Promise<boolean> {
  const entry = await stat(file).catch(() => null)
  return entry !== null && entry.isFile() && entry.size > 0
}

/** Writes a file under another name first, so that it is complete or absent; one that was there is replaced. */
export async function writeBeside(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.${unfinishedMark()}.partial`
  try {
    await write(partial)
    await syncFile(partial)
    await renameSynced(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}

/** What went wrong with writing into a folder, as a sentence where a user can help it. */
export function unwritable(directory: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error
  // ffmpeg tells what the system said in words.
  const text = String(error)
  if (isDiskFull(error) || /No space left|quota exceeded/i.test(text)) {
    return diskFull(
      error,
      english`The disk of ${directory}`,
      'free some space and make the demo again: what is finished is kept',
    )
  }
  // Making a folder on a disk that is read-only, or behind a link to nothing, is refused with ENOENT.
  if (/ENOENT.*mkdir|EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOTEMPTY|Permission denied/i.test(text)) {
    return new ExpectedError(
      'not-writable',
      `The demo library cannot be written to ${directory}; choose a folder you may write to.`,
      { cause: error },
    )
  }
  return error
}
