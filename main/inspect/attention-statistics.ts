/**
 * The T × T map of one head from the maps of its temporal windows, which lie along the diagonal; zero elsewhere.
 * @param windows [frames / window][window][window], one head, one after the other
 */
export function assembleMap(windows: Float32Array, window: number): number[][] {
  const frames = windows.length / window
  return Array.from({ length: frames }, (_, query) => {
    const first = query - (query % window)
    const row = new Array<number>(frames).fill(0)
    for (let key = 0; key < window; key += 1) row[first + key] = windows[query * window + key] ?? 0
    return row
  })
}

/** Element-wise mean of maps of one size. */
export function meanMap(maps: readonly (readonly (readonly number[])[])[]): number[][] {
  return (maps[0] ?? []).map((row, query) =>
    row.map((_, key) => maps.reduce((sum, map) => sum + (map[query]?.[key] ?? 0), 0) / maps.length),
  )
}

/**
 * Mean over query frames of the entropy of their attention, nats: 0 when each looks at one frame, ln(window) when all
 * frames count alike.
 */
export function meanEntropy(map: readonly (readonly number[])[]): number {
  const entropies = map.map(row => row.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0))
  return mean(entropies)
}

/** Mean attended distance |query − key| in frames. */
export function meanDistance(map: readonly (readonly number[])[]): number {
  return mean(map.map((row, query) => row.reduce((sum, weight, key) => sum + weight * Math.abs(query - key), 0)))
}

/**
 * Attention rollout (Abnar & Zuidema, Quantifying Attention Flow in Transformers, ACL 2020): of each block half of its
 * attention and half of its residual connection, multiplied from the first block on. What the feed-forward layers do is
 * left out of it.
 * @param maps [blocks][frames][frames], rows of each sum to 1.
 * @returns after each block, [frames][frames]; rows sum to 1.
 */
export function rollout(maps: readonly (readonly (readonly number[])[])[]): number[][][] {
  let reached: readonly (readonly number[])[] | null = null
  return maps.map(map => {
    const before: readonly (readonly number[])[] | null = reached
    const after = map.map((row, query) => {
      const mixed = row.map((weight, key) => (weight + (key === query ? 1 : 0)) / 2)
      if (!before) return mixed
      return row.map((_, origin) => mixed.reduce((sum, weight, key) => sum + weight * (before[key]?.[origin] ?? 0), 0))
    })
    reached = after
    return after
  })
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
