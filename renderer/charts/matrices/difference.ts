/** Two matrices of the same things, [rows][columns]. */
export type Matrix = readonly (readonly number[])[]

export interface CellDifference {
  readonly row: number
  readonly column: number
  readonly first: number
  readonly second: number
}

/** Whether cells of the same place can be compared. */
export function sameShape(first: Matrix, second: Matrix): boolean {
  return first.length === second.length && first.every((row, place) => row.length === second[place]?.length)
}

/** Second less first, of matrices of one shape. */
export function differenceOf(first: Matrix, second: Matrix): number[][] {
  return second.map((row, place) => row.map((value, column) => value - (first[place]?.[column] ?? 0)))
}

/** The cells that differ most, those first. */
export function largestDifferences(first: Matrix, second: Matrix, count: number): CellDifference[] {
  const cells = first.flatMap((values, row) =>
    values.map((value, column) => ({ row, column, first: value, second: second[row]?.[column] ?? 0 })),
  )
  const size = (cell: CellDifference) => Math.abs(cell.second - cell.first)
  return cells
    .sort((a, b) => size(b) - size(a))
    .slice(0, count)
    .filter(cell => size(cell) > 0)
}

/** What both are painted from and to; one number more where all are equal. */
export function rangeOf(...matrices: readonly Matrix[]): { readonly min: number; readonly max: number } {
  let [min, max] = [Infinity, -Infinity]
  for (const matrix of matrices) {
    for (const row of matrix) {
      for (const value of row) {
        min = Math.min(min, value)
        max = Math.max(max, value)
      }
    }
  }
  return { min, max: max > min ? max : min + 1e-6 }
}

/** The largest distance from zero. */
export function reachOf(matrix: Matrix): number {
  const { min, max } = rangeOf(matrix)
  return Math.max(Math.abs(min), Math.abs(max)) || 1e-6
}
