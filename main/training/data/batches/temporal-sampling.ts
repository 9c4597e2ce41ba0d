import type { Random } from '../../../../native-models/starter/seeded-random.ts'

/** What the MTC loss compares in a batch (REFERENCE §3, ct_time_loss): int32 [B, keys], [B, values] and [B]. */
export interface TemporalSamples {
  readonly key: Int32Array
  readonly value: Int32Array
  readonly otherNegative: Int32Array
}

export interface TemporalSizes {
  readonly batch: number
  readonly sentences: number
  /** Elements drawn per sample that ask, and that are candidates: at most as many as there are sentences. */
  readonly keys: number
  readonly values: number
}

/**
 * Draws for each sample keys and values of its sentences, each without repetition, and the place of the negatives.
 * A key as far from the first value as from the last has no nearest and is left out of the loss; a draw that would
 * leave out every key of the batch, on which the published code divides by zero, is drawn again.
 */
export function temporalSamples({ batch, sentences, keys, values }: TemporalSizes, draw: Random): TemporalSamples {
  const places = Array.from({ length: sentences }, (_, index) => index)
  const some = (count: number) => draw.shuffled(places).slice(0, count)
  const samples = () =>
    Array.from({ length: batch }, () => ({ key: some(keys), value: some(values), other: draw.below(sentences) }))
  const counts = ({ key, value }: { key: number[]; value: number[] }) => {
    const [first = 0, last = 0] = [value[0], value.at(-1)]
    return key.some(index => Math.abs(first - index) !== Math.abs(last - index))
  }
  let drawn = samples()
  // Of three sentences or more some pairs have a nearest; the bound is for one sentence, of which none has.
  for (let again = 0; again < 100 && !drawn.some(counts); again++) drawn = samples()
  return {
    key: Int32Array.from(drawn.flatMap(({ key }) => key)),
    value: Int32Array.from(drawn.flatMap(({ value }) => value)),
    otherNegative: Int32Array.from(drawn, ({ other }) => other),
  }
}
