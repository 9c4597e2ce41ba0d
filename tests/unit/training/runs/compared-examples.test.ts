import { expect, it } from 'vitest'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { comparedIn, nothingCompared, sumCompared } from '../../../../main/training/runs/loop/compared-examples.ts'

const row = (video: string, text: string): Example => ({
  source: `${video} ${text}`,
  split: 'train',
  content: {
    type: 'paragraph',
    video: { path: `${video}.mp4`, start: null, end: null },
    sentences: [{ text, start: null, end: null }],
  },
})

it('counts each other example of what is compared, but those of the same video or text', () => {
  const batch = [row('a', 'A dog.'), row('b', 'A cat.'), row('c', ' a  DOG. '), row('b', 'A bird.'), row('a', 'A dog.')]
  // a: c has its text, the last one both; b: the fourth its video; c: the first and the last its text.
  expect(comparedIn(batch, 5)).toEqual({ examples: 5, negatives: 2 + 3 + 2 + 3 + 2, fewest: 2, falseNegatives: 8 })
})

it('compares within micro-batches, where the loss does', () => {
  const batch = [row('a', 'A dog.'), row('a', 'A cat.'), row('c', 'A fox.'), row('d', 'A bird.')]
  expect(comparedIn(batch, 2)).toEqual({ examples: 4, negatives: 0 + 0 + 1 + 1, fewest: 0, falseNegatives: 2 })
  expect(comparedIn(batch, 4)).toEqual({ examples: 4, negatives: 2 + 2 + 3 + 3, fewest: 2, falseNegatives: 2 })
})

it('sums what several steps compared', () => {
  const one = { examples: 2, negatives: 2, fewest: 1, falseNegatives: 0 }
  expect(sumCompared(nothingCompared, one)).toEqual(one)
  expect(sumCompared(one, { examples: 4, negatives: 2, fewest: 0, falseNegatives: 2 })).toEqual({
    ...{ examples: 6, negatives: 4, fewest: 0, falseNegatives: 2 },
  })
})
