import { expect, it } from 'vitest'
import {
  frameGroups,
  fromFrames,
  fromWord,
  shownPlaces,
} from '../../../renderer/features/attention/across/word-values.ts'

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
