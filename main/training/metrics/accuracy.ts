/** Which label a row of logits says: the highest, the first of equals. */
export function said(logits: ArrayLike<number>): number {
  let best = 0
  for (let label = 1; label < logits.length; label++) {
    if ((logits[label] ?? -Infinity) > (logits[best] ?? -Infinity)) best = label
  }
  return best
}

export interface Accuracy {
  /** Fraction of the examples. */
  readonly accuracy: number
  readonly count: number
  /**
   * Mean over batches of their accuracies, which is what the published code reports: a smaller last batch counts as
   * much as the others.
   */
  readonly batchMean: number
}

/** @param right per example, in the order of the batches. */
export function accuracyOf(right: readonly boolean[], batchSize: number): Accuracy {
  const share = (part: readonly boolean[]): number =>
    part.length === 0 ? 0 : part.filter(Boolean).length / part.length
  const batches = Array.from({ length: Math.ceil(right.length / batchSize) }, (_, batch) =>
    share(right.slice(batch * batchSize, (batch + 1) * batchSize)),
  )
  return {
    accuracy: share(right),
    count: right.length,
    batchMean: batches.reduce((sum, value) => sum + value, 0) / Math.max(1, batches.length),
  }
}

/** Counts by right label (rows) and said label (columns). */
export function confusionMatrix(right: readonly number[], said: readonly number[], labels: number): number[][] {
  const counts = Array.from({ length: labels }, () => new Array<number>(labels).fill(0))
  for (const [example, label] of right.entries()) {
    const row = counts[label]
    const column = said[example] ?? -1
    if (row && column >= 0 && column < labels) row[column] = (row[column] ?? 0) + 1
  }
  return counts
}
