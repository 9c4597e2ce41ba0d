import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openFile, statFile } from './packed-file.ts'

const block = 64 * 1024
/** Blocks read of a large file; all of it when it is smaller than that. */
const blocks = 32

/** What tells, without reading a file, that it was not written since: its size and modification time in nanoseconds. */
export interface FileStamp {
  readonly size: number
  readonly modifiedNs: bigint
}

export function stampText({ size, modifiedNs }: FileStamp): string {
  return `${size}:${modifiedNs}`
}

/** @throws the file system's error; ExpectedError `not-a-file`, since to open a pipe would wait for ever. */
export async function fileStamp(file: string): Promise<FileStamp> {
  const entry = await statFile(file)
  if (!entry.isFile()) {
    throw new ExpectedError(
      'not-a-file',
      entry.isDirectory()
        ? `${file} is a folder: open it as one.`
        : `${file} is no ordinary file: choose a video file.`,
    )
  }
  return { size: Number(entry.size), modifiedNs: entry.mtimeNs }
}

/**
 * The identity of a file's content, wherever it lies and whatever its name: 32 hexadecimal digits of SHA-256 over the
 * size and 32 blocks of 64 KiB spread evenly from the first to the last byte. It reads 2 MiB of a video of any length.
 * @throws the file system's error; the abort reason.
 */
export async function contentIdentity(file: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted()
  const handle = await openFile(file)
  try {
    const { size } = await handle.stat()
    const hash = createHash('sha256').update(`${size}\n`)
    const buffer = Buffer.alloc(block)
    for (const position of blockPositions(size)) {
      signal?.throwIfAborted()
      hash.update(buffer.subarray(0, await readFully(handle, buffer, position)))
    }
    return hash.digest('hex').slice(0, 32)
  } finally {
    await handle.close()
  }
}

/** Where the blocks of a file begin, in bytes, rising. */
export function blockPositions(size: number): number[] {
  if (size <= block * blocks) return Array.from({ length: Math.ceil(size / block) }, (_, index) => index * block)
  return Array.from({ length: blocks }, (_, index) => Math.floor(((size - block) * index) / (blocks - 1)))
}

/** Fills the buffer unless the file ends first: a network drive may give less at once. */
async function readFully(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
