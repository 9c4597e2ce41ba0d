import { describe, expect, it } from 'vitest'
import { headMap, sharesOfVideo, withoutPadding } from '../../../main/words/word-maps.ts'

/** Two heads over the global token, a word, padding and a frame; all numbers exact in float32. */
const layer = Float32Array.of(
  ...[0.5, 0.25, 0, 0.25, 0, 0.5, 0, 0.5, 0.25, 0.25, 0.25, 0.25, 1, 0, 0, 0],
  ...[0, 1, 0, 0, 0.25, 0.25, 0, 0.5, 1, 0, 0, 0, 0, 0, 0, 1],
)
const kept = withoutPadding(layer, { places: [0, 1], words: 3, frames: 1, heads: 2 })

describe('withoutPadding', () => {
  it('leaves out the rows and columns of padding', () => {
    expect([...kept]).toEqual([0.5, 0.25, 0.25, 0, 0.5, 0.5, 1, 0, 0, 0, 1, 0, 0.25, 0.25, 0.5, 0, 0, 1])
  })
})

describe('headMap', () => {
  it('is one head, or the mean of all', () => {
    expect(headMap(kept, 2, 1)).toEqual([
      [0, 1, 0],
      [0.25, 0.25, 0.5],
      [0, 0, 1],
    ])
    expect(headMap(kept, 2, null)[2]).toEqual([0.5, 0, 0.5])
  })
})

describe('sharesOfVideo', () => {
  const global = { text: '', sentence: null, special: true }

  it('is what words give to the frames, the special ones left out', () => {
    const words = [global, { text: 'red', sentence: 0, special: false }]
    expect(sharesOfVideo({ layers: [kept], heads: 2, words })).toEqual([[0.5, 0.5]])
  })

  it('takes the special ones where there is no word', () => {
    expect(sharesOfVideo({ layers: [kept], heads: 2, words: [global, global] })).toEqual([[0.375, 0.25]])
  })
})
