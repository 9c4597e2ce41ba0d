import { float16Name } from './float16.ts'
import { toHalf } from './half-precision.ts'
import { int8Names, int8Scales, int8Values, weightBits } from './int8.ts'

/** A weight in another precision: the name of the float32 one, and how its values [out, …] become this one's. */
export interface DerivedWeight {
  readonly source: string
  values(source: Float32Array, out: number): Uint16Array | Int8Array | Float32Array
}

const endings: Readonly<Record<string, DerivedWeight['values']>> = {
  [float16Name('')]: toHalf,
  ...Object.fromEntries(
    weightBits.flatMap(bits => [
      [int8Names('', bits).values, (source: Float32Array, out: number) => int8Values(source, out, bits)],
      [int8Names('', bits).scales, (source: Float32Array, out: number) => int8Scales(source, out, bits)],
    ]),
  ),
}

/** Null for a weight that is used as it is. */
export function derivedWeight(name: string): DerivedWeight | null {
  const found = Object.entries(endings).find(([ending]) => name.endsWith(ending))
  return found ? { source: name.slice(0, -found[0].length), values: found[1] } : null
}
