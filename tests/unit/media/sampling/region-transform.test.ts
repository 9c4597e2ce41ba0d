import { describe, expect, it } from 'vitest'
import { cutRegion, sizeForRegions } from '../../../../main/media/sampling/region-transform.ts'
import type { Region } from '../../../../main/media/sampling/region-transform.ts'

/**
 * Computed by torchvision's recipe: `interpolate(frame[:, 2:8, 3:10], (4, 5), mode='bilinear', align_corners=False)` of
 * the frame below.
 */
const [height, width] = [9, 12]
const frame = Uint8Array.from(
  { length: height * width * 3 },
  (_, index) => (index * 37 + Math.floor(index / 36) * 11) % 256,
)
const region: Region = { left: 3 / width, top: 2 / height, width: 7 / width, height: 6 / height, flip: false }

/** The same in floating point, one output pixel at a time. */
function expected(y: number, x: number, channel: number, output: { height: number; width: number }): number {
  const at = (size: number, to: number, index: number): [number, number, number] => {
    const source = Math.min(size - 1, Math.max(0, (size / to) * (index + 0.5) - 0.5))
    return [Math.floor(source), Math.min(size - 1, Math.floor(source) + 1), source - Math.floor(source)]
  }
  const [above, below, down] = at(6, output.height, y)
  const [left, right, across] = at(7, output.width, x)
  const pixel = (row: number, column: number): number => frame[((row + 2) * width + column + 3) * 3 + channel] ?? NaN
  const row = (one: number): number => pixel(one, left) * (1 - across) + pixel(one, right) * across
  return row(above) * (1 - down) + row(below) * down
}

function cut(change: Partial<Region>, output: { height: number; width: number }): Uint8Array {
  const target = new Uint8Array(output.height * output.width * 3)
  cutRegion(frame, { input: { height, width }, region: { ...region, ...change }, target, output })
  return target
}

describe('a part of a frame', () => {
  it.each([
    { height: 4, width: 5 },
    { height: 6, width: 7 },
    { height: 13, width: 20 },
  ])('is interpolated as torchvision does, to $height × $width', output => {
    const found = cut({}, output)
    for (let y = 0; y < output.height; y += 1) {
      for (let x = 0; x < output.width; x += 1) {
        // Half for rounding to a byte, a tenth for weights of eleven bits.
        for (let channel = 0; channel < 3; channel += 1) {
          expect(
            Math.abs((found[(y * output.width + x) * 3 + channel] ?? NaN) - expected(y, x, channel, output)),
          ).toBeLessThan(0.6)
        }
      }
    }
  })

  it('is the pixels themselves in their own size, and their mirror image when asked', () => {
    const output = { height: 6, width: 7 }
    const [straight, mirrored] = [cut({}, output), cut({ flip: true }, output)]
    for (let y = 0; y < 6; y += 1) {
      for (let x = 0; x < 7; x += 1) {
        const pixel = [...frame.subarray(((y + 2) * width + x + 3) * 3, ((y + 2) * width + x + 4) * 3)]
        expect([...straight.subarray((y * 7 + x) * 3, (y * 7 + x + 1) * 3)]).toEqual(pixel)
        expect([...mirrored.subarray((y * 7 + 6 - x) * 3, (y * 7 + 7 - x) * 3)]).toEqual(pixel)
      }
    }
  })

  it('never reaches beyond the frame, whatever is rounded', () => {
    for (const change of [
      { left: 0.999, width: 0.5 },
      { top: 1, height: 1 },
      { width: 0, height: 0 },
    ]) {
      expect(cut(change, { height: 3, width: 3 })).toHaveLength(27)
    }
  })
})

it('frames are kept as stored, but not larger than their parts need', () => {
  expect(sizeForRegions({ height: 90, width: 160 }, { height: 96, width: 160 })).toEqual({ height: 90, width: 160 })
  expect(sizeForRegions({ height: 720, width: 1280 }, { height: 192, width: 320 })).toEqual({ height: 256, width: 456 })
  expect(sizeForRegions({ height: 1920, width: 1080 }, { height: 192, width: 320 })).toEqual({
    height: 759,
    width: 427,
  })
})
