import { stat } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** A file as it was when its content was identified: bytes, and milliseconds since the epoch. */
export interface IdentifiedFile {
  readonly path: string
  readonly size: number
  readonly modifiedAt: number
}

/**
 * Makes sure that what was just read is the content it is taken for: the file may have been replaced since the scan.
 * @throws ExpectedError `video-missing` or `video-changed`.
 */
export async function assertUnchanged({ path, size, modifiedAt }: IdentifiedFile): Promise<void> {
  const now = await stat(path).catch(() => null)
  if (!now) {
    throw new ExpectedError(
      'video-missing',
      `${path} was deleted or moved while it was being read; put it back and try again.`,
    )
  }
  // The library keeps whole microseconds.
  if (now.size !== size || Math.abs(now.mtimeMs - modifiedAt) >= 1) {
    throw new ExpectedError(
      'video-changed',
      `${path} has changed since its folder was scanned; scan again, and the new content is indexed.`,
    )
  }
}
