import { describe, expect, it } from 'vitest'
import { assembleMap, meanDistance, meanEntropy, meanMap, rollout } from '../../../main/inspect/attention-statistics.ts'

describe('assembleMap', () => {
  it('lays the windows along the diagonal, zero elsewhere', () => {
    // Two windows of two frames; exact in float32.
    expect(assembleMap(Float32Array.of(0.75, 0.25, 0.5, 0.5, 1, 0, 0.125, 0.875), 2)).toEqual([
      [0.75, 0.25, 0, 0],
      [0.5, 0.5, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0.125, 0.875],
    ])
  })
})

describe('rollout', () => {
  const windows = [
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0.5, 0.5],
    [0, 0, 0.5, 0.5],
  ]
  const wide = windows.map(() => [0.25, 0.25, 0.25, 0.25])

  it('is half attention and half residual, and spreads no further than the windows', () => {
    expect(rollout([windows])).toEqual([
      [
        [0.5, 0.5, 0, 0],
        [0.5, 0.5, 0, 0],
        [0, 0, 0.75, 0.25],
        [0, 0, 0.25, 0.75],
      ],
    ])
  })

  it('multiplies what is next with what was before', () => {
    const [, second] = rollout([windows, wide])
    // Half of the mean of all four rows before, and half of the own one.
    expect(second?.[0]).toEqual([0.375, 0.375, 0.125, 0.125])
    expect(second?.[2]).toEqual([0.125, 0.125, 0.5, 0.25])
    for (const row of second ?? []) expect(row.reduce((sum, weight) => sum + weight)).toBe(1)
  })
})

describe('meanMap', () => {
  it('is the element-wise mean', () => {
    expect(
      meanMap([
        [
          [1, 0],
          [0.5, 0.5],
        ],
        [
          [0, 1],
          [0.5, 0.5],
        ],
      ]),
    ).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ])
  })
})

describe('meanEntropy', () => {
  it('is 0 for attention to one frame and ln 4 for attention to four alike', () => {
    expect(
      meanEntropy([
        [1, 0],
        [0, 1],
      ]),
    ).toBe(0)
    expect(meanEntropy(Array.from({ length: 4 }, () => [0.25, 0.25, 0.25, 0.25]))).toBeCloseTo(Math.log(4), 12)
  })

  it('averages over query frames', () => {
    expect(
      meanEntropy([
        [1, 0],
        [0.5, 0.5],
      ]),
    ).toBeCloseTo(Math.log(2) / 2, 12)
  })
})

describe('meanDistance', () => {
  it('weighs the distance of query and key, in frames', () => {
    // Row 0 looks 0.25 · 1 away, row 1 looks 1 · 1 away, row 2 looks 0.5 · 2 away.
    expect(
      meanDistance([
        [0.75, 0.25, 0],
        [1, 0, 0],
        [0.5, 0, 0.5],
      ]),
    ).toBeCloseTo((0.25 + 1 + 1) / 3, 12)
  })
})
