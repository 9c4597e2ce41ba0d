import { expect, it } from 'vitest'
import type { AttentionWords } from '../../../main/api/index.ts'
import {
  frameGroups,
  fromFrames,
  fromWord,
  shownPlaces,
} from '../../../renderer/features/attention/across/word-values.ts'
import { wordsApart } from '../../../renderer/features/attention/across/words-apart.ts'

/** Two words, the second of them special, and four frames in two clips. */
const map = [
  [0.25, 0.25, 0.125, 0.125, 0.25, 0],
  [0, 1, 0, 0, 0, 0],
  [0.5, 0.5, 0, 0, 0, 0],
  [0.25, 0, 0.75, 0, 0, 0],
  [0, 0, 0, 1, 0, 0],
  [0, 0.5, 0, 0, 0.5, 0],
]

it('gives what a word gives to frames, and to clips the sum', () => {
  const to = (by: 'frame' | 'clip') => fromWord(map, { word: 0, words: 2, groups: frameGroups(4, 2, by) })
  expect(to('frame')).toEqual([0.125, 0.125, 0.25, 0])
  expect(to('clip')).toEqual([0.25, 0.25])
})

it('gives what a frame gives to words, and a clip on average', () => {
  const [first = [], second = []] = frameGroups(4, 2, 'clip')
  expect(fromFrames(map, { group: [1], words: 2 })).toEqual([0.25, 0])
  expect(fromFrames(map, { group: first, words: 2 })).toEqual([0.375, 0.25])
  expect(fromFrames(map, { group: second, words: 2 })).toEqual([0, 0.25])
})

it('leaves out what is no word where only words are shown', () => {
  const words = [
    { text: 'red', sentence: 0, special: false },
    { text: '[SEP]', sentence: 0, special: true },
  ]
  expect(shownPlaces(words, 'all')).toEqual([0, 1])
  expect(shownPlaces(words, 'words')).toEqual([0])
})

it('compares two models where they read the same words and frames, at the same layer and head', () => {
  const word = { text: 'red', sentence: 0, special: false }
  const frames = [0, 1].map(time => ({ time, image: '' }))
  const read = { model: 'one', words: [word], frames, layer: 1, head: null } as unknown as AttentionWords
  const apart = (other: Partial<AttentionWords>) => wordsApart(read, { ...read, model: 'other', ...other })
  expect(apart({})).toBeNull()
  expect(apart({ words: [{ ...word, special: true }] })).toMatch(/one and other read the text as other words/)
  expect(apart({ frames: frames.slice(1) })).toMatch(/one looks at 2 frames and other at 1/)
  expect(apart({ layer: 0 })).toMatch(/other has no such layer or head: layer 1/)
  expect(apart({ head: 1 })).toMatch(/no such layer or head/)
})
