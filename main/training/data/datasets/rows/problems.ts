import type { DatasetProblem } from '../../../../api/training/datasets.ts'

const mostExamples = 10

interface Finding {
  readonly severity: DatasetProblem['severity']
  /** Of the kind of problem; equal ones are counted together. */
  readonly sentence: string
  readonly example: string
}

/** Gathers what is wrong with a labelled folder, one entry for all of a kind. */
export class Problems {
  readonly #found = new Map<string, DatasetProblem>()

  add(kind: DatasetProblem['kind'], { severity, sentence, example }: Finding): void {
    const key = `${kind} ${sentence}`
    const known = this.#found.get(key) ?? { severity, kind, sentence, count: 0, examples: [] }
    this.#found.set(key, {
      ...known,
      count: known.count + 1,
      examples: known.count < mostExamples ? [...known.examples, example] : known.examples,
    })
  }

  /** Errors first, then by how many rows they hit. */
  list(): DatasetProblem[] {
    return [...this.#found.values()].sort(
      (a, b) => Number(b.severity === 'error') - Number(a.severity === 'error') || b.count - a.count,
    )
  }
}
