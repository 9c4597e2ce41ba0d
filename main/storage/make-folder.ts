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
  for (const place of placesOf(folder)) {
    if (await stat(place).then(isDirectory, () => false)) continue
    await mkdir(place, { mode }).catch(async (error: unknown) => {
      // Another may have made it meanwhile.
      if (fileErrorCode(error) !== 'EEXIST' || !isDirectory(await stat(place))) throw error
    })
  }
}

/** As {@link makeFolder}, before anything else can happen. */
export function makeFolderSync(folder: string, mode = 0o777): void {
  for (const place of placesOf(folder)) {
    try {
      if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) mkdirSync(place, { mode })
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST' || !isDirectory(statSync(place))) throw error
    }
  }
}

/** A folder and all above it, the highest first. */
function placesOf(folder: string): string[] {
  const place = resolve(folder)
  const above = dirname(place)
  return above === place ? [place] : [...placesOf(above), place]
}

function isDirectory(entry: { isDirectory(): boolean }): boolean {
  return entry.isDirectory()
}
