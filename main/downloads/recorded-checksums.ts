import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../storage/files/atomic-file.ts'

const content = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))

/** SHA-256 of files whose publishers state none, as computed at their first download; they outlive the files. */
export class RecordedChecksums {
  readonly #file: string

  constructor(folder: string) {
    this.#file = join(folder, 'checksums.json')
  }

  async read(): Promise<Readonly<Record<string, string>>> {
    try {
      return content.parse(JSON.parse(await readFile(this.#file, 'utf8')))
    } catch {
      // Nothing was downloaded yet.
      return {}
    }
  }

  /** Records the first; @returns it when this one is another. */
  async compare(file: string, sha256: string): Promise<string | null> {
    const known = await this.read()
    const first = known[file]
    if (first === undefined) await writeFileAtomic(this.#file, JSON.stringify({ ...known, [file]: sha256 }, null, 2))
    return first === undefined || first === sha256 ? null : first
  }
}
