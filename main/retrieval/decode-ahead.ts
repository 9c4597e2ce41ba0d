/**
 * The items of `source`, produced ahead of their use: while the caller works on one, up to `depth` more are made.
 * The source runs one step at a time. When the caller leaves early, `stop` must make the steps in progress end soon.
 */
export async function* decodeAhead<Item>(source: AsyncGenerator<Item>, depth: number, stop: () => void): AsyncGenerator<Item> {
  const ahead: Promise<IteratorResult<Item>>[] = []
  const pull = () => {
    const next = source.next()
    // Taken up when its turn comes; until then a failure must not count as unhandled.
    next.catch(() => undefined)
    ahead.push(next)
  }
  try {
    while (ahead.length < depth) pull()
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const result = await next
      if (result.done) return
      pull()
      yield result.value
    }
  } finally {
    stop()
    await Promise.allSettled(ahead)
    await source.return(undefined)
  }
}
