import { open } from 'node:fs/promises'
import { ExpectedError } from '../../native-models/expected-error.ts'

/** Captions of a day-long video are below a megabyte. */
const LARGEST = 8 * 1024 * 1024

/**
 * The text of a caption file in whatever encoding it has: UTF-8, UTF-16 by its byte order mark, else Windows-1252,
 * which reads Latin-1 as well. Line ends become `\n`.
 * @throws ExpectedError `captions-too-large`; the file system's error.
 */
export async function readCaptionText(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    if (size > LARGEST) throw new ExpectedError('captions-too-large', `${file} is too large for captions (${Math.round(size / 1024 / 1024)} MB, at most 8): rename it if it does not belong to the video.`)
    return decode(await handle.readFile()).replace(/\r\n?/g, '\n').replaceAll('\0', '')
  } finally {
    await handle.close()
  }
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
