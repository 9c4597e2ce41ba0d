import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  groupMetrics,
  ranks,
  retrievalMetrics,
  summariseRanks,
} from '../../../main/training/metrics/retrieval-metrics.ts'
import type { RetrievalMetrics } from '../../../main/training/metrics/retrieval-metrics.ts'

interface ReferenceMetrics {
  r1: number
  r5: number
  r10: number
  r50: number
  medr: number
  meanr: number
}

/** Similarities with the figures that the published evaluation code gives for them. */
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/retrieval-metrics.json', import.meta.url), 'utf8')) as {
  cases: { similarity: number[][]; textToVideo: ReferenceMetrics; videoToText: ReferenceMetrics }[]
  ties: { similarity: number[][]; textToVideo: number[] }
}

function same(ours: RetrievalMetrics, reference: ReferenceMetrics): void {
  const { r1, r5, r10, r50, medianRank: medr, meanRank: meanr } = ours
  for (const [name, value] of Object.entries({ r1, r5, r10, r50, medr, meanr })) {
    // Means of whole numbers in double precision: only the order of summation may differ.
    expect(value, name).toBeCloseTo(reference[name as keyof ReferenceMetrics], 12)
  }
}

describe('retrieval metrics', () => {
  it.each(fixture.cases.map(each => [each.similarity.length, each] as const))(
    'equal the reference on %i videos, both directions',
    (size, { similarity, textToVideo, videoToText }) => {
      const metrics = retrievalMetrics(similarity)
      same(metrics.textToVideo, textToVideo)
      same(metrics.videoToText, videoToText)
      expect(metrics.textToVideo.count).toBe(size)
    },
  )

  it('count every position of a tie as the reference does', () => {
    const { r1, r5, r10, r50, medianRank, meanRank, count } = summariseRanks(
      ranks(fixture.ties.similarity, 'reference'),
    )
    expect([r1, r5, r10, r50, medianRank]).toEqual(fixture.ties.textToVideo.slice(0, 5))
    expect(meanRank).toBeCloseTo(fixture.ties.textToVideo[5] ?? 0, 12)
    expect(count).toBe(6)
  })

  it('count each query once when ties are averaged', () => {
    // Row 0 ties with one other (positions 0 and 1), row 1 is alone at the top, row 2 ties with all (0, 1, 2).
    expect(ranks(fixture.ties.similarity, 'average')).toEqual([0.5, 0, 1])
    expect(summariseRanks([0.5, 0, 1])).toMatchObject({ r1: 2 / 3, medianRank: 1.5, meanRank: 1.5, count: 3 })
  })

  it('refuse to summarise nothing', () => {
    expect(() => summariseRanks([])).toThrow(RangeError)
  })
})

describe('metrics within groups', () => {
  const similarity = [
    [0.9, 0.8, 0.95, 0.1],
    [0.2, 0.7, 0.1, 0.1],
    [0.1, 0.1, 0.3, 0.3],
    [0.9, 0.9, 0.2, 0.3],
  ]

  it('compare a row with those of its group alone, in both directions', () => {
    // Text 0 is most like video 2 of all, but in its group like its own; video 1 is more like text 0.
    expect(groupMetrics(similarity, ['a', 'a', undefined, undefined])).toEqual({
      textToVideo: 1,
      videoToText: 0.5,
      random: 0.5,
      count: 2,
    })
  })

  it('do not take a tie as told apart', () => {
    expect(groupMetrics(similarity, [undefined, undefined, 'b', 'b'])).toMatchObject({
      textToVideo: 0.5,
      videoToText: 0.5,
    })
  })

  it('are none where no two rows have a group in common', () => {
    expect(groupMetrics(similarity, ['a', 'b', undefined, undefined])).toBeNull()
  })

  it('guess among as many as a group has', () => {
    expect(groupMetrics(similarity, ['a', 'a', 'a', undefined])).toMatchObject({
      random: expect.closeTo(1 / 3, 12) as number,
      count: 3,
    })
  })
})
