import { describe, expect, it } from 'vitest'
import { pixelWriter } from '../../../../main/models/encoders/dual-encoder/pixels.ts'
import type { PixelFormat } from '../../../../main/models/encoders/dual-encoder/pixels.ts'
import { decode } from '../../../../native-models/checkpoints/files/dtypes.ts'

const size = { height: 1, width: 2 }
/** Two clips of two frames of 1 × 2 pixels: every byte its own number, 0 to 23. */
const frames = Uint8Array.from({ length: 24 }, (_, index) => index)
const plain: Omit<PixelFormat, 'layout'> = { dtype: 'uint8', size, mean: [0, 0, 0], std: [1, 1, 1] }

describe('the pixels of a tower', () => {
  // Read off the definition: value = 12 n + 6 t + 3 x + c, listed in the order of the axes.
  it.each([
    ['NTHWC', [2, 2, 1, 2, 3], [...frames]],
    ['NTCHW', [2, 2, 3, 1, 2], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, 12, 15, 13, 16, 14, 17, 18, 21, 19, 22, 20, 23]],
    ['NCTHW', [2, 3, 2, 1, 2], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23]],
  ] as const)('of a video tower in the order %s', (layout, dims, values) => {
    expect(pixelWriter({ ...plain, layout })(frames, 2, 2)).toEqual({
      dtype: 'uint8',
      dims,
      data: Uint8Array.from(values),
    })
  })

  it.each([
    ['NHWC', [4, 1, 2, 3], [...frames]],
    ['NCHW', [4, 3, 1, 2], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, 12, 15, 13, 16, 14, 17, 18, 21, 19, 22, 20, 23]],
  ] as const)('of an image tower in the order %s', (layout, dims, values) => {
    expect(pixelWriter({ ...plain, layout })(frames, 4, 1)).toEqual({
      dtype: 'uint8',
      dims,
      data: Uint8Array.from(values),
    })
  })

  it('normalised per channel, as CLIP does', () => {
    const clip: Omit<PixelFormat, 'dtype'> = {
      layout: 'NHWC',
      size: { height: 1, width: 1 },
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    }
    // Black and white of CLIP's preprocessor, to the digits its users know.
    const published = [-1.7922626, -1.7520971, -1.4802198, 1.9303361, 2.0748837, 2.1458969]
    const both = Uint8Array.of(0, 0, 0, 255, 255, 255)
    const single = pixelWriter({ ...clip, dtype: 'float32' })(both, 2, 1)
    const half = pixelWriter({ ...clip, dtype: 'float16' })(both, 2, 1)
    expect([...single.data]).toEqual(published.map(value => expect.closeTo(value, 5)))
    // Half precision keeps eleven bits: 2^-11 of values up to 4.
    const widened = decode('float16', new Uint8Array(half.data.buffer))
    expect([...widened]).toEqual(published.map(value => expect.closeTo(value, 2)))
  })
})
