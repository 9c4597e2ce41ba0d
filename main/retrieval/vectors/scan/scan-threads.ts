import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { entryFile, startThread } from '../../../processes/entry-file.ts'
import type { ScoredRow, SharedRows } from './shared-rows.ts'
import { mostQueries } from './shared-rows.ts'
import type { ScanRequest } from './thread.ts'

/** More would wait for the memory, not for each other. */
const threadCount = Math.min(4, availableParallelism())

const scanThreadEntry = (): string => entryFile('../retrieval/vectors/scan/thread.ts', 'scan.js')

/** What is asked of a scan. `only`: these contents; all when null. */
export interface Scan {
  readonly vectors: readonly Float32Array[]
  readonly top: number
  readonly only: ReadonlySet<string> | null
}

/** Threads that compare every row in memory with a query. They start with the first scan, which takes a moment. */
export class ScanThreads {
  #threads: Worker[] = []
  #turn: Promise<unknown> = Promise.resolve()

  /** The best rows for each vector by cosine similarity, best first; of equals the one that came first. */
  scan(rows: SharedRows, asked: Scan): Promise<ScoredRow[][]> {
    const result = this.#turn.then(async () => {
      const found: ScoredRow[][] = []
      for (let first = 0; first < asked.vectors.length; first += mostQueries) {
        found.push(...(await this.#scan(rows, { ...asked, vectors: asked.vectors.slice(first, first + mostQueries) })))
      }
      return found
    })
    this.#turn = result.catch(() => undefined)
    return result
  }

  async close(): Promise<void> {
    await this.#turn
    await Promise.all(this.#threads.map(thread => thread.terminate()))
    this.#threads = []
  }

  async #scan(rows: SharedRows, { vectors, top, only }: Scan): Promise<ScoredRow[][]> {
    // Rows that are appended while the threads work are for the next scan.
    const count = rows.count
    rows.ask(vectors)
    Atomics.store(new Int32Array(rows.memory.buffer, 0, 1), 0, 0)
    const request: ScanRequest = { memory: rows.memory, layout: rows.layout, rows: count, queries: vectors.length }
    this.#start()
    await Promise.all(
      this.#threads.map(async thread => {
        // A program that has nothing else to do may end, but not while it waits for this.
        thread.ref()
        const done = once(thread, 'message')
        thread.postMessage(request)
        await done.finally(() => thread.unref())
      }),
    )
    return vectors.map((vector, number) => rows.best({ number, vector }, { count, top, only }))
  }

  #start(): void {
    if (this.#threads.length > 0) return
    this.#threads = Array.from({ length: threadCount }, () => startThread(scanThreadEntry(), null))
  }
}
