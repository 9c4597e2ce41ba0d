import { describe, expect, it } from 'vitest'
import { pairedBootstrap } from '../../../../main/training/metrics/paired-bootstrap.ts'

const never = new AbortController().signal
const drawn = { resamples: 20_000, seed: 1, confidence: 0.95 }
const each = (values: readonly number[]) => values.map(value => [value])
const firstOnes = (count: number, ones: number) => Array.from({ length: count }, (_, place) => Number(place < ones))
const places = (count: number) => Array.from({ length: count }, (_, place) => place)

describe('paired bootstrap', () => {
  // The number of won queries among n drawn with replacement is binomial: its quantiles are exact.
  it.each([
    [30, 9, 4, 14],
    [20, 8, 4, 12],
  ])('has the limits of the binomial of %d queries of which the second wins %d', async (count, won, low, high) => {
    const figure = { kind: 'mean', first: each(firstOnes(count, 0)), second: each(firstOnes(count, won)) } as const
    const [found] = await pairedBootstrap([figure], { unitOf: places(count), ...drawn }, never)
    expect(found?.low).toBeCloseTo(low / count, 12)
    expect(found?.high).toBeCloseTo(high / count, 12)
  })

  it('draws a video with all its queries: three equal ones say no more than one', async () => {
    const [count, queries] = [20, 60]
    const second = each(places(queries).map(query => Number(query % count < 8)))
    const figure = { kind: 'mean', first: each(firstOnes(queries, 0)), second } as const
    const unitOf = places(queries).map(query => query % count)
    const [found] = await pairedBootstrap([figure], { unitOf, ...drawn }, never)
    expect(found?.low).toBeCloseTo(4 / count, 12)
    expect(found?.high).toBeCloseTo(12 / count, 12)
  })

  // Of five values drawn from 1 to 5 the median is at most k where three of them are: 0.058, 0.317, 0.683, 0.942, 1.
  it.each([
    [0.95, 1, 5],
    [0.5, 2, 4],
  ])('has the quantiles of the median at confidence %d', async (confidence, low, high) => {
    const figure = { kind: 'median', first: each([0, 0, 0, 0, 0]), second: each([3, 5, 1, 4, 2]) } as const
    const resampling = { unitOf: places(5), ...drawn, confidence }
    expect(await pairedBootstrap([figure], resampling, never)).toEqual([{ low, high }])
  })

  it('pairs: what differs by the same everywhere has an interval of one number', async () => {
    const first = each([3, 9, 1, 40, 7])
    const figures = (['mean', 'median'] as const).map(kind => ({
      kind,
      first,
      second: first.map(([rank = 0]) => [rank + 2]),
    }))
    const found = await pairedBootstrap(figures, { unitOf: places(5), ...drawn, resamples: 500 }, never)
    for (const { low, high } of found) {
      expect(low).toBeCloseTo(2, 12)
      expect(high).toBeCloseTo(2, 12)
    }
  })

  it('draws the same from one seed, and else from another', async () => {
    const figure = { kind: 'mean', first: each([1, 5, 2, 8, 3, 9, 4]), second: each([2, 1, 7, 3, 9, 9, 1]) } as const
    const of = (seed: number) => pairedBootstrap([figure], { unitOf: places(7), ...drawn, seed, resamples: 400 }, never)
    expect(await of(1)).toEqual(await of(1))
    expect(await of(2)).not.toEqual(await of(1))
  })

  it('stops when it is told to', async () => {
    const many = each(firstOnes(2000, 900))
    const figure = { kind: 'median', first: many, second: many } as const
    const resampling = { unitOf: places(2000), ...drawn, resamples: 100_000 }
    const controller = new AbortController()
    const running = pairedBootstrap([figure], resampling, controller.signal)
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
  })
})
