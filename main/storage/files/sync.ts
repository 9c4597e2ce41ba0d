import { open, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Resolves when what a file holds survives a power failure: until then a new name may stand for nothing. */
export async function syncFile(path: string): Promise<void> {
  // Windows wants it open for writing.
  await synced(path, 'r+')
}

/** Makes the names in a folder survive a power failure; Windows neither needs nor allows it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await synced(path, 'r')
}

/**
 * Gives a file or folder its name, which survives a power failure when this has resolved. What is in it must be on the
 * disk already.
 */
export async function renameSynced(from: string, to: string): Promise<void> {
  if ((await stat(from)).isDirectory()) await syncFolder(from)
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** As {@link syncFile}, of a file or of all files below a folder. */
export async function syncAll(path: string): Promise<void> {
  if ((await stat(path)).isFile()) return syncFile(path)
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await syncFile(join(entry.parentPath, entry.name))
    else if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name))
  }
}

async function synced(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
