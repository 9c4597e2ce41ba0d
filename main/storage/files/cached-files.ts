import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull } from '../../../native-models/disk-full.ts'
import { english } from '../../../native-models/english.ts'
import { sweepAtomicWrites, writeFileAtomic } from './atomic-file.ts'

/**
 * Files of the cache. All of it can be computed again, so a disk without room is told and keeps nobody from what they
 * asked for.
 */
export class CachedFiles {
  readonly #unfinished: string
  readonly #onProblem: (sentence: string | null) => void

  /** @param onProblem told why files cannot be kept, and null when they can again. */
  constructor(directory: string, onProblem: (sentence: string | null) => void = () => {}) {
    // In one folder, so that what a crash leaves is found without looking through the cache.
    this.#unfinished = join(directory, 'unfinished')
    this.#onProblem = onProblem
  }

  /** Replaces a file of the cache, whole or not at all, and makes its folder. */
  readonly write = async (file: string, content: Uint8Array): Promise<void> => {
    try {
      await mkdir(this.#unfinished, { recursive: true })
      await mkdir(dirname(file), { recursive: true })
      await writeFileAtomic(file, content, { unfinished: this.#unfinished })
      this.#onProblem(null)
    } catch (error) {
      if (!isDiskFull(error)) throw error
      this.#onProblem(
        english`There is no room for ${dirname(file)}: pictures and attention maps are shown, but not kept; free some space.`,
      )
    }
  }

  /** Deletes what crashes have left. */
  tidy(): Promise<void> {
    return sweepAtomicWrites(this.#unfinished)
  }
}
