import { open, readFile, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { filesBelow, unlessGone } from './durable-files.ts'

/** What every file of LanceDB ends with, but for deletions, which are files of Arrow. */
const ends: readonly (readonly [ending: RegExp, letters: string])[] = [
  [/\.(?:lance|manifest)$/, 'LANC'],
  [/\.arrow$/, 'ARROW1'],
]
/** A version is counted down from here in the name of its manifest. */
const lastVersion = 2n ** 64n - 1n

/**
 * Takes back what a power failure has left half written. LanceDB leaves it to the system when its files reach the disk,
 * so that the newest version of a table may have a name and nothing in it, after which the table cannot be read at all.
 * What was finished was synchronised (see durable-files.ts); what is taken back was not, and nobody counts on it.
 * @param folder of the vector store. Who else has it open cannot read what is torn either, and names what it writes
 * only when it is whole.
 */
export async function mendTables(folder: string): Promise<void> {
  for (const table of (await unlessGone(() => readdir(folder))) ?? []) {
    if (table.endsWith('.lance')) await mend(join(folder, table))
  }
}

async function mend(table: string): Promise<void> {
  const files = await filesBelow(table)
  const torn: string[] = []
  for (const file of files) if (await unlessGone(() => isTorn(file))) torn.push(file)
  if (torn.length === 0) return
  const manifests = files.filter(file => /[\\/]\d{20}\.manifest$/.test(file))
  const unusable = new Set(torn.filter(file => manifests.includes(file)))
  for (const manifest of manifests) {
    if (!unusable.has(manifest) && torn.some(needs(manifest, await readFile(manifest)))) unusable.add(manifest)
  }
  // Also what came after: a later version is made of the earlier ones.
  const first = [...unusable].map(versionOf).reduce((least, one) => (one < least ? one : least), lastVersion)
  for (const manifest of manifests) if (versionOf(manifest) >= first) await rm(manifest)
  await rm(join(table, '_versions', 'latest_version_hint.json'), { force: true })
  for (const file of torn) await rm(file, { force: true })
}

async function isTorn(file: string): Promise<boolean> {
  const letters = ends.find(([ending]) => ending.test(file))?.[1]
  if (letters === undefined) return false
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const end = Buffer.alloc(letters.length)
    if (size >= end.length) await handle.read(end, 0, end.length, size - end.length)
    return end.toString('latin1') !== letters
  } finally {
    await handle.close()
  }
}

/** Whether a version is made of a file: data by name, indexes by the bytes of theirs, deletions by the version. */
function needs(manifest: string, content: Buffer): (file: string) => boolean {
  return file => {
    const name = basename(file)
    if (name.endsWith('.arrow')) return versionOf(manifest) > BigInt(name.split('-')[1] ?? 0)
    const index = /[\\/]_indices[\\/]([0-9a-f-]{36})[\\/]/.exec(file)?.[1]
    return content.includes(index === undefined ? name : Buffer.from(index.replaceAll('-', ''), 'hex'))
  }
}

function versionOf(manifest: string): bigint {
  return lastVersion - BigInt(basename(manifest, '.manifest'))
}
