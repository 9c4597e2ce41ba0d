interface Running<Result> {
  result: Promise<Result>
  waiting: number
  controller: AbortController
}

/**
 * Work that several callers may ask for at once is done once: for the first who asks, shared with who asks meanwhile,
 * and aborted when none of them waits any more.
 */
export class SharedWork<Result> {
  readonly #running = new Map<string, Running<Result>>()

  /** @throws the reason of `signal`, at once when it aborts; whatever the work throws. */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted()
    const running = this.#running.get(key) ?? this.#start(key, work)
    running.waiting += 1
    let abort: (() => void) | undefined
    try {
      return await Promise.race([
        running.result,
        new Promise<never>((_, reject) => {
          abort = () => reject(signal?.reason)
          signal?.addEventListener('abort', abort, { once: true })
        }),
      ])
    } finally {
      if (abort) signal?.removeEventListener('abort', abort)
      running.waiting -= 1
      if (running.waiting === 0) {
        running.controller.abort()
        if (this.#running.get(key) === running) this.#running.delete(key)
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Result>): Running<Result> {
    const controller = new AbortController()
    const running = { result: work(controller.signal), waiting: 0, controller }
    // Each caller hears of a failure through the race; with no caller left it concerns nobody.
    running.result.catch(() => undefined)
    this.#running.set(key, running)
    return running
  }
}
