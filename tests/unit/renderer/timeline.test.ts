import { describe, expect, it } from 'vitest'
import type { Caption } from '../../../main/api/library/library.ts'
import { redo, stepBetween, undo, withStep } from '../../../renderer/features/alignment/editing/draft-history.ts'
import type { History } from '../../../renderer/features/alignment/editing/draft-history.ts'
import {
  createSentence,
  edgeAt,
  mergeWithNext,
  moved,
  newSpan,
  resized,
  sentenceAt,
  splitSentence,
  withoutSentence,
  withProposed,
  withText,
  withTimes,
} from '../../../renderer/features/alignment/editing/edit-sentences.ts'
import { movedOnto, resizedOnto } from '../../../renderer/features/alignment/editing/snapping.ts'
import {
  isWhole,
  panned,
  showing,
  wholeView,
  zoomed,
} from '../../../renderer/features/alignment/editing/timeline-view.ts'
import { readTime, writeTime } from '../../../renderer/features/alignment/editing/written-time.ts'
import { isWordless, spansInSight, stackSpans } from '../../../renderer/features/alignment/video/time-ticks.ts'

const bounds = { duration: 20, shortest: 0.04 }
const said = (text: string, start: number | null = null, end: number | null = null): Caption => ({ text, start, end })
const three = [said('one', 1, 3), said('two', 4, 6), said('three', 7, 9)]
const texts = (sentences: readonly Caption[]) => sentences.map(({ text }) => text)

describe('spans in sight', () => {
  const many = stackSpans(
    Array.from({ length: 3000 }, (_, place) => ({ place, start: place * 2, end: place * 2 + 1.5 })),
  )
  const seen = (from: number, to: number, kept = -1) =>
    spansInSight(many, { from, to, width: 500 }, ({ place }) => place === kept).map(({ place }) => place)

  it('are no more than lie beside each other, and the chosen one is always among them', () => {
    expect(seen(0, 6000).length).toBeLessThanOrEqual(100)
    expect(seen(0, 6000)).not.toContain(1501)
    expect(seen(0, 6000, 1501)).toContain(1501)
  })

  it('are all of those in the part that is shown where they are wide enough to be told apart', () => {
    expect(seen(100, 140)).toEqual(Array.from({ length: 21 }, (_, place) => 50 + place))
    // A long one is never beneath a short one that begins with it.
    const two = [
      { start: 0, end: 0.1, lane: 0 },
      { start: 0.1, end: 900, lane: 0 },
    ]
    expect(spansInSight(two, { from: 0, to: 1000, width: 500 }, () => false)).toEqual(two)
  })

  it('have words where there is room for some', () => {
    const span = { start: 10, end: 12 }
    expect(isWordless(span, { from: 0, to: 100, width: 500 })).toBe(true)
    expect(isWordless(span, { from: 0, to: 20, width: 500 })).toBe(false)
  })
})

