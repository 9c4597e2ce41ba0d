import { expect, test } from 'vitest'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { MaskValue } from '../../../native-models/lfvila/configuration/config.ts'
import { encodeText } from '../../../native-models/programs/encode-text.ts'
import { shippedModel } from '../../../native-models/starter/shipped.ts'
import { randomWeights } from '../../support/models/random-weights.ts'

const model = await shippedModel('starter')
const config = parseConfig(model.config.model, model.config.bert)

/** A paragraph of four sentences of five tokens, of which the last `missing` are padding altogether. */
async function embed(maskValue: MaskValue, missing: number): Promise<number[]> {
  const program = encodeText(
    { ...config, text: { ...config.text, maskValue } },
    { batch: 1, sentences: 4, length: 5, localProjection: false },
  )
  const shapes = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
  const weightOf = (name: string) => new Uint8Array(randomWeights(name, shapes.get(name) ?? [], 1).buffer)
  const session = await createSession(toOnnx(program, name => ({ inline: weightOf(name) })))
  const tokens = 5 * (4 - missing)
  try {
    const { textGlobal } = await session.run({
      textIds: {
        dtype: 'int32',
        dims: [1, 4, 5],
        data: Int32Array.from({ length: 20 }, (_, index) => (index < tokens ? 20 + index : 0)),
      },
      attentionMask: { dtype: 'int32', dims: [1, 4, 5], data: new Int32Array(20).fill(1, 0, tokens) },
    })
    return Array.from(textGlobal!.data as Float32Array)
  } finally {
    await session.dispose()
  }
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))))

test('the two constants for padding agree unless a sentence is padding altogether', async () => {
  expect(largestDifference(await embed(-10000, 0), await embed('lowest', 0))).toBe(0)
  // Attention of a padded sentence is by its scores with one constant and uniform with the other, and it enters the
  // global token.
  const difference = largestDifference(await embed(-10000, 2), await embed('lowest', 2))
  expect(difference).toBeGreaterThan(1e-5)
  expect(difference).toBeLessThan(1)
})

test('more text than the position and segment tables hold is refused', () => {
  expect(() => encodeText(config, { batch: 1, sentences: 4, length: 65, localProjection: false })).toThrow(
    /4 sentences of 65 tokens do not fit this model, which has 256 positions/,
  )
  expect(() => encodeText(config, { batch: 1, sentences: 9, length: 5, localProjection: false })).toThrow(
    /at most 8 sentences/,
  )
})
