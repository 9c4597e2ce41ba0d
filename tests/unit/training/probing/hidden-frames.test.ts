import { expect, it } from 'vitest'
import { hiddenFrames } from '../../../../main/training/probing/hidden-frames.ts'

it('hides frames under the mean colour of the whole video and leaves the others', () => {
  // Two pixels a frame, three frames; the means of the channels are 4, 5 and 0.
  const data = Float32Array.from([0, 5, 0, 2, 5, 0, 4, 5, 0, 6, 5, 0, 4, 5, 0, 8, 5, 0])
  const hidden = hiddenFrames({ dtype: 'float32', data }, { first: 0, last: 1, count: 3 })
  expect([...hidden.data]).toEqual([4, 5, 0, 4, 5, 0, 4, 5, 0, 4, 5, 0, 4, 5, 0, 8, 5, 0])
  expect([...data].slice(0, 3)).toEqual([0, 5, 0])
})
