/** One pair of labels that occurred: `row` is the right one, `column` the said one. */
export interface ConfusionCell {
  row: number
  column: number
  count: number
  /** Among all examples of the right label, 0–1. */
  share: number
}

export interface Confusion {
  /** Labels that were right or said at least once. */
  labels: string[]
  /** Row by row; pairs that never occurred are left out. */
  cells: ConfusionCell[]
}

/**
 * The counts of right (rows) and said (columns) labels without the labels that nothing happened to: of 1,654 answers
 * few occur.
 */
export function confusionOf(labels: readonly string[], counts: readonly (readonly number[])[]): Confusion {
  const totals = counts.map(row => row.reduce((sum, count) => sum + count, 0))
  const kept = labels
    .map((_, index) => index)
    .filter(index => (totals[index] ?? 0) > 0 || counts.some(row => (row[index] ?? 0) > 0))
  const cells = kept.flatMap((right, row) =>
    kept.flatMap((said, column) => {
      const count = counts[right]?.[said] ?? 0
      return count > 0 ? [{ row, column, count, share: count / (totals[right] ?? count) }] : []
    }),
  )
  return { labels: kept.map(index => labels[index] ?? ''), cells }
}

/** Pairs from the most frequent confusion on; what was right comes last. */
export function worstPairs({ cells }: Confusion): ConfusionCell[] {
  return [...cells].sort((a, b) => Number(a.row === a.column) - Number(b.row === b.column) || b.count - a.count)
}
