import { hashName, uniformStream } from './random.ts'

/**
 * A stream of numbers over [0, 1) for one purpose, say the crop of example 12 in epoch 3. It depends on nothing but its
 * key, so that a run which is resumed, or decodes in another order, draws the same numbers.
 */
export function seededRandom(seed: number, ...key: readonly (string | number)[]): Random {
  const next = uniformStream(hashName(`${seed} ${key.join(' ')}`))
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    shuffled(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = below(last + 1)
        const [a, b] = [shuffled[last], shuffled[other]]
        if (a !== undefined && b !== undefined) [shuffled[last], shuffled[other]] = [b, a]
      }
      return shuffled
    },
  }
}

export interface Random {
  /** From 0, below 1. */
  next(): number
  /** A whole number from 0, below `count`. */
  below(count: number): number
  between(low: number, high: number): number
  shuffled<Item>(items: readonly Item[]): Item[]
}
