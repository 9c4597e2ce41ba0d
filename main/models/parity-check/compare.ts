/** Values of an array, in whatever type they have. */
interface Values {
  readonly data: ArrayLike<number>
}

export interface Difference {
  /**
   * Largest absolute difference; null when the two cannot be compared (their sizes differ, or one is not a number where
   * the other is).
   */
  maxAbsDiff: number | null
  /** The same divided by the largest expected magnitude. */
  maxRelDiff: number | null
  /** Cosine of the two as vectors; null when they cannot be compared or one of them is zero. */
  cosine: number | null
  pass: boolean
}

interface Tolerances {
  /**
   * Absolute; null leaves the judgement to `relativeTolerance`, which is relative to the largest expected magnitude.
   */
  readonly tolerance: number | null
  readonly relativeTolerance: number | null
  /** Values not to compare. */
  readonly left?: readonly boolean[]
}

/**
 * Compares values one by one; shapes may differ as long as the number of values agrees.
 */
export function compare(
  actual: Values,
  expected: Values,
  { tolerance, relativeTolerance, left }: Tolerances,
): Difference {
  const incomparable: Difference = { maxAbsDiff: null, maxRelDiff: null, cosine: null, pass: false }
  if (actual.data.length !== expected.data.length) return incomparable
  let maxAbsDiff = 0
  let magnitude = 0
  let [product, actualSquare, expectedSquare] = [0, 0, 0]
  for (let index = 0; index < expected.data.length; index++) {
    if (left?.[index]) continue
    const reference = expected.data[index]!
    const value = actual.data[index]!
    // A loss of which every row is left out is “not a number” on both sides.
    if (Object.is(value, reference) || value === reference) {
      if (!Number.isFinite(reference)) continue
    } else {
      const difference = Math.abs(value - reference)
      if (!Number.isFinite(difference)) return incomparable
      maxAbsDiff = Math.max(maxAbsDiff, difference)
    }
    magnitude = Math.max(magnitude, Math.abs(reference))
    product += value * reference
    actualSquare += value * value
    expectedSquare += reference * reference
  }
  const maxRelDiff = maxAbsDiff === 0 ? 0 : magnitude === 0 ? null : maxAbsDiff / magnitude
  const withinAbsolute = tolerance !== null && maxAbsDiff <= tolerance
  const withinRelative = relativeTolerance !== null && maxRelDiff !== null && maxRelDiff <= relativeTolerance
  const norms = Math.sqrt(actualSquare * expectedSquare)
  return {
    maxAbsDiff,
    maxRelDiff,
    cosine: norms === 0 ? null : product / norms,
    pass: withinAbsolute || withinRelative,
  }
}
