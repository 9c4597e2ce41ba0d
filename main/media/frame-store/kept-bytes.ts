import { rm } from 'node:fs/promises'
import type { FrameCacheUse } from '../../api/app.ts'
import { cachedFrames } from './frame-store.ts'

/** How many bytes of decoded frames training keeps in a directory. */
export async function keptBytes(directory: string): Promise<FrameCacheUse> {
  return { bytes: (await cachedFrames(directory)).reduce((sum, { size }) => sum + size, 0) }
}

/** Deletes them all; a run at work decodes again what it misses. */
export async function clearKeptFrames(directory: string): Promise<FrameCacheUse> {
  await rm(directory, { recursive: true, force: true })
  return keptBytes(directory)
}
