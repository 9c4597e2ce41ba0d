/** A seeded stream of numbers evenly spread over [0, 1): the same on every machine. */
export function uniformStream(seed: number): () => number {
  let state = seed >>> 0
  // Mulberry32: a 32-bit counter, mixed.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seeded stream of normally distributed numbers, mean 0 and deviation 1: the same on every machine. */
export function normalStream(seed: number): () => number {
  const uniform = uniformStream(seed)
  // The sum of twelve uniforms has variance 1. It needs no logarithm or cosine, whose last bits differ between
  // machines.
  return () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += uniform()
    return sum
  }
}

/** 32-bit hash of a name (FNV-1a), so that each weight has a stream of its own whatever the order of weights. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
