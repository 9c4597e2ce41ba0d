/** Resolves at the first SIGINT or SIGTERM (or when `signal` aborts); a second one ends the process at once. */
export function untilStopped(signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const stop = () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop).once(name, () => process.exit(1))
      resolve()
    }
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
