import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { metricsOf } from '../../../main/training/metrics/metrics.ts'
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

describe('several captions of a video', () => {
  /** Of the videos 0 to 5 there are 3, 1, 2, 1, 3 and 2 captions. */
  const videoOf = [0, 0, 0, 1, 2, 2, 3, 4, 4, 4, 5, 5]
  const similarity = [
    [1.0, 0.547, 0.973, 0.715, 0.698, 0.216],
    [1.0, 0.006, 0.253, 0.435, 0.779, 0.198],
    [0.913, 0.983, 0.164, 0.597, 0.009, 0.387],
    [0.044, 1.0, 0.436, 0.949, 0.786, 0.866],
    [0.173, 0.075, 0.651, 0.168, 0.733, 0.408],
    [0.528, 0.938, 0.572, 0.108, 0.158, 0.545],
    [0.524, 0.638, 0.401, 0.7, 0.397, 0.624],
    [0.767, 0.179, 0.376, 0.503, 0.737, 0.254],
    [0.555, 0.625, 0.896, 0.363, 0.688, 0.191],
    [0.498, 0.182, 0.918, 0.432, 0.88, 0.417],
    [0.905, 0.405, 0.331, 0.572, 0.845, 0.911],
    [0.596, 0.085, 0.597, 0.245, 0.733, 0.945],
  ]

  // Computed by ArrowLuo/CLIP4Clip's metrics.py, whose functions for several sentences of a video were run on this.
  it('are a query each for the one video, which is found by the best of them', () => {
    const { textToVideo, videoToText } = retrievalMetrics(similarity, 'average', videoOf)
    expect(textToVideo).toMatchObject({ r1: 0.5, r5: 1, r10: 1, meanRank: 1.5, count: 12 })
    expect(videoToText).toMatchObject({ r5: 1, r10: 1, medianRank: 1, count: 6 })
    expect([videoToText.r1, videoToText.meanRank]).toEqual([expect.closeTo(2 / 3, 12), expect.closeTo(5 / 3, 12)])
  })

  it('make no gallery with a video twice', () => {
    const embeddings = [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)]
    const figures = metricsOf(
      {
        task: 'retrieval',
        videos: embeddings,
        texts: [Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)],
        keys: ['a', 'a', 'b'],
        groups: [undefined, undefined, undefined],
      },
      'reference',
    )
    expect(figures).toMatchObject({ textToVideo: { r1: 2 / 3, count: 3 }, videoToText: { r1: 1, count: 2 } })
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