describe('edits of sentences', () => {
  it('a span moves and is resized within the video, and no edge crosses the other', () => {
    expect(moved({ start: 1, end: 3 }, 0.5, bounds)).toEqual({ start: 1.5, end: 3.5 })
    expect(moved({ start: 1, end: 3 }, -5, bounds)).toEqual({ start: 0, end: 2 })
    expect(moved({ start: 1, end: 3 }, 50, bounds)).toEqual({ start: 18, end: 20 })
    expect(resized({ start: 1, end: 3 }, 'start', { to: 5, bounds })).toEqual({ start: 2.96, end: 3 })
    expect(resized({ start: 1, end: 3 }, 'end', { to: 99, bounds })).toEqual({ start: 1, end: 20 })
    // Beyond its other edge an edge at the playhead takes the whole span along.
    expect(edgeAt({ start: 1, end: 3 }, 'start', { to: 2, bounds })).toEqual({ start: 2, end: 3 })
    expect(edgeAt({ start: 1, end: 3 }, 'start', { to: 5, bounds })).toEqual({ start: 5, end: 7 })
    expect(edgeAt({ start: 4, end: 6 }, 'end', { to: 3, bounds })).toEqual({ start: 1, end: 3 })
  })

  it('a sentence that moves past others goes to its place among them; the rest stays in the order of the file', () => {
    expect(withTimes(three, 0, { start: 5, end: 7 })).toEqual({
      sentences: [three[1], said('one', 5, 7), three[2]],
      selected: 1,
    })
    const unsorted = [said('later', 9, 10), said('sooner', 1, 2), said('last', 12, 13)]
    expect(texts(withTimes(unsorted, 2, { start: 12.5, end: 13 }).sentences)).toEqual(['later', 'sooner', 'last'])
    expect(createSentence(three, { start: 6.5, end: 6.8 }, 'new')).toMatchObject({ selected: 2 })
    expect(createSentence([said('untimed')], { start: 0, end: 1 }, 'new')).toMatchObject({ selected: 1 })
  })

  it('a label stays whole in both parts, and two of the same are one', () => {
    const label = said('opens a door', 0, 10)
    const parts = splitSentence([label], 0, { at: 4, shortest: 0.04, isLabel: true })
    expect(parts?.sentences).toEqual([said('opens a door', 0, 4), said('opens a door', 4, 10)])
    expect(mergeWithNext(parts?.sentences ?? [], 0, true)?.sentences).toEqual([label])
    expect(texts(mergeWithNext([label, said('waits', 10, 12)], 0, true)?.sentences ?? [])).toEqual([
      'opens a door waits',
    ])
  })

  it('splits at the playhead, the words where they are about then', () => {
    const sentence = said('she opens the old door slowly', 0, 10)
    expect(splitSentence([sentence], 0, { at: 4, shortest: 0.04 })).toEqual({
      sentences: [said('she opens the', 0, 4), said('old door slowly', 4, 10)],
      selected: 1,
    })
    expect(texts(splitSentence([said('你好世界', 0, 2)], 0, { at: 1, shortest: 0.04 })?.sentences ?? [])).toEqual([
      '你好',
      '世界',
    ])
    expect(texts(splitSentence([said('Rain', 0, 2)], 0, { at: 1, shortest: 0.04 })?.sentences ?? [])).toEqual([
      'Rain',
      'Rain',
    ])
    expect(splitSentence([sentence], 0, { at: 0, shortest: 0.04 })).toBeNull()
    expect(splitSentence([sentence], 0, { at: 11, shortest: 0.04 })).toBeNull()
    expect(splitSentence([said('untimed')], 0, { at: 1, shortest: 0.04 })).toBeNull()
  })

  it('merges with the next, and a split sentence merged again is what it was', () => {
    expect(mergeWithNext(three, 0)).toEqual({ sentences: [said('one two', 1, 6), three[2]], selected: 0 })
    expect(mergeWithNext(three, 2)).toBeNull()
    expect(mergeWithNext([said('你好。'), said('世界。', 1, 2)], 0)?.sentences).toEqual([said('你好。世界。', 1, 2)])
    const halves = splitSentence([said('a b c d', 0, 4)], 0, { at: 2, shortest: 0.04 })?.sentences ?? []
    expect(mergeWithNext(halves, 0)?.sentences).toEqual([said('a b c d', 0, 4)])
  })

  it('deletes, renames, and finds what goes on at a moment', () => {
    expect(withoutSentence(three, 2)).toEqual({ sentences: three.slice(0, 2), selected: 1 })
    expect(withoutSentence(three.slice(0, 1), 0)).toEqual({ sentences: [], selected: null })
    expect(texts(withText(three, 1, 'zwei').sentences)).toEqual(['one', 'zwei', 'three'])
    expect([0.5, 1, 2.99, 3, 8].map(time => sentenceAt(three, time))).toEqual([null, 0, 0, null, 2])
  })

  it('a new sentence is between the marks, else from the playhead to the next one, two seconds at most', () => {
    const span = (mark: { start?: number; end?: number }, time: number) => newSpan(three, { mark, time, bounds })
    expect(span({ start: 10, end: 12.5 }, 0)).toEqual({ start: 10, end: 12.5 })
    expect(span({ start: 10 }, 11)).toEqual({ start: 10, end: 11 })
    expect(span({ end: 12 }, 0)).toEqual({ start: 10, end: 12 })
    expect(span({}, 10)).toEqual({ start: 10, end: 12 })
    expect(span({}, 3)).toEqual({ start: 3, end: 4 })
    expect(span({}, 20)).toEqual({ start: 19.96, end: 20 })
  })
})

it('what a model proposes goes to sentences without times, in the order of time when all have some', () => {
  const [early, late] = [
    { start: 1.00004, end: 2 },
    { start: 8, end: 9 },
  ]
  expect(withProposed([said('a'), said('b', 5, 6), said('c')], [late, early, null])).toEqual([
    said('a', 8, 9),
    said('b', 5, 6),
    said('c'),
  ])
  expect(texts(withProposed([said('a'), said('b', 5, 6), said('c')], [late, null, early]))).toEqual(['c', 'b', 'a'])
})

