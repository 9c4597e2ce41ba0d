import { statfs } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** Left free, so that the library's database can still be written: bytes. */
const reserve = 256e6

/** Bytes free for this user on the disk of a folder; null where the system does not tell. */
export async function freeSpace(folder: string): Promise<number | null> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  )
}

/** @throws ExpectedError `disk-full` when so many bytes more would fill the disk. */
export async function assertSpace(folder: string, bytes: number, name: string): Promise<void> {
  const free = await freeSpace(folder)
  if (free === null || free >= bytes + reserve) return
  throw new ExpectedError(
    'disk-full',
    `${name} needs ${gigabytes(bytes)} more on the disk that holds ${folder}, which has ${gigabytes(free)} free: free some space, or choose a workspace on another disk.`,
  )
}

function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
