/** A learning-rate schedule, in steps (REFERENCE §4). */
export interface Schedule {
  readonly kind: 'linear' | 'cosine' | 'step'
  /** The rate to reach at the end of the warm-up. */
  readonly base: number
  /** Steps of the warm-up, from rate 0. */
  readonly warmup: number
  /** Steps of the run, warm-up included. */
  readonly total: number
  /** `cosine` ends at this rate. */
  readonly minimum: number
  /** `step` multiplies the rate by `decayRate` every `decaySteps` steps. */
  readonly decaySteps: number
  readonly decayRate: number
}

/** The linear schedule ends at this share of the base rate. */
const linearEnd = 0.01

/**
 * The rate of a step, counted from 0. The first step has rate 0 when there is a warm-up; `cosine` and `step` count from
 * the start of the run, not from the end of the warm-up, and `linear` goes on falling when a run is longer than it was
 * planned.
 */
export function learningRate(
  { kind, base, warmup, total, minimum, decaySteps, decayRate }: Schedule,
  step: number,
): number {
  if (step < warmup) return (base * step) / warmup
  if (kind === 'linear') return base - ((1 - linearEnd) * base * (step - warmup)) / Math.max(1, total - warmup)
  if (kind === 'step') return base * decayRate ** Math.floor(step / decaySteps)
  return step < total ? minimum + ((base - minimum) * (1 + Math.cos((Math.PI * step) / total))) / 2 : minimum
}
