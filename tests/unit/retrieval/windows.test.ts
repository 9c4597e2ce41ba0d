import { describe, expect, it } from 'vitest'
import { windowsOf } from '../../../main/retrieval/search/windows.ts'
import { overlapOf } from '../../../main/training/moments/window-overlap.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'

/** Clips of four seconds with noise of a deviation of 0.03, raised by 0.15 inside the moments. */
function clips(hours: number, seed: number, ...moments: (readonly [number, number])[]) {
  const random = seededRandom(seed, 'clips')
  return Array.from({ length: hours * 900 }, (_, place) => {
    const [start, end] = [4 * place, 4 * place + 4]
    const isInside = moments.some(([from, to]) => from <= start && end <= to)
    return { start, end, score: random.between(-0.05, 0.05) + (isInside ? 0.15 : 0) }
  })
}

describe('windows by the scores of clips', () => {
  it.each([
    ['a minute of an hour', 1, [2400, 2460]],
    ['twelve seconds of an hour', 1, [1200, 1212]],
    ['half of an hour', 1, [600, 2400]],
    ['its beginning', 1, [0, 60]],
    ['its end', 1, [3540, 3600]],
    ['a minute of ten hours', 10, [30000, 30060]],
  ] as const)('find a moment first: %s', (_, hours, [start, end]) => {
    const [first = [0, 0]] = windowsOf(clips(hours, 1, [start, end]))
    expect(overlapOf([first[0], first[1]], [start, end])).toBeGreaterThan(0.8)
  })

  it('find several, the one that stands out most first, and none twice', () => {
    const windows = windowsOf(clips(1, 2, [400, 520], [2000, 2040], [3000, 3040]))
    const found = [
      [400, 520],
      [2000, 2040],
      [3000, 3040],
    ].map(([from = 0, to = 0]) => windows.findIndex(([start, end]) => overlapOf([start, end], [from, to]) > 0.7))
    expect(found[0]).toBe(0)
    expect(found.slice(1).toSorted()).toEqual([1, 2])
    expect(windows).toHaveLength(10)
    expect(windows.map(([, , score]) => score)).toEqual(windows.map(([, , score]) => score).toSorted((a, b) => b - a))
    for (const [place, [start, end]] of windows.entries()) {
      for (const [a, b] of windows.slice(0, place)) expect(overlapOf([a, b], [start, end])).toBeLessThan(0.5)
    }
  })

  it('are bounded by clips', () => {
    const bounds = new Set(clips(1, 3).flatMap(({ start, end }) => [start, end]))
    for (const [start, end] of windowsOf(clips(1, 3, [100, 140]))) {
      expect(bounds.has(start) && bounds.has(end) && start < end).toBe(true)
    }
  })

  it('are the whole where nothing stands out, and of one clip', () => {
    const same = clips(1, 1).map(clip => ({ ...clip, score: 0.3 }))
    expect(windowsOf(same)).toEqual([[0, 3600, 0]])
    expect(windowsOf(same.slice(0, 1))).toEqual([[0, 4, 0]])
    expect(windowsOf([])).toEqual([])
  })
})
