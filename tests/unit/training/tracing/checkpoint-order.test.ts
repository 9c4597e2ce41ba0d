import { describe, expect, it } from 'vitest'
import type { TracePoint } from '../../../../main/api/training/tracing.ts'
import { flipsOf, nextStep } from '../../../../main/training/tracing/checkpoint-order.ts'

const steps = Array.from({ length: 17 }, (_, place) => 10 * place)
const point = (step: number, rank: number): TracePoint => ({ step, rank, score: 0, rival: null })

/** Asks for one checkpoint after the other, as the job does. */
function followed(rankAt: (step: number) => number, bisect: boolean): { asked: number[]; points: TracePoint[] } {
  const asked: number[] = []
  let points: TracePoint[] = []
  for (let step = nextStep(steps, points, bisect); step !== null; step = nextStep(steps, points, bisect)) {
    asked.push(step)
    points = [...points, point(step, rankAt(step))].sort((a, b) => a.step - b.step)
  }
  return { asked, points }
}

describe('checkpoints of a run', () => {
  it('are halved until the step at which the query flips stands between two neighbours', () => {
    const { asked, points } = followed(step => (step < 115 ? 4 : 1), true)
    expect(asked.slice(0, 2)).toEqual([0, 160])
    // 15 between the ends are halved four times.
    expect(asked.length).toBeLessThanOrEqual(6)
    expect(flipsOf(points)).toEqual([{ after: 110, by: 120, won: true }])
  })

  it('are all looked at otherwise, those of a gap that flips first', () => {
    const { asked, points } = followed(step => (step >= 50 && step < 90 ? 1 : 2), false)
    expect(asked.toSorted((a, b) => a - b)).toEqual(steps)
    expect(flipsOf(points)).toEqual([
      { after: 40, by: 50, won: true },
      { after: 80, by: 90, won: false },
    ])
  })

  it('of a query that is the same at both ends are left alone by halving', () => {
    expect(followed(() => 3, true).asked).toEqual([0, 160])
    expect(nextStep([], [], false)).toBeNull()
    expect(nextStep([5], [point(5, 1)], false)).toBeNull()
  })

  it('counts a tie for the first place as not being first', () => {
    expect(flipsOf([point(0, 1.5), point(10, 1)])).toEqual([{ after: 0, by: 10, won: true }])
  })
})
