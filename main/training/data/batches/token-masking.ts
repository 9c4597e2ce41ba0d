import type { Random } from '../../../../native-models/starter/seeded-random.ts'

export interface MaskableVocabulary {
  readonly size: number
  readonly mask: number
  /** Ids that are never masked: padding, [CLS], [SEP], [UNK], [MASK]. */
  readonly special: ReadonlySet<number>
}

/** A label that no loss is taken over. */
export const ignored = -100

/**
 * Masks tokens for masked language modelling: 15 % of those that are not special; of these 80 % become [MASK], 10 % any
 * token of the vocabulary, 10 % stay (REFERENCE §6).
 * @returns the ids as the model sees them, and what it must say: the id that was there, or −100.
 */
export function maskTokens(
  ids: Int32Array,
  vocabulary: MaskableVocabulary,
  draw: Random,
): { ids: Int32Array; labels: Int32Array } {
  const masked = Int32Array.from(ids)
  const labels = new Int32Array(ids.length).fill(ignored)
  for (const [place, id] of ids.entries()) {
    if (vocabulary.special.has(id) || draw.next() >= 0.15) continue
    labels[place] = id
    const what = draw.next()
    if (what < 0.8) masked[place] = vocabulary.mask
    else if (what < 0.9) masked[place] = draw.below(vocabulary.size)
  }
  return { ids: masked, labels }
}
