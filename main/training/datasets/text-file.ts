import { createReadStream } from 'node:fs'
import { EncodingDetector, StreamDecoder } from '../../storage/index.ts'
import type { FoundEncoding } from '../../storage/index.ts'

/** A text file of any size, in the encoding that was found for all of it. */
export interface TextFile extends FoundEncoding {
  readonly path: string
  /** The text in pieces, from the beginning each time it is asked for. */
  chunks(): AsyncGenerator<string>
}

/** Reads a file once to find its encoding; its text is decoded when it is read. @throws the file system's error; the abort reason. */
export async function openTextFile(path: string, signal?: AbortSignal): Promise<TextFile> {
  const detector = new EncodingDetector()
  for await (const bytes of pieces(path, signal)) detector.add(bytes)
  const found = detector.result()
  return {
    path, ...found,
    async * chunks() {
      const decoder = new StreamDecoder(found.encoding)
      for await (const bytes of pieces(path, signal)) yield decoder.decode(bytes)
      yield decoder.decode()
    },
  }
}

async function* pieces(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { signal })
  try {
    for await (const bytes of stream) if (bytes instanceof Uint8Array) yield bytes
  } finally {
    stream.destroy()
  }
}
