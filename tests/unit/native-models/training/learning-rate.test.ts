import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { learningRate } from '../../../../native-models/training/learning-rate.ts'

interface Published {
  readonly scheduler: 'linear' | 'cosine' | 'step'
  readonly epochs: number
  readonly warmupEpochs: number
  readonly stepsPerEpoch: number
  readonly base: number
  readonly minimum: number
  readonly decayEpochs: number
  readonly decayRate: number
  readonly steps: readonly number[]
  readonly rates: readonly number[]
}

/** Computed by the published code and timm 0.4.12. */
const published = JSON.parse(
  await readFile(new URL('../../../fixtures/learning-rates.json', import.meta.url), 'utf8'),
) as Published[]

test.each(published)(
  'the $scheduler schedule is the published one',
  ({ scheduler, epochs, warmupEpochs, stepsPerEpoch, base, minimum, decayEpochs, decayRate, steps, rates }) => {
    const schedule = {
      kind: scheduler,
      base,
      warmup: warmupEpochs * stepsPerEpoch,
      total: epochs * stepsPerEpoch,
      minimum,
      decaySteps: decayEpochs * stepsPerEpoch,
      decayRate,
    }
    // The same formula in float64, in another order.
    for (const [index, step] of steps.entries()) {
      expect(Math.abs(learningRate(schedule, step) - (rates[index] ?? NaN))).toBeLessThan(1e-18 + 1e-12 * base)
    }
  },
)
