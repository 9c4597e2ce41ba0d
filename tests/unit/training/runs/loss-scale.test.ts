import { expect, it } from 'vitest'
import { initialLossScale, nextLossScale } from '../../../../main/training/runs/loop/loss-scale.ts'

it('halves at every overflow, never below one', () => {
  expect(nextLossScale({ scale: 1024, good: 7 }, 2)).toEqual({ scale: 256, good: 0 })
  expect(nextLossScale({ scale: 2, good: 7 }, 3)).toEqual({ scale: 1, good: 0 })
})

it('doubles after a thousand steps without', () => {
  let state = initialLossScale
  for (let step = 0; step < 999; step++) state = nextLossScale(state, 0)
  expect(state.scale).toBe(initialLossScale.scale)
  expect(nextLossScale(state, 0)).toEqual({ scale: 2 * initialLossScale.scale, good: 0 })
})
