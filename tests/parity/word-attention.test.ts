import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFinite, Weights } from '../../main/models/import/weights.ts'
import { readCaseInputs, caseFeeds } from '../../main/verify/case-inputs.ts'
import type { CaseInputs } from '../../main/verify/case-inputs.ts'
import { fixturePath, readFixture } from '../../main/verify/fixture.ts'
import { readNpy } from '../../main/verify/npy.ts'
import type { NumpyArray } from '../../main/verify/npy.ts'
import { caseConfig } from '../../main/verify/prepared-case.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import { forward } from '../../native-models/programs/forward.ts'
import { crossModalLayers, wordAttention, wordAttentionOutput } from '../../native-models/programs/word-attention.ts'
import { tinyA } from '../support/models/models.ts'
import { CrossModalReference } from './cross-modal-reference.ts'
import { runOnce, sessionWithWeights } from './fixture-session.ts'

/**
 * The reference is plain arithmetic in float64 whose answer is compared with that of the published code; 1e-4 leaves
 * room for float32 sums, as in published-numbers.test.ts. Weights are shares of one, so 1e-5 holds for them.
 */
const [answerTolerance, weightTolerance] = [1e-4, 1e-5]

const fixture = await readFixture(tinyA)
const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(tinyA, name), 'utf8'))

test('words and frames attend as in plain arithmetic that gives the published answer', async () => {
  const one = fixture.cases.find(({ name }) => name === 'qa-classification-one-sentence')
  if (!one) throw new Error('the fixture has no question')
  const given = parseConfig(await json(fixture.modelConfig), await json(fixture.bertConfig))
  const inputs = firstOf(await readCaseInputs(fixture, one, given))
  const weights = await Weights.open(one.weights.map(file => fixturePath(fixture, file)))
  try {
    const config = caseConfig(one, given, weights)
    const [, sentences = 0, length = 0] = inputs.textShape ?? []
    const encoded = forward(config, 'qa-classification', {
      outputs: ['text.stage1', 'video.tokens'],
      video: inputs.videoShape,
      text: inputs.textShape,
      pixels: inputs.pixels,
    })
    const feeds = caseFeeds(encoded, inputs)
    const before = await runOnce(await sessionWithWeights(encoded, weights), feeds)
    const program = wordAttention(config, 'qa-classification', { sentences, length, pixels: inputs.pixels })
    const shown = await runOnce(await sessionWithWeights(program, weights), feeds)

    const read = async (name: string, shape: readonly number[]): Promise<Float32Array> =>
      readFinite(name, weights.get(name, shape)!)
    const mask = Array.from(feeds.attentionMask?.data ?? [], Number)
    const reference = await CrossModalReference.read({ config, read, mask: [1, ...mask] })
    const { answer, layers } = reference.run(
      before['text.stage1']?.data as Float32Array,
      before['video.tokens']?.data as Float32Array,
    )
    const published = one.outputs.find(({ name }) => name === 'logits')
    const logits = await readNpy(fixturePath(fixture, published?.file ?? ''))
    for (const [label, value] of answer.entries()) {
      expect(Math.abs(value - Number(logits.data[label]))).toBeLessThan(answerTolerance)
    }

    expect(layers).toHaveLength(crossModalLayers(config))
    const words = 1 + sentences * length
    for (const [layer, expected] of layers.entries()) {
      const { dims, data } = shown[wordAttentionOutput(layer)]!
      expect(dims).toEqual([config.text.heads, words + config.video.frames, words + config.video.frames])
      const width = words + config.video.frames
      let apart = 0
      for (const [index, value] of expected.entries()) apart = Math.max(apart, Math.abs(value - Number(data[index])))
      expect(apart).toBeLessThan(weightTolerance)
      for (let row = 0; row < data.length / width; row++) {
        const sum = (data as Float32Array).subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0)
        expect(sum).toBeCloseTo(1, 5)
      }
    }
  } finally {
    await weights.close()
  }
})

/** Of a batch the first, which costs half. */
function firstOf({ videoShape, pixels, textShape, arrays }: CaseInputs): CaseInputs {
  const [, ...size] = videoShape
  const first = ({ shape, data }: NumpyArray): NumpyArray => ({
    shape: [1, ...shape.slice(1)],
    data: data.slice(0, data.length / (shape[0] ?? 1)),
  })
  return {
    pixels,
    videoShape: [1, ...size],
    textShape: textShape && [1, ...textShape.slice(1)],
    arrays: new Map([...arrays].map(([name, array]) => [name, first(array)])),
  }
}
