import { mkdirSync, statSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileErrorCode } from './file-problem.ts'

/**
 * Makes a folder and those above it, where they are missing. Node's own recursive `mkdir` never ends where the system
 * says of a folder in one that is there that there is no such place, as below `/proc`.
 * @param folder a path that the user may have chosen. @throws the system's error.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  let there: unknown
  for (const place of placesOf(folder)) {
    if (await isFolder(place)) continue
    await mkdir(place, { mode }).catch((error: unknown) => {
      // Another made it meanwhile; or it is no folder, and what is made in it is refused for that.
      if (fileErrorCode(error) !== 'EEXIST') throw error
      there = error
    })
  }
  if (there !== undefined && !(await isFolder(folder))) throw there
}

/** As {@link makeFolder}, before anything else can happen. */
export function makeFolderSync(folder: string, mode = 0o777): void {
  let there: unknown
  for (const place of placesOf(folder)) {
    try {
      if (!isFolderSync(place)) mkdirSync(place, { mode })
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error
      there = error
    }
  }
  if (there !== undefined && !isFolderSync(folder)) throw there
}

/** A folder and all above it, the highest first. */
function placesOf(folder: string): string[] {
  const place = resolve(folder)
  const above = dirname(place)
  return above === place ? [place] : [...placesOf(above), place]
}

async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    entry => entry.isDirectory(),
    () => false,
  )
}

function isFolderSync(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true
}
