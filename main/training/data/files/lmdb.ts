import type { FileHandle } from 'node:fs/promises'
import { openOrdinaryFile } from '../../../../native-models/ordinary-file.ts'

/**
 * Reads the main database of an LMDB environment's `data.mdb` in the order of its keys (bytes), without ever mapping or
 * locking it. Layout: LMDB 0.9's format version 1, little-endian, as documented by its public header and source. All
 * sizes are checked against the file.
 */

const pageHeader = 16
const magic = 0xbeefc0de
const [branch, leaf, overflow] = [0x01, 0x02, 0x04]
const bigData = 0x01
const none = 0xffff_ffff_ffff_ffffn
const deepest = 32
const largestValue = 64 * 1024 * 1024

interface Meta {
  readonly pageSize: number
  readonly root: bigint
  readonly transaction: bigint
}

/** @throws Error that says what is wrong when it is no such file or a damaged one. */
export async function* lmdbEntries(path: string, signal?: AbortSignal): AsyncGenerator<{ key: string; value: string }> {
  const file = await openOrdinaryFile(path)
  try {
    const { size } = await file.stat()
    const meta = await newestMeta(file)
    if (meta.root === none) return
    yield* entriesBelow(
      {
        file,
        pageSize: meta.pageSize,
        pages: Math.floor(size / meta.pageSize),
        unread: Math.floor(size / meta.pageSize),
        signal,
      },
      meta.root,
      0,
    )
  } finally {
    await file.close()
  }
}

interface Pages {
  readonly file: FileHandle
  readonly pageSize: number
  readonly pages: number
  /**
   * How many of them may still be read: no page of a sound file is reached twice, and a damaged one could lead in
   * circles.
   */
  unread: number
  readonly signal: AbortSignal | undefined
}

async function* entriesBelow(
  pages: Pages,
  number: bigint,
  depth: number,
): AsyncGenerator<{ key: string; value: string }> {
  if (depth > deepest) throw new Error('its tree is deeper than a tree of that kind can be')
  const page = await readPages(pages, number, 1)
  const flags = page.readUInt16LE(10)
  const count = (page.readUInt16LE(12) - pageHeader) / 2
  if (!Number.isInteger(count) || count < 0 || pageHeader + 2 * count > page.length) {
    throw new Error(`its page ${number} is damaged`)
  }
  let used = pageHeader
  for (let index = 0; index < count; index++) {
    const at = page.readUInt16LE(pageHeader + 2 * index)
    if (at + 8 > page.length) throw new Error(`its page ${number} is damaged`)
    const [low, high, nodeFlags, keySize] = [
      page.readUInt16LE(at),
      page.readUInt16LE(at + 2),
      page.readUInt16LE(at + 4),
      page.readUInt16LE(at + 6),
    ]
    if (flags & branch) {
      yield* entriesBelow(pages, BigInt(low) | (BigInt(high) << 16n) | (BigInt(nodeFlags) << 32n), depth + 1)
    } else if (flags & leaf) {
      const [keyEnd, size] = [at + 8 + keySize, low + high * 65536]
      if (size > largestValue || (nodeFlags & ~bigData) !== 0) {
        throw new Error('it holds values of a kind that lists of clips do not have')
      }
      const value =
        nodeFlags & bigData
          ? await bigValue(pages, page.readBigUInt64LE(keyEnd), size)
          : page.subarray(keyEnd, keyEnd + size)
      // Entries of a page lie beside each other.
      used += keyEnd - at + (nodeFlags & bigData ? 0 : size)
      if (keyEnd > page.length || value.length !== size || used > page.length) {
        throw new Error(`its page ${number} is damaged`)
      }
      yield { key: page.toString('utf8', at + 8, keyEnd), value: value.toString('utf8') }
    } else {
      throw new Error(`its page ${number} is damaged`)
    }
  }
}

async function bigValue(pages: Pages, number: bigint, size: number): Promise<Buffer> {
  const bytes = await readPages(pages, number, Math.ceil((pageHeader + size) / pages.pageSize))
  if (!(bytes.readUInt16LE(10) & overflow)) throw new Error(`its page ${number} is damaged`)
  return bytes.subarray(pageHeader, pageHeader + size)
}

async function readPages(from: Pages, number: bigint, count: number): Promise<Buffer> {
  const { file, pageSize, pages, signal } = from
  signal?.throwIfAborted()
  if (number < 2n || number + BigInt(count) > BigInt(pages)) throw new Error('it is shorter than it says')
  from.unread -= count
  if (from.unread < 0) throw new Error('its pages lead in circles')
  const bytes = Buffer.alloc(count * pageSize)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, Number(number) * pageSize)
  if (bytesRead !== bytes.length) throw new Error('it is shorter than it says')
  return bytes
}

/** The metadata of the last finished transaction: two pages take turns. */
async function newestMeta(file: FileHandle): Promise<Meta> {
  const first = await metaAt(file, 0)
  if (!first) throw new Error('it is no LMDB database')
  const second = await metaAt(file, first.pageSize)
  return second && second.transaction > first.transaction ? second : first
}

async function metaAt(file: FileHandle, offset: number): Promise<Meta | null> {
  const page = Buffer.alloc(pageHeader + 136)
  const { bytesRead } = await file.read(page, 0, page.length, offset)
  if (bytesRead < page.length || page.readUInt32LE(pageHeader) !== magic || page.readUInt32LE(pageHeader + 4) !== 1) {
    return null
  }
  const databases = pageHeader + 24
  const pageSize = page.readUInt32LE(databases)
  if (pageSize < 512 || pageSize > 65536) return null
  return {
    pageSize,
    root: page.readBigUInt64LE(databases + 48 + 40),
    transaction: page.readBigUInt64LE(databases + 96 + 8),
  }
}
