import { createHash, randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { processExists } from '../../processes/process-exists.ts'

/** What tells machines on a shared disk apart; eight hexadecimal digits. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const mark = /([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** Of other machines, and without a mark, what nobody has touched for so long counts as left over, in milliseconds. */
const abandonedReason = 24 * 3600 * 1000

/** A part of the name of an unfinished file or folder that tells whose it is; no two are the same. */
export function unfinishedMark(): string {
  return `${machine}-${process.pid}-${randomUUID()}`
}

/**
 * Deletes unfinished files and folders in `folder` whose process is gone; `isOurs` tells by its name what may be
 * deleted at all.
 */
export async function sweepLeftOvers(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = join(folder, name)
    // What cannot be deleted now is tried again at the next start.
    if (isOurs(name) && (await isLeftOver(file))) {
      await rm(file, { recursive: true, force: true }).catch(() => undefined)
    }
  }
}

async function isLeftOver(file: string): Promise<boolean> {
  const entry = await stat(file).catch(() => null)
  if (!entry) return false
  const [, host, pid] = mark.exec(basename(file)) ?? []
  // A process in a container has the number of the one before it.
  if (host === machine && Number(pid) === process.pid) return entry.mtimeMs < performance.timeOrigin
  if (host === machine && !processExists(Number(pid))) return true
  return Date.now() - entry.mtimeMs > abandonedReason
}

/** Files and folders with this prefix hold work that has not come to its end. */
export const unfinishedPrefix = '.unfinished-'
export const unfinishedName = (): string => unfinishedPrefix + unfinishedMark()
