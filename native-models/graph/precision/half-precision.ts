const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** IEEE 754 half precision of each value, rounded to the nearest, ties to even; too large values become infinite. */
export function toHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length)
  for (let index = 0; index < values.length; index++) {
    single[0] = values[index]!
    const word = bits[0]!
    const sign = (word >>> 16) & 0x8000
    const magnitude = word & 0x7fffffff
    halves[index] =
      sign |
      (magnitude > 0x7f800000
        ? 0x7e00
        : magnitude < 0x38800000
          ? subnormal(magnitude)
          : Math.min(rounded(magnitude - 0x38000000, 13), 0x7c00))
  }
  return halves
}

/** Whether a finite value became infinite. */
export const hasInfinity = (halves: Uint16Array): boolean => halves.some(half => (half & 0x7fff) === 0x7c00)

/** Below 2^-14 a half has a fixed exponent: the fraction is shifted into place. */
function subnormal(magnitude: number): number {
  const exponent = magnitude >>> 23
  return exponent < 101 ? 0 : rounded((magnitude & 0x7fffff) | 0x800000, 126 - exponent)
}

/** `value / 2^shift` to the nearest integer, ties to even. */
function rounded(value: number, shift: number): number {
  const floor = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return floor + (rest > half || (rest === half && floor % 2 === 1) ? 1 : 0)
}
