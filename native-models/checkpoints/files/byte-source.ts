import type { FileHandle } from 'node:fs/promises'
import { openOrdinaryFile } from '../../ordinary-file.ts'
import { MalformedCheckpoint } from './malformed-checkpoint.ts'

/** One read of the operating system takes no more than 2 GiB. */
const largestRead = 2 ** 30

/** Where the bytes of a source are: `size` bytes from `start` on in the file `path`. */
export interface SourceLocation {
  readonly name: string
  readonly path: string
  readonly start: number
  readonly size: number
}

/** Bytes that are read where they are asked for: a file, or a part of one. */
export class ByteSource implements SourceLocation {
  /** As sentences call it. */
  readonly name: string
  readonly size: number
  /** The file, in which the bytes begin at `start`. */
  readonly path: string
  readonly start: number
  readonly #file: FileHandle

  constructor({ name, path, file, start, size }: SourceLocation & { readonly file: FileHandle }) {
    this.name = name
    this.size = size
    this.path = path
    this.start = start
    this.#file = file
  }

  /** @throws ExpectedError `not-a-file`; the file system's error. */
  static async open(path: string): Promise<ByteSource> {
    const file = await openOrdinaryFile(path)
    try {
      return new ByteSource({ name: path, path, file, start: 0, size: (await file.stat()).size })
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** A part of a file, by itself. @throws the file system's error; MalformedCheckpoint when the file is shorter. */
  static async openPart({ name, path, start, size }: SourceLocation): Promise<ByteSource> {
    const whole = await ByteSource.open(path)
    try {
      return whole.part(name, start, size)
    } catch (error) {
      await whole.close()
      throw error
    }
  }

  /** @throws MalformedCheckpoint when they are not all there; nothing is allocated then. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#assertInside(offset, length)
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#file.read(
        bytes,
        done,
        Math.min(length - done, largestRead),
        this.start + offset + done,
      )
      if (bytesRead === 0) throw new MalformedCheckpoint('it became shorter while it was read', { incomplete: true })
      done += bytesRead
    }
    return bytes
  }

  /** A part of it as a source of its own, on the same open file. */
  part(name: string, offset: number, size: number): ByteSource {
    this.#assertInside(offset, size)
    return new ByteSource({ name, path: this.path, file: this.#file, start: this.start + offset, size })
  }

  /**
   * Where bytes of this source, which is a part of `whole`, begin in it.
   * @throws MalformedCheckpoint when they are not all there.
   */
  offsetIn(whole: ByteSource, offset: number, length: number): number {
    this.#assertInside(offset, length)
    return this.start + offset - whole.start
  }

  /** Closes the file, and with it every part. */
  async close(): Promise<void> {
    await this.#file.close()
  }

  #assertInside(offset: number, length: number): void {
    const inside =
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= this.size
    if (!inside) throw new MalformedCheckpoint('something in it lies beyond its end', { incomplete: true })
  }
}
