/** Numbers in rows, one after the other: `values` has rows × columns of them. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** Squared Euclidean distance of two rows. */
export function squaredDistance({ columns, values }: Matrix, a: number, b: number): number {
  let sum = 0
  for (let i = a * columns, j = b * columns, end = i + columns; i < end; i++, j++) {
    const difference = values[i]! - values[j]!
    sum += difference * difference
  }
  return sum
}
