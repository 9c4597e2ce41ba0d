import { describe, expect, it } from 'vitest'
import { divergingScale } from '../../../renderer/charts/colour-scale.ts'
import {
  differenceOf,
  largestDifferences,
  rangeOf,
  reachOf,
  sameShape,
} from '../../../renderer/charts/matrices/difference.ts'

const first = [
  [0.1, 0.5],
  [0.3, -0.2],
]
const second = [
  [0.1, 0.1],
  [0.4, -0.2],
]

describe('two matrices', () => {
  it('differ by the second less the first, most where the distance is greatest', () => {
    expect(differenceOf(first, second)[0]?.[1]).toBeCloseTo(-0.4, 12)
    expect(largestDifferences(first, second, 5).map(({ row, column }) => [row, column])).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(rangeOf(first, second)).toEqual({ min: -0.2, max: 0.5 })
    expect(reachOf(differenceOf(first, second))).toBeCloseTo(0.4, 12)
  })

  it('are of one shape row by row', () => {
    expect(sameShape(first, second)).toBe(true)
    expect(sameShape(first, [[1, 2], [3]])).toBe(false)
  })
})

// Luminance as WCAG 2.1 has it.
const luminance = (rgb: readonly number[]) => {
  const [red = 0, green = 0, blue = 0] = rgb.map(value => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)

// Protanopes and deuteranopes tell apart what differs in blue against the rest (Viénot, Brettel and Mollon 1999).
describe.each(['dark', 'light', 'contrast'] as const)('the scale of differences in the theme %s', theme => {
  const scale = divergingScale(theme)

  it('has both ends far from the middle, and as far as each other within a third', () => {
    const [low, middle, high] = [0, 0.5, 1].map(place => luminance(scale.rgb(place))) as [number, number, number]
    expect(contrast(low, middle)).toBeGreaterThan(4.5)
    expect(contrast(high, middle)).toBeGreaterThan(4.5)
    expect(contrast(low, high)).toBeLessThan(1.34)
  })

  it('tells its signs by blue against yellow, which no usual colour blindness takes away', () => {
    const blueness = ([red, green, blue]: readonly [number, number, number]) => blue - (red + green) / 2
    for (const place of [0, 0.1, 0.2, 0.3]) {
      expect(blueness(scale.rgb(place))).toBeGreaterThan(25)
      expect(blueness(scale.rgb(1 - place))).toBeLessThan(-25)
    }
  })
})
