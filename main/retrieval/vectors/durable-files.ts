import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFile, syncFolder } from '../../storage/files/sync.ts'

/**
 * The files below a folder in which a file is written once, under a name of its own, and never changed, as LanceDB's:
 * what has a new name may not be on the disk yet.
 */
export class DurableFiles {
  readonly #folder: string
  readonly #known = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Resolves when all that is there by now survives a power failure. The first time looks at every file. */
  async sync(): Promise<void> {
    const files = await filesBelow(this.#folder)
    const present = new Set(files)
    for (const known of this.#known) if (!present.has(known)) this.#known.delete(known)
    const added = files.filter(file => !this.#known.has(file))
    const folders = new Set(added.flatMap(file => foldersOf(file, this.#folder)))
    for (const file of added) await unlessGone(() => syncFile(file))
    for (const folder of folders) await unlessGone(() => syncFolder(folder))
    for (const file of added) this.#known.add(file)
  }
}

/** The files below a folder that other processes may tidy at the same time. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = (await unlessGone(() => readdir(folder, { withFileTypes: true }))) ?? []
  const found = entries.map(entry => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
  return (await Promise.all(found)).flat()
}

/** What somebody else has tidied away meanwhile needs no care. */
export async function unlessGone<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The folders from a file up to one, which is among them. */
function foldersOf(file: string, top: string): string[] {
  const folder = dirname(file)
  return folder === top ? [top] : [folder, ...foldersOf(folder, top)]
}
