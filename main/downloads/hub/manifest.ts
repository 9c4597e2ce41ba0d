import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { hubListing } from './listing.ts'

/** What was listed when a download began, so that it goes on with the same commit. */
const manifest = z.object({ id: z.string(), listing: hubListing })
export type Manifest = z.infer<typeof manifest>

const fileIn = (folder: string): string => join(folder, 'manifest.json')

export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return manifest.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')))
  } catch {
    // Absent, or not ours: the hub is asked anew.
    return null
  }
}

export async function writeManifest(folder: string, content: Manifest): Promise<void> {
  await writeFileAtomic(fileIn(folder), JSON.stringify(content))
}
