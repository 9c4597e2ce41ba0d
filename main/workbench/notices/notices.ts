import type { Notice } from '../../api/app.ts'

/** What the user must see until it ends: fallbacks, missing programs, untrained weights. One entry per id. */
export class Notices {
  readonly #entries = new Map<string, Notice>()
  readonly #listeners = new Set<(notices: Notice[]) => void>()

  constructor(initial: Notice[] = []) {
    for (const notice of initial) this.#entries.set(notice.id, notice)
  }

  list(): Notice[] {
    return [...this.#entries.values()]
  }

  /** Shows `text` under `id`; null takes the notice away. */
  set(id: string, level: Notice['level'], text: string | null): void {
    const before = this.#entries.get(id)
    if (before?.text === text || (!before && text === null)) return
    if (text === null) this.#entries.delete(id)
    else this.#entries.set(id, { id, level, text })
    for (const listener of this.#listeners) listener(this.list())
  }

  onChange(listener: (notices: Notice[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
