import { openOrdinaryFile } from '../../../../native-models/ordinary-file.ts'
import { detectEncoding } from '../../../text/decode-text.ts'
import type { TextEncoding } from '../../../text/decode-text.ts'

/** A text file of any size, in one encoding. */
export interface TextFile extends TextEncoding {
  readonly path: string
  /** The text in pieces, from the beginning each time it is asked for. */
  chunks(): AsyncGenerator<string>
}

/** Bytes by which the encoding is decided: all of a file but for the largest tables, which have a gigabyte. */
const decisive = 64 * 1024 * 1024

/**
 * Finds the encoding of a file; its text is decoded when it is read. @throws ExpectedError `not-a-file`; the file
 * system's error; the abort reason.
 */
export async function openTextFile(path: string, signal?: AbortSignal): Promise<TextFile> {
  const head: Uint8Array[] = []
  for await (const bytes of pieces(path, decisive, signal)) head.push(bytes)
  const found = detectEncoding(Buffer.concat(head))
  return {
    path,
    ...found,
    async *chunks() {
      const decoder = new TextDecoder(found.encoding)
      for await (const bytes of pieces(path, Infinity, signal)) yield decoder.decode(bytes, { stream: true })
      yield decoder.decode()
    },
  }
}

/** @param limit bytes from the beginning that are read. */
async function* pieces(path: string, limit: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await openOrdinaryFile(path)
  try {
    // A stream with a signal that has aborted emits its error when nobody hears it, which ends the process.
    signal?.throwIfAborted()
    // The stream's own closing is not waited for, and a handle left to the garbage collection is closed too late.
    for await (const bytes of file.createReadStream({ signal, end: limit - 1, autoClose: false })) {
      if (bytes instanceof Uint8Array) yield bytes
    }
  } finally {
    await file.close()
  }
}
