import { describe, expect, it } from 'vitest'
import { monotonicPath } from '../../../main/inspect/monotonic-path.ts'

describe('monotonicPath', () => {
  it('follows a clean diagonal', () => {
    expect(
      monotonicPath([
        [0.9, 0.1, 0.0],
        [0.2, 0.8, 0.1],
        [0.0, 0.1, 0.7],
      ]),
    ).toEqual([0, 1, 2])
  })

  it('gives up a better single cell for a better whole', () => {
    // Taking 0.9 for the first clip would force sentence 2 on the others: 0.9 + 0.1 + 0.1 against 0.5 + 0.6 + 0.6.
    expect(
      monotonicPath([
        [0.5, 0.0, 0.9],
        [0.6, 0.2, 0.1],
        [0.1, 0.6, 0.1],
      ]),
    ).toEqual([0, 0, 1])
  })

  it('skips a sentence that is not shown and keeps several clips on one', () => {
    expect(
      monotonicPath([
        [0.8, 0.1, 0.2],
        [0.7, 0.0, 0.3],
        [0.1, 0.2, 0.9],
      ]),
    ).toEqual([0, 0, 2])
  })

  it('equals the best of all non-decreasing assignments, tried one by one', () => {
    let state = 3
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
    for (const [clips, sentences] of [
      [5, 3],
      [3, 5],
      [6, 4],
      [1, 4],
      [4, 1],
    ] as const) {
      const similarity = Array.from({ length: clips }, () => Array.from({ length: sentences }, () => random() * 2 - 1))
      const path = monotonicPath(similarity)
      expect(path.every((sentence, clip) => clip === 0 || sentence >= (path[clip - 1] ?? 0))).toBe(true)
      // The sums are of the same few numbers in the same order; only rounding may differ.
      expect(total(similarity, path)).toBeCloseTo(bestTotal(similarity), 12)
    }
  })

  it('has no path without clips or without sentences', () => {
    expect(monotonicPath([])).toEqual([])
    expect(monotonicPath([[], []])).toEqual([])
  })

  it('manages a long video and a long text', () => {
    const path = monotonicPath(
      Array.from({ length: 2000 }, (_, clip) =>
        Array.from({ length: 300 }, (_, sentence) => (Math.floor(clip * 0.15) === sentence ? 1 : 0)),
      ),
    )
    expect(path[0]).toBe(0)
    expect(path.at(-1)).toBe(299)
  })
})

const total = (similarity: number[][], path: number[]) =>
  path.reduce((sum, sentence, clip) => sum + (similarity[clip]?.[sentence] ?? 0), 0)

function bestTotal(similarity: number[][], from = 0): number {
  const [row, ...rest] = similarity
  if (!row) return 0
  return Math.max(...row.slice(from).map((score, index) => score + bestTotal(rest, from + index)))
}
