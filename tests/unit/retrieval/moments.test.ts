import { describe, expect, it } from 'vitest'
import { mergeMoments } from '../../../main/retrieval/search/moments.ts'
import type { VectorHit } from '../../../main/retrieval/vectors/table-search.ts'

/** A clip of four seconds. */
const hit = (contentId: string, index: number, score: number): VectorHit => ({
  contentId,
  segment: Math.floor(index / 4),
  clip: index % 4,
  start: index * 4,
  end: index * 4 + 4,
  score,
})

const summary = (hits: VectorHit[][]) =>
  mergeMoments(hits).map(({ contentId, sentence, start, end, score }) => [contentId, sentence, start, end, score])

describe('mergeMoments', () => {
  it('joins touching clips that are nearly as similar, across segments, with the score of the best', () => {
    expect(summary([[hit('a', 4, 0.8), hit('a', 3, 0.79), hit('a', 5, 0.78)]])).toEqual([['a', 0, 12, 24, 0.8]])
  })

  it('keeps apart what does not touch, is much weaker, or is another video', () => {
    expect(summary([[hit('a', 0, 0.8), hit('a', 2, 0.79), hit('a', 1, 0.5), hit('b', 1, 0.78)]])).toEqual([
      ['a', 0, 0, 4, 0.8],
      ['a', 0, 8, 12, 0.79],
      ['b', 0, 4, 8, 0.78],
      ['a', 0, 4, 8, 0.5],
    ])
  })

  it('counts a clip once, for the sentence it answers best', () => {
    expect(summary([[hit('a', 0, 0.3)], [hit('a', 0, 0.9), hit('a', 1, 0.2)]])).toEqual([
      ['a', 1, 0, 4, 0.9],
      ['a', 1, 4, 8, 0.2],
    ])
  })

  it('never grows past one segment: alike clips do not make a whole video one moment', () => {
    const [first, second] = mergeMoments([Array.from({ length: 6 }, (_, index) => hit('a', index, 0.9 - index / 1000))])
    expect([first?.start, first?.end]).toEqual([0, 16])
    expect([second?.start, second?.end]).toEqual([16, 24])
  })

  it('points at the middle of the best clip', () => {
    expect(mergeMoments([[hit('a', 1, 0.8), hit('a', 0, 0.79)]])[0]).toMatchObject({ start: 0, end: 8, peak: 6 })
  })
})
