import { english } from './english.ts'
import { ExpectedError } from './expected-error.ts'

/**
 * How systems refuse a write for want of room: on the disk, in what the user may use of it, in the largest file that is
 * allowed.
 */
const refusals: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'disk-full'])

/** Whether something failed because there is no room for what was written. */
export function isDiskFull(error: unknown): boolean {
  return refusals.has(codeOf(error))
}

/**
 * Such a failure as a sentence.
 * @param disk as in ‘The disk that holds …’. @param remedy what helps once there is room, without a full stop.
 */
export function diskFull(error: unknown, disk: string, remedy: string): ExpectedError {
  return new ExpectedError(
    'disk-full',
    codeOf(error) === 'EFBIG'
      ? `${disk} takes no file so large, by its format or by a limit of this account; use another one.`
      : `${disk} is full; ${remedy}.`,
    { cause: error },
  )
}

/**
 * A refused write that nobody closer has a sentence for, as one; the system names the file, if anything. Null for any
 * other failure.
 */
export function untoldDiskFull(error: unknown): ExpectedError | null {
  if (error instanceof ExpectedError || !isDiskFull(error)) return null
  const path =
    error instanceof Error && 'path' in error ? english`The disk of ${String(error.path)}` : english`The disk`
  return diskFull(error, path, english`free some space and try again; what was finished is kept`)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
