import { expect, it } from 'vitest'
import { accuracyBounds, recallBounds } from '../../../../main/training/metrics/survivor-bounds.ts'

it('bounds recall by missing texts that find their video or do not, and missing videos that stand before it', () => {
  // Six queries, two missing: ranks from 0.
  expect(recallBounds([0, 0, 0, 1, 4, 60], { queries: 2, videos: 1 })).toEqual([
    { metric: 'r1', best: 5 / 8, asMisses: 3 / 8, worst: 0 },
    { metric: 'r5', best: 7 / 8, asMisses: 5 / 8, worst: 4 / 8 },
    { metric: 'r10', best: 7 / 8, asMisses: 5 / 8, worst: 5 / 8 },
    { metric: 'r50', best: 7 / 8, asMisses: 5 / 8, worst: 5 / 8 },
  ])
})

it('is never better or worse than what really comes out when the missing are added', () => {
  // All eight similarities are known here, and two videos with their texts are taken away.
  const all = Array.from({ length: 8 }, (_, text) =>
    Array.from({ length: 8 }, (_, video) => Math.sin(7 * text + 3 * video) + Number(text === video)),
  )
  const rankIn = (rows: readonly number[], text: number) =>
    rows.filter(video => (all[text]?.[video] ?? 0) > (all[text]?.[text] ?? 0)).length
  const [whole, kept] = [
    [0, 1, 2, 3, 4, 5, 6, 7],
    [0, 1, 3, 4, 6, 7],
  ]
  const ranks = kept.map(text => rankIn(kept, text))
  for (const { metric, best, worst } of recallBounds(ranks, { queries: 2, videos: 2 })) {
    const limit = { r1: 1, r5: 5, r10: 10, r50: 50, accuracy: 0 }[metric]
    const real = whole.filter(text => rankIn(whole, text) < limit).length / 8
    expect(real).toBeLessThanOrEqual(best)
    expect(real).toBeGreaterThanOrEqual(worst)
  }
})

it('bounds accuracy by missing questions alone', () => {
  expect(accuracyBounds(3, 4, { queries: 6, videos: 1 })).toEqual([
    { metric: 'accuracy', best: 0.9, asMisses: 0.3, worst: 0.3 },
  ])
})
