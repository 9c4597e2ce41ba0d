import { expect, test } from 'vitest'
import { createSession } from '../../../../main/engine/onnxruntime.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { input } from '../../../../native-models/graph/tensor.ts'
import { randomMask } from '../../../../native-models/training/random-mask.ts'

const [rows, columns, rate] = [300, 700, 0.1]
const places = rows * columns

async function masks(keys: readonly number[]): Promise<Record<string, Float32Array>[]> {
  const key = input('key', 'int32', [])
  const session = await createSession(
    toOnnx(
      makeProgram('masks', {
        one: randomMask([rows, columns], rate, { key, stream: 0 }),
        other: randomMask([rows, columns], rate, { key, stream: 1 }),
      }),
      () => ({ inline: new Uint8Array() }),
    ),
  )
  try {
    const drawn = []
    for (const value of keys) {
      const results = await session.run({ key: { dtype: 'int32', dims: [], data: Int32Array.of(value) } })
      drawn.push(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array])))
    }
    return drawn
  } finally {
    await session.dispose()
  }
}

/** Of n independent events of probability p, five deviations to both sides of the mean. */
const likely = (p: number, n: number): [number, number] => [
  n * p - 5 * Math.sqrt(n * p * (1 - p)),
  n * p + 5 * Math.sqrt(n * p * (1 - p)),
]

function expectLikely(count: number, p: number, n: number): void {
  const [low, high] = likely(p, n)
  expect(count).toBeGreaterThan(low)
  expect(count).toBeLessThan(high)
}

const zeros = (mask: Float32Array | undefined): number[] =>
  Array.from(mask ?? []).flatMap((kept, index) => (kept === 0 ? [index] : []))

test('a mask leaves out its share, everywhere alike and without a pattern', async () => {
  for (const { one } of await masks([0, 1, -5, 2 ** 30])) {
    const left = zeros(one)
    expectLikely(left.length, rate, places)
    const set = new Set(left)
    // Neighbours along rows, along columns, and at distances that are powers of two are left out together no more than
    // by chance.
    for (const distance of [1, 2, columns, 256, 1024, 65536]) {
      expectLikely(left.filter(index => set.has(index + distance)).length, rate * rate, places - distance)
    }
    for (let row = 0; row < rows; row += 60) {
      expectLikely(left.filter(index => Math.floor(index / columns) === row).length, rate, columns)
    }
    for (let bit = 0; bit < 17; bit++) {
      expectLikely(
        left.filter(index => (index >> bit) & 1).length,
        rate,
        Array.from({ length: places }, (_, index) => (index >> bit) & 1).reduce((sum, one) => sum + one, 0),
      )
    }
  }
})

test('other keys and other layers draw other masks, the same key the same', async () => {
  const [first, next, far, again] = await masks([7, 8, -123456789, 7])
  const one = new Set(zeros(first?.one))
  for (const other of [next?.one, far?.one, first?.other, next?.other]) {
    expectLikely(zeros(other).filter(index => one.has(index)).length, rate * rate, places)
  }
  expect(again).toEqual(first)
})
