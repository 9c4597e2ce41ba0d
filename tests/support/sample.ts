import { it } from 'vitest'

/**
 * Whether every case is tried, as `npm run test:all` does. `npm test` has to end within twenty minutes on two cores: of
 * many cases that take the same way through the program it tries a few.
 */
export const isWhole = process.env.LFVILA_TESTS === 'all'

/** All cases, or `count` of them, spread evenly from the first to the last. */
export function sample<T>(cases: readonly T[], count: number): T[] {
  if (isWhole || count >= cases.length) return [...cases]
  return Array.from({ length: count }, (_, index) => {
    const chosen = cases[Math.round((index * (cases.length - 1)) / Math.max(1, count - 1))]
    if (chosen === undefined) throw new Error('There is no case to choose from.')
    return chosen
  })
}

/** All cases, or the first of each kind. */
export function firstOfEach<T>(cases: readonly T[], kind: (one: T) => string): T[] {
  return cases.filter((one, index) => isWhole || cases.findIndex(other => kind(other) === kind(one)) === index)
}

/**
 * A test that only `npm run test:all` runs: what it looks at, another one of `npm test` runs through as well, more
 * quickly or from another side.
 */
export const thorough = it.runIf(isWhole)
