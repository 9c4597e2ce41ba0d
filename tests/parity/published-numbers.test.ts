import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { TensorValue } from '../../main/engine/onnxruntime.ts'
import { fixturePath, pick, readArrayInput, readFixture } from '../../main/models/verify/fixture.ts'
import type { Fixture, FixtureCase, FixtureOutput } from '../../main/models/verify/fixture.ts'
import { readNpy } from '../../main/models/verify/npy.ts'
import type { NumpyArray } from '../../main/models/verify/npy.ts'
import { syntheticVideo } from '../../main/models/verify/synthetic-video.ts'
import { parseConfig } from '../../native-models/lfvila/config.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/config.ts'
import type { Form } from '../../native-models/lfvila/form.ts'
import { verifyForward } from '../../native-models/programs/verify-forward.ts'
import { readFile } from 'node:fs/promises'
import { runOnce, sessionWithCheckpoint } from './fixture-session.ts'

/**
 * The numbers were computed by the published PyTorch code. 1e-4 leaves room for another order of float32 sums in
 * 12 blocks (features are of the order of 1), and would not let any of the code's quirks be forgotten.
 */
const tolerance = 1e-4

const folder = fileURLToPath(new URL('../fixtures/tiny-a', import.meta.url))
const fixture = await readFixture(folder)
const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(fixturePath(fixture, name), 'utf8'))
const config = parseConfig(await json(fixture.modelConfig), await json(fixture.bertConfig))

describe.each([
  ...fixture.cases.map(fixtureCase => ({ title: fixtureCase.name, fixtureCase, form: 'explicit' as const })),
  ...fixture.cases.map(fixtureCase => ({ title: `${fixtureCase.name}, fused ops`, fixtureCase, form: 'fused' as const })),
])('$title', async ({ title, fixtureCase, form }) => {
  const results = await forward(fixture, config, fixtureCase, form)
  test.each(fixtureCase.outputs)('$name', async output => {
    const expected = await readNpy(fixturePath(fixture, output.file))
    const actual = select(results[output.name], output)
    expect(actual.data.length).toBe(expected.data.length)
    const difference = maxDifference(actual.data, expected.data)
    console.log(`${title} ${output.name}: ${difference.toExponential(2)}`)
    expect(difference).toBeLessThanOrEqual(tolerance)
  })
})

async function forward(source: Fixture, configuration: LfVilaConfig, { model, weights, inputs, outputs, maskValue }: FixtureCase, form: Form): Promise<Record<string, TensorValue>> {
  const feeds: Record<string, TensorValue> = {}
  if (!inputs.video || !('seed' in inputs.video)) throw new Error('the cases use generated video')
  const { seed, shape, take = [0] } = inputs.video
  const videos = take.map(element => syntheticVideo(seed, shape, element))
  const video = new Uint8Array(videos.reduce((total, one) => total + one.length, 0))
  for (const [index, one] of videos.entries()) video.set(one, index * one.length)
  const videoShape = [take.length, shape[1], shape[2], shape[3], 3] as const
  feeds.video = { dtype: 'uint8', dims: videoShape, data: video }
  for (const name of ['textIds', 'attentionMask', 'keyIndices', 'valueIndices', 'otherNegativeIndices'] as const) {
    const input = inputs[name]
    if (!input) continue
    const { shape: dims, data } = await readArrayInput(source, input)
    feeds[name] = { dtype: 'int32', dims, data: Int32Array.from(data) }
  }
  const text = feeds.textIds?.dims as [number, number, number] | undefined
  const program = verifyForward(configuration, model, { outputs: outputs.map(output => output.name), video: [...videoShape], text: text ?? null, maskValue, form })
  return runOnce(await sessionWithCheckpoint(program, fixturePath(source, weights[0] ?? '')), feeds)
}

/** The part of an output that the fixture's file holds. */
function select(value: TensorValue | undefined, output: FixtureOutput): NumpyArray {
  if (!(value?.data instanceof Float32Array)) throw new Error(`${output.name} is missing`)
  let array: NumpyArray = { shape: [...value.dims], data: value.data }
  // The softmax of all windows of the batch: the windows of element 0 come first.
  if (output.windows) array = pick(array, 0, output.windows)
  else if (output.batch !== undefined) array = pick(array, 0, [output.batch])
  if (output.frames) array = pick(array, 1, output.frames)
  if (output.rows) array = pick(array, 2, output.rows)
  return array
}

function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN))
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
