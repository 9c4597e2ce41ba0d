import { statFile } from '../storage/files/packed-file.ts'

/**
 * What was read of the files used last, kept while they do not change: probing, thumbnails and sampling ask again for
 * what takes a process to read.
 */
export class KnownFiles<Value> {
  /** The one used last at the end. */
  readonly #known = new Map<string, Value>()
  readonly #most: number
  readonly #isKept: (value: Value) => boolean

  /** @param isKept false for what takes too much memory, or may come out better the next time. */
  constructor(most: number, isKept: (value: Value) => boolean = () => true) {
    this.#most = most
    this.#isKept = isKept
  }

  /** @param part which of the file's streams. */
  async get(path: string, part: number | undefined, read: () => Promise<Value>): Promise<Value> {
    const written = await statFile(path).catch(() => undefined)
    if (!written) return read()
    const key = [path, written.size, written.mtimeNs, part].join('\0')
    const value = this.#known.get(key) ?? (await read())
    this.#known.delete(key)
    if (this.#isKept(value)) this.#known.set(key, value)
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest)
    return value
  }
}
