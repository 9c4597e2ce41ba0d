/** Room beyond what is wanted, so that it is not sorted for every row. */
const slack = 1024

/** The rows with the greatest scores. They are offered in rising order of their numbers; of equals the first counts. */
export class BestRows {
  readonly #top: number
  #kept: { readonly row: number; readonly score: number }[] = []
  /** What a row must exceed; −∞ until there are enough. */
  #least = Number.NEGATIVE_INFINITY

  constructor(top: number) {
    this.#top = top
  }

  /** A score that is no number is left out. */
  offer(row: number, score: number): void {
    if (!(score > this.#least)) return
    this.#kept.push({ row, score })
    if (this.#kept.length >= this.#top + slack) this.#cut()
  }

  /** Best first. */
  ranked(): readonly { readonly row: number; readonly score: number }[] {
    this.#cut()
    return this.#kept
  }

  #cut(): void {
    this.#kept.sort((a, b) => b.score - a.score || a.row - b.row)
    this.#kept = this.#kept.slice(0, this.#top)
    if (this.#kept.length === this.#top) this.#least = this.#kept.at(-1)?.score ?? this.#least
  }
}
