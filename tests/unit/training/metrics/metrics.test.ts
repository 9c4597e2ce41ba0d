import { describe, expect, it } from 'vitest'
import { accuracyOf, confusionMatrix, said } from '../../../../main/training/metrics/accuracy.ts'
import { alignmentMetrics, alignVideo, temporalIoU } from '../../../../main/training/metrics/alignment.ts'
import { metricsOf } from '../../../../main/training/metrics/metrics.ts'

describe('accuracy', () => {
  it('counts per example, and per batch as the published code does', () => {
    const right = [true, true, true, true, false]
    expect(accuracyOf(right, 4)).toEqual({ accuracy: 0.8, count: 5, batchMean: 0.5 })
    expect(accuracyOf([], 4)).toEqual({ accuracy: 0, count: 0, batchMean: 0 })
  })

  it('takes the highest logit, the first of equals', () => {
    expect([said([1, 3, 3]), said([-2, -1]), said([])]).toEqual([1, 1, 0])
  })

  it('counts what was said for what', () => {
    expect(confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], 3)).toEqual([
      [1, 1, 0],
      [0, 2, 0],
      [0, 0, 0],
    ])
  })
})

describe('alignment', () => {
  const clips = [0, 1, 2, 3].map(start => ({ start, end: start + 1 }))
  const sentences = [
    { text: 'a', start: 0, end: 2 },
    { text: 'b', start: 2, end: 4 },
    { text: 'c', start: null, end: null },
  ]

  it('is perfect where each clip is most like the sentence of its time', () => {
    const video = alignVideo(
      [
        [0.9, 0.1, 5],
        [0.8, 0.2, 5],
        [0.1, 0.9, 5],
        [0.2, 0.7, 5],
      ],
      clips,
      sentences,
    )
    expect(alignmentMetrics([video])).toEqual({ clipAccuracy: 1, temporalIoU: 1, clips: 4, sentences: 2 })
  })

  it('finds half where it is half', () => {
    const video = alignVideo(
      [
        [0.1, 0.9],
        [0.8, 0.2],
        [0.1, 0.9],
        [0.9, 0.1],
      ],
      clips,
      sentences.slice(0, 2),
    )
    expect(video).toMatchObject({ clips: 4, rightClips: 2 })
  })

  it('measures overlap', () => {
    expect([
      temporalIoU({ start: 0, end: 2 }, { start: 1, end: 3 }),
      temporalIoU({ start: 0, end: 1 }, { start: 1, end: 2 }),
    ]).toEqual([1 / 3, 0])
  })

  it('is unknown without times', () => {
    expect(alignmentMetrics([alignVideo([[1]], clips.slice(0, 1), [{ text: 'a', start: null, end: null }])])).toBeNull()
  })
})

describe('figures', () => {
  const unit = (...values: number[]) => Float32Array.from(values)

  it('counts a tie once, or as often as the published code does', () => {
    const predictions = {
      task: 'retrieval',
      videos: [unit(1, 0), unit(1, 0)],
      texts: [unit(1, 0), unit(0, 1)],
      keys: ['a', 'b'],
      groups: [undefined, undefined],
    } as const
    const [once, published] = [metricsOf(predictions, 'average'), metricsOf(predictions, 'reference')]
    expect(once.task === 'retrieval' && once.textToVideo.count).toBe(2)
    expect(published.task === 'retrieval' && published.textToVideo.count).toBe(4)
  })

  it('says how many frames of the spans are right', () => {
    const figures = metricsOf(
      {
        task: 'qa-multichoice',
        logits: [unit(0, 1)],
        labels: [1],
        batchSize: 4,
        spans: [{ logits: unit(0, 1, 1, 0, 0, 1, 0, 1), labels: Int32Array.of(1, 0, 0, 1) }],
      },
      'average',
    )
    expect(figures).toMatchObject({ accuracy: 1, span: { accuracy: 0.75, count: 4 } })
  })
})
