import type { Chance } from './chance.ts'

/** What the MTC loss compares in a batch (REFERENCE §3, ct_time_loss): int32 [B, 2], [B, 2] and [B]. */
export interface TemporalSamples {
  readonly key: Int32Array
  readonly value: Int32Array
  readonly otherNegative: Int32Array
}

/** Draws for each of `batch` samples two keys and two values of its sentences, each pair without repetition, and the place of the negatives. */
export function temporalSamples(batch: number, sentences: number, draw: Chance): TemporalSamples {
  const places = Array.from({ length: sentences }, (_, place) => place)
  const samples = Array.from({ length: batch }, () => ({ key: draw.shuffled(places), value: draw.shuffled(places), other: draw.below(sentences) }))
  return {
    key: Int32Array.from(samples.flatMap(({ key }) => key.slice(0, 2))),
    value: Int32Array.from(samples.flatMap(({ value }) => value.slice(0, 2))),
    otherNegative: Int32Array.from(samples, ({ other }) => other),
  }
}
