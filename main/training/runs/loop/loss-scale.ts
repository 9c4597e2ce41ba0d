/**
 * What losses are multiplied with in half precision: halved when a gradient overflows, and the step computed again;
 * doubled after a thousand steps without (REFERENCE §4: DeepSpeed's dynamic loss scale, window 1000).
 */
export interface LossScale {
  readonly scale: number
  /** Steps since it last changed. */
  readonly good: number
}

/** DeepSpeed begins at 2³² and loses some twenty steps before it fits. */
export const initialLossScale: LossScale = { scale: 2 ** 16, good: 0 }
const largest = 2 ** 24
const window = 1000

/** The scale after a step. @param overflows how often the step had to be computed again with half the scale. */
export function nextLossScale({ scale, good }: LossScale, overflows: number): LossScale {
  if (overflows > 0) return { scale: Math.max(1, scale / 2 ** overflows), good: 0 }
  return good + 1 >= window && scale < largest ? { scale: scale * 2, good: 0 } : { scale, good: good + 1 }
}
