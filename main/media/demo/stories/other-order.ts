import type { Random } from '../../../../native-models/starter/seeded-random.ts'

/** Orders that are tried; of a few items no other may be far enough. */
const tries = 200

/**
 * The items in an order that differs clearly: none keeps its place, and at least two of every five pairs have changed
 * sides. Two items or more.
 */
export function otherOrder<Item>(items: readonly Item[], draw: Random): Item[] {
  const places = items.map((_, index) => index)
  const pairs = (items.length * (items.length - 1)) / 2
  let best = places.toReversed()
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const order = draw.shuffled(places)
    if (order.some((place, index) => place === index)) continue
    best = order
    if (turnedRound(order) >= 0.4 * pairs) break
  }
  return best.flatMap(place => {
    const item = items[place]
    return item === undefined ? [] : [item]
  })
}

/** Pairs of which the later comes first. */
function turnedRound(order: readonly number[]): number {
  return order.reduce((sum, place, index) => sum + order.slice(index + 1).filter(later => later < place).length, 0)
}
