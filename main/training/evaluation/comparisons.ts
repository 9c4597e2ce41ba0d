import type { ComparedQuery, Comparison, PairOrder } from '../../api/evaluation/comparison.ts'
import { compareEvaluations, ordered } from './compare-evaluations.ts'
import type { Compared } from './compare-evaluations.ts'
import { EvaluationFolder } from './results/evaluation-folder.ts'

/** Two evaluations by their names, and how the differences of their figures are resampled. */
export interface TwoEvaluations {
  readonly first: string
  readonly second: string
  readonly resamples: number
  readonly seed: number
}

export interface PageOfQueries {
  readonly order: PairOrder
  readonly offset: number
  readonly limit: number
}

/** Evaluations of a workspace, two at a time. */
export class Comparisons {
  readonly #folder: string
  readonly #videoId: (path: string) => number | null
  /** Who looks at two asks for them again and again, and the ranks of many queries take a while. */
  #last: { readonly key: string; readonly found: Compared } | null = null

  /** @param videoId of a video that the library knows by its path, or null. */
  constructor(folder: string, videoId: (path: string) => number | null) {
    this.#folder = folder
    this.#videoId = videoId
  }

  /** Two evaluations on the queries that both have. @throws ExpectedError. */
  async compare(two: TwoEvaluations, signal: AbortSignal = new AbortController().signal): Promise<Comparison> {
    return (await this.#compared(two, signal)).comparison
  }

  /** The queries that both have, one by one. @throws ExpectedError. */
  async queries(
    { order, offset, limit, ...two }: TwoEvaluations & PageOfQueries,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<{ total: number; queries: ComparedQuery[] }> {
    const { queries } = await this.#compared(two, signal)
    return {
      total: queries.length,
      queries: ordered(queries, order)
        .slice(offset, offset + limit)
        .map(({ path, ...query }) => ({ ...query, videoId: path === null ? null : this.#videoId(path) })),
    }
  }

  async #compared({ first, second, resamples, seed }: TwoEvaluations, signal: AbortSignal): Promise<Compared> {
    const sides = [
      await EvaluationFolder.open(this.#folder, first),
      await EvaluationFolder.open(this.#folder, second),
    ] as const
    const key = JSON.stringify([sides.map(({ record: { id, endedAt } }) => [id, endedAt]), resamples, seed])
    if (this.#last?.key === key) return this.#last.found
    const found = await compareEvaluations(sides, { resamples, seed }, signal)
    this.#last = { key, found }
    return found
  }
}