describe('snapping', () => {
  const snapping = { targets: [4, 10], reach: 0.3, bounds }
  it('the nearer edge of a dragged span sticks to what is within reach', () => {
    expect(movedOnto({ start: 1, end: 3 }, 2.8, snapping)).toEqual({ span: { start: 4, end: 6 }, at: 4 })
    expect(movedOnto({ start: 1, end: 3 }, 6.9, snapping)).toEqual({ span: { start: 8, end: 10 }, at: 10 })
    expect(movedOnto({ start: 1, end: 3 }, 1.5, snapping)).toEqual({ span: { start: 2.5, end: 4.5 }, at: null })
    expect(movedOnto({ start: 1, end: 3 }, 2.8, { ...snapping, reach: 0 })).toEqual({
      span: { start: 3.8, end: 5.8 },
      at: null,
    })
  })

  it('so does an edge, unless that would turn the span round', () => {
    expect(resizedOnto({ start: 1, end: 3 }, 'end', { to: 3.9, ...snapping })).toEqual({
      span: { start: 1, end: 4 },
      at: 4,
    })
    expect(resizedOnto({ start: 1, end: 3.9 }, 'start', { to: 3.95, ...snapping })).toEqual({
      span: { start: 3.86, end: 3.9 },
      at: null,
    })
  })
})

describe('undo', () => {
  const begin: History = { sentences: three, done: [], undone: [] }
  const edited = (history: History, what: 'move' | 'delete', sentences: readonly Caption[], goesOn = false) => {
    const step = stepBetween(what, history.sentences, sentences)
    return step ? withStep(history, step, { most: 3, goesOn }) : history
  }

  it('a step holds what was replaced only, and goes both ways', () => {
    const after = withTimes(three, 0, { start: 5, end: 7 }).sentences
    expect(stepBetween('move', three, after)).toEqual({
      what: 'move',
      at: 0,
      removed: three.slice(0, 2),
      inserted: [three[1], said('one', 5, 7)],
    })
    expect(stepBetween('move', three, [...three])).toBeNull()
    const moved = edited(begin, 'move', after)
    const back = undo(moved)
    expect(back.sentences).toEqual(three)
    expect(redo(back)).toEqual(moved)
    expect(undo(begin)).toBe(begin)
    expect(redo(begin)).toBe(begin)
  })

  it('presses of a key that follow one another are taken back together; a new edit ends what was undone', () => {
    const once = edited(begin, 'move', withTimes(three, 1, { start: 4.04, end: 6.04 }).sentences)
    const twice = edited(once, 'move', withTimes(once.sentences, 1, { start: 4.08, end: 6.08 }).sentences, true)
    expect(twice.done).toHaveLength(1)
    expect(undo(twice).sentences).toEqual(three)
    const other = edited(undo(twice), 'delete', three.slice(1))
    expect(other.undone).toEqual([])
  })

  it('the oldest steps are forgotten', () => {
    let history = begin
    for (const start of [1.1, 1.2, 1.3, 1.4, 1.5]) {
      history = edited(history, 'move', withTimes(three, 0, { start, end: 3 }).sentences)
    }
    expect(history.done).toHaveLength(3)
    expect(undo(undo(undo(history))).sentences[0]?.start).toBe(1.2)
  })
})

describe('what the timeline shows', () => {
  it('zooms around a moment, pans as far as the video goes, and follows the playhead', () => {
    const whole = wholeView(100)
    expect(isWhole(whole, 100)).toBe(true)
    const near = zoomed(whole, 4, { around: 50, duration: 100 })
    expect(near).toEqual({ from: 37.5, to: 62.5 })
    expect(zoomed(near, 1 / 4, { around: 50, duration: 100 })).toEqual(whole)
    expect(zoomed(whole, 1e6, { around: 0, duration: 100 })).toEqual({ from: 0, to: 1 })
    expect(panned(near, -90, 100)).toEqual({ from: 0, to: 25 })
    expect(panned(near, 90, 100)).toEqual({ from: 75, to: 100 })
    expect(showing(near, 60, 100)).toBe(near)
    expect(showing(near, 80, 100)).toEqual({ from: 75, to: 100 })
    expect(showing(near, 70, 100)).toEqual({ from: 67.5, to: 92.5 })
  })

  it('times are read as people write them', () => {
    expect(['62.5', '1:02,5', '1:01:02.5', ' 0:07 ', '7'].map(readTime)).toEqual([62.5, 62.5, 3662.5, 7, 7])
    expect(['', 'soon', '1:2:3:4', '-1'].map(readTime)).toEqual([null, null, null, null])
    expect(readTime(writeTime(3662.125))).toBe(3662.125)
  })
})
