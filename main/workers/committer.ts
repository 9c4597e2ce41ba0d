import type { VectorStore } from '../retrieval/vectors/vectors.ts'
import type { FinishedPass } from './work.ts'

/** Small files of the store are merged after this many videos. */
const videosBetweenMerges = 500

/** Videos that were written, those that had been before, and the commits it took. */
export interface Committed {
  written: number
  already: number
  batches: number
}

type Waiting = {
  readonly video: readonly FinishedPass[]
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Writes finished videos into a shared store, all that wait in one commit: the rows first, then that they are
 * complete. What is complete already is not written again, so that a video which comes twice is there once.
 */
export class Committer {
  readonly counts: Committed = { written: 0, already: 0, batches: 0 }
  readonly #store: VectorStore
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #merged = 0

  /** @param store one that was opened as shared */
  constructor(store: VectorStore) {
    this.#store = store
  }

  /** Resolves when the video is complete in the store. */
  add(video: readonly FinishedPass[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ video, done, failed })
      this.#writing ??= this.#write()
    })
  }

  /** Merges what single commits left, and builds the vector index of what has grown large. */
  async finish(signal?: AbortSignal): Promise<void> {
    await this.#writing
    await this.#store.optimise(signal)
  }

  async #write(): Promise<void> {
    // Those who come in the same moment go together.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        await this.#commit(batch.map(({ video }) => video))
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    // Before anyone goes on who was just told, and adds the next one.
    this.#writing = null
  }

  async #commit(videos: readonly (readonly FinishedPass[])[]): Promise<void> {
    const { shared } = this.#store
    if (!shared) throw new Error('the store of workers must be opened as shared')
    const passes = new Map(videos.flat().map(pass => [`${pass.entry.contentId} ${pass.entry.key}`, pass]))
    const keys = new Set([...passes.values()].map(({ entry }) => entry.key))
    for (const key of keys) {
      const ids = [...passes.values()].filter(({ entry }) => entry.key === key).map(({ entry }) => entry.contentId)
      for (const id of await shared.complete(key, ids)) passes.delete(`${id} ${key}`)
    }
    const fresh = [...passes.values()]
    if (fresh.length > 0) {
      await this.#store.replaceAll(fresh.map(({ entry, rows }) => ({ place: entry, rows })))
      await shared.record(fresh.map(({ entry }) => entry))
      this.counts.batches += 1
    }
    const written = new Set(fresh.map(({ entry }) => entry.contentId)).size
    this.counts.written += written
    this.counts.already += videos.length - written
    this.#merged += written
    if (this.#merged < videosBetweenMerges) return
    this.#merged = 0
    await this.#store.merge()
  }
}
