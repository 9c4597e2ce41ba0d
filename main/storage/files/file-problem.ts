import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** The code of a failure of the file system, or undefined. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

export function isGone(error: unknown): boolean {
  const code = fileErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Why a file or folder cannot be read, as a sentence with its remedy. */
export function fileProblem(path: string, error: unknown): string {
  if (error instanceof ExpectedError) return error.message
  switch (fileErrorCode(error)) {
    case 'ENOENT':
      return english`${path} is not there: it was deleted, moved or renamed, or its drive is not connected.`
    case 'ENOTDIR':
      return english`${path} is a file, not a folder: choose the folder that contains it.`
    case 'EACCES':
    case 'EPERM':
      return english`${path} may not be read by this user: change its permissions, then rescan.`
    case 'ELOOP':
      return english`${path} is a link that leads back to itself: remove it or correct where it points.`
    case 'ENAMETOOLONG':
      return english`${path} has a path too long for the system: shorten the names of its folders.`
    case 'EMFILE':
    case 'ENFILE':
      return english`${path} could not be opened because too many files are open: close other programs, then rescan.`
    case 'EIO':
      return english`${path} cannot be read because its drive reports an error: check the drive, then rescan.`
    default:
      return english`${path} cannot be read (${error instanceof Error ? error.message : String(error)}): check the file and its drive, then rescan.`
  }
}
