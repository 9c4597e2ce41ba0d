import { describe, expect, it } from 'vitest'
import { clipSpans, newSpans } from '../../../main/retrieval/embedding/clips.ts'

const seconds = (count: number, step: number, from = 0) =>
  Array.from({ length: count }, (_, index) => from + index * step)

describe('clipSpans', () => {
  it('runs from the first frame of a clip to the first frame of the next', () => {
    expect(clipSpans(seconds(32, 0.5), 4, 16)).toEqual([
      { index: 0, start: 0, end: 4 },
      { index: 1, start: 4, end: 8 },
      { index: 2, start: 8, end: 12 },
      { index: 3, start: 12, end: 16 },
    ])
  })

  it('leaves out clips that only repeat the last frame of a short video', () => {
    // 5 s at 2 frames per second: 10 frames, then the last one again and again.
    const times = seconds(32, 0.5).map(time => Math.min(time, 4.96))
    expect(clipSpans(times, 4, 5)).toEqual([
      { index: 0, start: 0, end: 4 },
      { index: 1, start: 4, end: 5 },
    ])
  })

  it.each([
    [12, 8],
    [8, 24],
    [12.012, 29.97],
    [4, 25],
  ])(
    'has no clip of the last frame alone where a video of %d s at %d frames a second fills the others',
    (end, rate) => {
      const times = seconds(32, 0.5).map(time => Math.min(time, end - 1 / rate))
      const spans = clipSpans(times, 4, end)
      expect(spans).toHaveLength(Math.round(end / 4))
      expect(spans.at(-1)?.end).toBe(end)
    },
  )

  it('keeps a clip that begins with the last frame, at its time', () => {
    const times = seconds(32, 0.5).map(time => Math.min(time, 8))
    expect(clipSpans(times, 4, 8.04).map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [4, 8],
      [8, 8.04],
    ])
  })

  it('keeps the single clip of a video of one frame', () => {
    expect(clipSpans(seconds(32, 0), 4, 0.04)).toEqual([{ index: 0, start: 0, end: 0.04 }])
  })

  it('keeps all clips when a short overview repeats every frame a few times', () => {
    const times = seconds(32, 1).map((_, index) => Math.floor(index / 4))
    expect(clipSpans(times, 4, 8).map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
    ])
  })

  it('refuses frames that do not divide into clips', () => {
    expect(() => clipSpans(seconds(30, 1), 4, 30)).toThrow(RangeError)
  })
})

describe('newSpans', () => {
  it('drops what an earlier segment has covered', () => {
    // A second segment shifted back by 8 of its 16 seconds: its first two clips were seen before.
    const spans = clipSpans(seconds(32, 0.5, 8), 4, 24)
    expect(newSpans(spans, 16).map(({ index, start }) => [index, start])).toEqual([
      [2, 16],
      [3, 20],
    ])
    expect(newSpans(spans, 14).map(({ index }) => index)).toEqual([1, 2, 3])
  })
})
