import type { Chance } from './chance.ts'

/** What the MTC loss compares in a batch (REFERENCE §3, ct_time_loss): int32 [B, 2], [B, 2] and [B]. */
export interface TemporalSamples {
  readonly key: Int32Array
  readonly value: Int32Array
  readonly otherNegative: Int32Array
}

/**
 * Draws for each of `batch` samples two keys and two values of its sentences, each pair without repetition, and the place of the negatives.
 * A key as far from one value as from the other has no nearest and is left out of the loss; a draw that would leave out every key of the
 * batch, on which the published code divides by zero, is drawn again.
 */
export function temporalSamples(batch: number, sentences: number, draw: Chance): TemporalSamples {
  const places = Array.from({ length: sentences }, (_, place) => place)
  const pair = () => draw.shuffled(places).slice(0, 2)
  const samples = () => Array.from({ length: batch }, () => ({ key: pair(), value: pair(), other: draw.below(sentences) }))
  const counts = ({ key, value: [first = 0, last = 0] }: { key: number[], value: number[] }) => key.some(place => Math.abs(first - place) !== Math.abs(last - place))
  let drawn = samples()
  // Of three sentences or more some pairs have a nearest; the bound is for one sentence, of which none has.
  for (let again = 0; again < 100 && !drawn.some(counts); again++) drawn = samples()
  return {
    key: Int32Array.from(drawn.flatMap(({ key }) => key)),
    value: Int32Array.from(drawn.flatMap(({ value }) => value)),
    otherNegative: Int32Array.from(drawn, ({ other }) => other),
  }
}
