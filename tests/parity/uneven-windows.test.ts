import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createSession } from '../../main/engine/onnxruntime.ts'
import { syntheticVideo } from '../../main/models/parity-check/synthetic-video.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import { encodeVideo } from '../../native-models/programs/encode-video.ts'
import { randomWeights } from '../support/models/random-weights.ts'
import { runOnce } from './fixture-session.ts'

/**
 * Computed by tests/bench/engine/encoder_eager.py, which pads, rolls and cuts windows in PyTorch as the published code
 * does.
 */
interface UnevenCase {
  what: string
  weightSeed: number
  videoSeed: number
  modelConfig: { DATA: { sample_frame: number; input_res: [number, number] } }
  bertConfig: object
  videoGlobal: number[]
  videoClips: number[]
}
const cases = JSON.parse(
  await readFile(new URL('../fixtures/uneven-windows.json', import.meta.url), 'utf8'),
) as UnevenCase[]

describe.each(cases)('$what', ({ weightSeed, videoSeed, modelConfig, bertConfig, videoGlobal, videoClips }) => {
  const config = parseConfig(modelConfig, bertConfig)
  const shape = [config.video.frames, ...config.video.inputSize, 3]
  const size = elementCount(shape)
  const video = syntheticVideo(videoSeed, [1, ...shape], 0)
  const other = syntheticVideo(videoSeed + 1, [1, ...shape], 0)

  // One segment and two, uint8 and float frames, fused and standard ops: all roads to the same numbers.
  test.each([
    { batch: 1, input: 'uint8', form: 'fused' },
    { batch: 1, input: 'uint8', form: 'explicit' },
    { batch: 2, input: 'float32', form: 'fused' },
    { batch: 2, input: 'float32', form: 'explicit' },
  ] as const)('$batch × $input, $form', async ({ batch, input, form }) => {
    const program = encodeVideo(config, { batch, input, form, localProjection: false })
    const shapes = new Map(program.parameters.map(parameter => [parameter.name, parameter.shape]))
    const session = await createSession(
      toOnnx(program, name => ({
        inline: new Uint8Array(randomWeights(name, shapes.get(name) ?? [], weightSeed).buffer),
      })),
    )
    const last = (batch - 1) * size
    const frames = input === 'uint8' ? video : new Float32Array(batch * size)
    if (frames instanceof Float32Array) {
      frames.set(Float32Array.from(other, value => value / 255))
      frames.set(
        Float32Array.from(video, value => value / 255),
        last,
      )
    }
    const outputs = await runOnce(session, { video: { dtype: input, dims: [batch, ...shape], data: frames } })
    for (const [name, expected] of [
      ['videoGlobal', videoGlobal],
      ['videoClips', videoClips],
    ] as const) {
      const actual = (outputs[name]?.data as Float32Array).slice(-expected.length)
      const difference = Math.max(...expected.map((value, index) => Math.abs(value - (actual[index] ?? NaN))))
      // float32 sums in another order; a forgotten quirk shows in the second digit.
      expect(difference, name).toBeLessThan(1e-5)
    }
  })
})

test('frames that the reference would silently distort are refused', () => {
  const { modelConfig, bertConfig } = cases[0] as UnevenCase
  const sized = (size: [number, number], frames = 12): object => ({
    ...modelConfig,
    DATA: { ...modelConfig.DATA, sample_frame: frames, input_res: size },
  })
  expect(() => parseConfig(sized([192, 220]), bertConfig)).toThrow(/192×220 must be a multiple of the patch size 8×8/)
  expect(() => parseConfig(sized([64, 72]), bertConfig)).toThrow(/leaves 1×2 patches/)
  expect(() => parseConfig(sized([192, 320], 32), bertConfig)).toThrow(
    /sample_frame 32 must be a multiple of sample_clip 3/,
  )
  expect(() => parseConfig({ ...modelConfig, VideoEncoder: undefined }, bertConfig)).toThrow(
    /model configuration is not one of LF-VILA at VideoEncoder/,
  )
  expect(() => parseConfig(modelConfig, {})).toThrow(/BERT configuration is not one of LF-VILA at hidden_size/)
})
