/** One line of the table. `value` is already in `unit`; `note` says what it is compared with. */
export interface BenchRow {
  name: string
  value: number
  unit: string
  note?: string
}

export interface BenchResult {
  rows: BenchRow[]
}

/** Runs `action` and gives its result with the seconds it took. */
export async function timed<Result>(action: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const started = performance.now()
  const result = await action()
  return { seconds: (performance.now() - started) / 1000, result }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
