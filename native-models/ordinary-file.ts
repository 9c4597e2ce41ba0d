import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { ExpectedError } from './expected-error.ts'

/**
 * Opens a file for reading that someone named. A pipe, a socket or a device, also behind a link, is refused: to open
 * one may wait for ever, and to read one may never end.
 * @throws ExpectedError `not-a-file`; the file system's error.
 */
export async function openOrdinaryFile(file: string): Promise<FileHandle> {
  assertOrdinary(file, await stat(file))
  // Something else may lie there by now: without O_NONBLOCK a pipe would wait for its writer.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    assertOrdinary(file, await handle.stat())
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * The whole content of an ordinary file of at most `most` bytes. What it says of its own size is not relied upon.
 * @param what names such files in the refusal, as in `captions`.
 * @throws ExpectedError `not-a-file`, `file-too-large`; the file system's error.
 */
export async function readOrdinaryFile(file: string, most: number, what: string): Promise<Buffer> {
  const handle = await openOrdinaryFile(file)
  try {
    const { size } = await handle.stat()
    const tooLarge = (bytes: number): ExpectedError =>
      new ExpectedError(
        'file-too-large',
        `${file} is too large for ${what} (${megabytes(bytes)} MB, at most ${megabytes(most)}): check that it is the right file.`,
      )
    if (size > most) throw tooLarge(size)
    const pieces: Buffer[] = []
    for (let length = 0; ;) {
      const piece = Buffer.alloc(Math.min(most + 1 - length, Math.max(size + 1 - length, 64 * 1024)))
      const { bytesRead } = await handle.read(piece, 0, piece.length, length)
      if (bytesRead === 0) return Buffer.concat(pieces)
      pieces.push(piece.subarray(0, bytesRead))
      length += bytesRead
      if (length > most) throw tooLarge(length)
    }
  } finally {
    await handle.close()
  }
}

/** @throws ExpectedError `not-a-file`. */
function assertOrdinary(file: string, entry: { isFile(): boolean; isDirectory(): boolean }): void {
  if (entry.isFile()) return
  throw new ExpectedError(
    'not-a-file',
    entry.isDirectory()
      ? `${file} is a folder: name a file in it.`
      : `${file} is no ordinary file but a pipe, a socket or a device: name a file.`,
  )
}

function megabytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1024 / 1024))
}
