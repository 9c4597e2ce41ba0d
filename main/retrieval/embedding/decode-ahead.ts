/**
 * The items of `source`, produced ahead of their use: while the caller works on one, up to `depth` more are made.
 * The source runs one step at a time. When the caller leaves early, `stop` must make the steps in progress end soon.
 */
export async function* decodeAhead<Item>(
  source: AsyncGenerator<Item>,
  depth: number,
  stop: () => void,
): AsyncGenerator<Item> {
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

/**
 * The items of one source after the other. While one gives its items the next is open already and makes its first, so
 * that no time is lost between them.
 */
export async function* oneAfterTheOther<Item>(sources: Iterable<() => AsyncGenerator<Item>>): AsyncGenerator<Item> {
  const waiting = sources[Symbol.iterator]()
  const open = () => {
    const { value, done } = waiting.next()
    if (done) return undefined
    const items = value()
    const first = items.next()
    // Taken up when its turn comes; until then a failure must not count as unhandled.
    first.catch(() => undefined)
    return { items, first }
  }
  let [current, next] = [open(), open()]
  try {
    while (current) {
      for (let result = await current.first; !result.done; result = await current.items.next()) yield result.value
      ;[current, next] = [next, open()]
    }
  } finally {
    await Promise.allSettled([current?.items.return(undefined), next?.items.return(undefined)])
  }
}
