import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { validationTransform } from '../../../../main/media/sampling/validation-transform.ts'

interface Expected {
  readonly width: number
  readonly height: number
  readonly outputWidth: number
  readonly outputHeight: number
  readonly mean: number
  readonly deviation: number
  readonly indices: readonly number[]
  readonly values: readonly number[]
}

/**
 * Computed with PyTorch 1.13: `interpolate(mode='bilinear', align_corners=False)` to 240×428, the crop at
 * `int(round((240 − 216) / 2))`, `int(round((428 − 385) / 2))`, and `interpolate` again.
 */
const expected = JSON.parse(
  await readFile(new URL('validation-transform.expected.json', import.meta.url), 'utf8'),
) as Expected[]

/** Noise, the hardest case for a resize; the same formula made the frames that PyTorch saw. */
function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => {
    let hash = index
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 24
  })
}

test.each(expected)(
  '$width×$height → $outputWidth×$outputHeight is what PyTorch computes',
  ({ width, height, outputWidth, outputHeight, mean, deviation, indices, values }) => {
    const output = new Float32Array(outputHeight * outputWidth * 3)
    validationTransform({ height, width }, { height: outputHeight, width: outputWidth })(
      noise(height * width * 3),
      output,
    )
    // PyTorch computes positions and weights in float32, so they are off by up to 1e-4 of a pixel at this size.
    for (const [position, index] of indices.entries()) {
      expect(Math.abs((output[index] ?? NaN) - (values[position] ?? NaN))).toBeLessThan(1e-4)
    }
    const average = output.reduce((sum, value) => sum + value, 0) / output.length
    const spread = Math.sqrt(output.reduce((sum, value) => sum + (value - average) ** 2, 0) / output.length)
    expect(average).toBeCloseTo(mean, 6)
    expect(spread).toBeCloseTo(deviation, 6)
  },
)

test('a frame of another size is refused', () => {
  expect(() =>
    validationTransform({ height: 4, width: 4 }, { height: 2, width: 2 })(new Uint8Array(12), new Float32Array(12)),
  ).toThrow('a frame of 4×4 has 48 bytes, not 12')
})
