import { describe, expect, it } from 'vitest'
import type { ExampleContent } from '../../../../main/training/data/examples/example.ts'
import { changedFrames } from '../../../../main/training/probing/changed-frames.ts'
import { changedText, clausesSwapped } from '../../../../main/training/probing/changed-text.ts'
import { signTest } from '../../../../main/training/probing/sign-test.ts'
import { answerChange, retrievalChange } from '../../../../main/training/probing/time-probe.ts'

const video = { path: 'a.mp4', start: null, end: null }

describe('the frames of the time probe', () => {
  /** Four frames of 1 × 1 pixels. */
  const frames = { dtype: 'uint8', data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]) } as const
  const shown = (variant: Parameters<typeof changedFrames>[1], seed = 0, name = 'a') => {
    const { data } = changedFrames({ frames, count: 4 }, variant, { seed, video: name })
    return [0, 3, 6, 9].map(first => data[first])
  }

  it('come in another order, whole, and those of the video stay as they were', () => {
    expect(shown('reversed')).toEqual([4, 3, 2, 1])
    expect(shown('repeated')).toEqual([3, 3, 3, 3])
    expect(shown('shuffled').toSorted()).toEqual([1, 2, 3, 4])
    expect([...frames.data]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
  })

  it('are shuffled by seed and video, the same each time', () => {
    expect(shown('shuffled', 5)).toEqual(shown('shuffled', 5))
    const orders = [1, 2, 3, 4, 5, 6].map(seed => shown('shuffled', seed).join())
    expect(new Set(orders).size).toBeGreaterThan(1)
    const videos = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => shown('shuffled', 1, name).join())
    expect(new Set(videos).size).toBeGreaterThan(1)
  })
})

describe('the texts of the time probe', () => {
  it.each([
    ['A man runs before he jumps.', 'He jumps before a man runs.'],
    ['After the dog eats, it sleeps.', 'After it sleeps, the dog eats.'],
    ['Before lunch, I swim!', 'Before I swim, lunch!'],
    ['TV is on, after I left', 'I left, after TV is on'],
    ['One. The cat sits after it walks. Two.', 'One. It walks after the cat sits. Two.'],
    ['After that, a circle comes.', 'After that, a circle comes.'],
    ['It turns after a few seconds.', 'It turns after a few seconds.'],
    ['He had done it before.', 'He had done it before.'],
    ['An afternoon at the beach.', 'An afternoon at the beach.'],
  ])('swap the clauses: %s', (text, swapped) => {
    expect(clausesSwapped(text)).toBe(swapped)
  })

  it('ask for the other side of a question, and leave what has no order alone', () => {
    const question: ExampleContent = { type: 'question', video, question: '', subtitles: [], label: 0 }
    expect(changedText({ ...question, question: 'What is before, and After it?' }, 'clauses-swapped')).toMatchObject({
      question: 'What is after, and Before it?',
    })
    expect(changedText({ ...question, question: 'What?' }, 'clauses-swapped')).toBeNull()
    expect(changedText({ type: 'class', video, label: 0 }, 'sentences-reversed')).toBeNull()
  })

  it('tell a paragraph backwards', () => {
    const sentences = ['A.', 'B.', 'C.'].map((text, start) => ({ text, start, end: start + 1 }))
    expect(changedText({ type: 'paragraph', video, sentences }, 'sentences-reversed')).toMatchObject({
      sentences: [{ text: 'C.' }, { text: 'B.' }, { text: 'A.' }],
    })
    for (const of of [sentences.slice(0, 1), [...sentences.slice(0, 1), ...sentences.slice(0, 1)]]) {
      expect(changedText({ type: 'paragraph', video, sentences: of }, 'sentences-reversed')).toBeNull()
    }
  })
})

it('says how likely so uneven a split is, counted exactly', () => {
  expect(signTest(0, 0)).toBe(1)
  expect(signTest(5, 5)).toBe(1)
  expect(signTest(7, 1)).toBeCloseTo(0.0703125, 12)
  expect(signTest(10, 0)).toBeCloseTo(0.001953125, 12)
  expect(signTest(60, 40)).toBeCloseTo(0.05688793364098078, 12)
  expect(signTest(2600, 2400)).toBeCloseTo(0.004883649737517518, 12)
})

describe('what the time probe counts', () => {
  const unit = (...numbers: number[]) => Float32Array.from(numbers, value => value / Math.hypot(...numbers))
  /** Two videos that differ in order alone, and a third. */
  const rows = [unit(1, 0.2, 0), unit(0.2, 1, 0), unit(0, 0, 1)].map((embedding, example) => ({
    example,
    key: String(example),
    group: example < 2 ? 'twins' : undefined,
    video: embedding,
    text: embedding,
  }))
  const swapped = new Map([
    [0, unit(0.2, 1, 0)],
    [1, unit(1, 0.2, 0)],
    [2, unit(0, 0, 1)],
  ])

  it('is the whole gallery with changed videos: twins are taken for one another', () => {
    expect(retrievalChange(rows, 'reversed', { side: 'video', changed: swapped })).toMatchObject({
      summary: {
        count: 3,
        figure: { before: 1, after: 1 / 3 },
        groups: { before: 1, after: 0 },
        worse: 2,
        better: 0,
        chance: 0.5,
      },
      queries: [{ example: 0, before: { rank: 1 }, after: { rank: 2 } }, { example: 1 }, { example: 2 }],
    })
  })

  it('is only those texts that could be changed, among all videos', () => {
    const changed = new Map([[0, unit(0.2, 1, 0)]])
    const found = retrievalChange(rows, 'clauses-swapped', { side: 'text', changed })
    expect(found?.summary).toMatchObject({ count: 1, figure: { before: 1, after: 0 }, worse: 1 })
    expect(found?.queries).toHaveLength(1)
    expect(retrievalChange(rows, 'clauses-swapped', { side: 'text', changed: new Map() })).toBeNull()
  })

  it('leaves out a video that could not be read again, from the gallery too', () => {
    const changed = new Map([...swapped].slice(1))
    expect(retrievalChange(rows, 'shuffled', { side: 'video', changed })?.summary).toMatchObject({
      count: 2,
      figure: { before: 1, after: 1 },
    })
  })

  it('is right and wrong answers, and what is lost in probability', () => {
    const found = answerChange(
      [
        { example: 4, right: 1, before: [0, 2], after: [2, 0] },
        { example: 7, right: 0, before: [1, 0], after: [0.5, 0] },
        { example: 9, right: 0, before: [0, 0], after: [0, 1] },
      ],
      'reversed',
    )
    expect(found?.summary).toMatchObject({ count: 3, figure: { before: 1, after: 1 / 3 }, worse: 2, groups: null })
    expect(found?.queries.map(({ example }) => example)).toEqual([4, 9, 7])
    expect(found?.queries[0]?.before.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 12)
  })
})
