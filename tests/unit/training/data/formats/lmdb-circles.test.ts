import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lmdbEntries } from '../../../../../main/training/data/files/lmdb.ts'
import { folderOfFile } from '../../../../support/folders.ts'

const folder = folderOfFile('lmdb')

const pageSize = 4096
const header = 16

/**
 * A page with so many entries that all lie at the same place: a branch to another page, or a leaf with an empty value.
 */
function page(number: number, kind: 'branch' | 'leaf', entries: number, to: number): Buffer {
  const bytes = Buffer.alloc(pageSize)
  bytes.writeBigUInt64LE(BigInt(number), 0)
  bytes.writeUInt16LE(kind === 'branch' ? 1 : 2, 10)
  bytes.writeUInt16LE(header + 2 * entries, 12)
  const at = pageSize - 16
  for (let index = 0; index < entries; index++) bytes.writeUInt16LE(at, header + 2 * index)
  bytes.writeUInt32LE(to, at)
  return bytes
}

function meta(root: number): Buffer {
  const bytes = Buffer.alloc(pageSize)
  bytes.writeUInt32LE(0xbeefc0de, header)
  bytes.writeUInt32LE(1, header + 4)
  bytes.writeUInt32LE(pageSize, header + 24)
  bytes.writeBigUInt64LE(BigInt(root), header + 24 + 88)
  return bytes
}

/** Levels of branch pages, each a hundred times the next. */
async function levels(count: number, kind: 'branch' | 'leaf'): Promise<string> {
  const pages = Array.from({ length: count }, (_, level) => page(level + 2, 'branch', 100, level + 3))
  const path = join(folder, `${count}-${kind}.mdb`)
  await writeFile(path, Buffer.concat([meta(2), meta(2), ...pages, page(count + 2, kind, 0, 0)]))
  return path
}

async function count(path: string, signal?: AbortSignal): Promise<number> {
  let entries = 0
  for await (const entry of lmdbEntries(path, signal)) entries += entry.key.length + 1
  return entries
}

test('a database whose pages lead to each other a hundred times on every level is refused, soon', async () => {
  await expect(count(await levels(20, 'leaf'))).rejects.toThrow('its pages lead in circles')
})

test('a page that leads to itself is refused', async () => {
  const path = join(folder, 'itself.mdb')
  await writeFile(path, Buffer.concat([meta(2), meta(2), page(2, 'branch', 1, 2)]))
  await expect(count(path)).rejects.toThrow(/in circles|deeper/)
})

test('cancelling is heard between two pages', async () => {
  await expect(count(await levels(20, 'leaf'), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
