import { closedError } from './engine-failures.ts'

interface Work {
  perform(): Promise<void>
  reject(error: unknown): void
}

/** Does one piece of work at a time, in the order of the calls. */
export class WorkQueue {
  readonly #waiting: Work[] = []
  readonly #onRest: () => void
  #working = false
  #closed = false

  /** @param onRest called whenever nothing is left to do. */
  constructor(onRest: () => void) {
    this.#onRest = onRest
  }

  /**
   * Work that has begun cannot be stopped: `signal` rejects this call at once, and its result is dropped.
   * @throws ExpectedError once the queue is closed.
   */
  add<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) return Promise.reject(closedError())
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise<T>((resolve, reject) => {
      const item: Work = {
        reject,
        perform: async () => {
          try {
            resolve(await work())
          } catch (error) {
            reject(error)
          } finally {
            signal?.removeEventListener('abort', abort)
          }
        },
      }
      const abort = () => {
        const index = this.#waiting.indexOf(item)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.push(item)
      void this.#work()
    })
  }

  /** Rejects what has not begun, and all that is asked for later. */
  close(): void {
    this.#closed = true
    for (const work of this.#waiting.splice(0)) work.reject(closedError())
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    for (let item = this.#waiting.shift(); item; item = this.#waiting.shift()) await item.perform()
    this.#working = false
    this.#onRest()
  }
}
