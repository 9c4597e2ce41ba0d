import { setImmediate as yieldToOthers } from 'node:timers/promises'

/** Milliseconds that a long computation may hold the process. */
const busyMs = 10

/**
 * A pause for a long computation in the main process, whenever it was kept busy for a while: what else the process does
 * comes in between, as that somebody stops it.
 * @returns to be called every now and then. @throws the abort reason.
 */
export function pauses(signal: AbortSignal): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < busyMs) return
    await yieldToOthers()
    signal.throwIfAborted()
    since = performance.now()
  }
}
