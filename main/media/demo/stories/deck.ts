import type { Random } from '../../../../native-models/starter/seeded-random.ts'

/**
 * Cards that are drawn again and again, each equally often: what does not fit now stays on top for the next draw.
 */
export class Deck<Card> {
  readonly #cards: readonly Card[]
  readonly #draw: Random
  #pile: Card[] = []

  constructor(cards: readonly Card[], draw: Random) {
    this.#cards = cards
    this.#draw = draw
  }

  /** The first card that fits; null when none of all cards does. */
  take(fits: (card: Card) => boolean = () => true): Card | null {
    if (!this.#cards.some(fits)) return null
    for (;;) {
      const at = this.#pile.findIndex(fits)
      const [card] = at < 0 ? [] : this.#pile.splice(at, 1)
      if (card !== undefined) return card
      this.#pile.push(...this.#draw.shuffled(this.#cards))
    }
  }
}
