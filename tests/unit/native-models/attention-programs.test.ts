import { describe, expect, test } from 'vitest'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import type { Program } from '../../../native-models/graph/program.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { temporalWindows } from '../../../native-models/lfvila/configuration/temporal-windows.ts'
import { attentionRow } from '../../../native-models/programs/attention-row.ts'
import { forward } from '../../../native-models/programs/forward.ts'
import { attentionOutput, inspectAttention } from '../../../native-models/programs/inspect-attention.ts'
import { randomWeights } from '../../support/models/random-weights.ts'
import { smallConfig, windows } from '../../support/models/small-config.ts'

/** Twelve frames do not fill windows of 8; 17 × 25 patches are padded in rows, then odd. */
const { model, bert } = smallConfig({
  VideoEncoder: {
    embed_dim: 8,
    depths: [2, 2, 2],
    num_heads: [1, 2, 2],
    downsample_stages: [0, 1],
    window_size: windows(2, 4, 8),
  },
  DATA: { sample_frame: 12, sample_clip: 3, input_res: [136, 200] },
  bert: { vocab_size: 100, hidden_size: 32, num_hidden_layers: 2, max_position_embeddings: 64 },
})
const config = parseConfig(model, bert)
const video: TensorValue = {
  dtype: 'uint8',
  dims: [1, 12, 136, 200, 3],
  data: syntheticVideo(3, [1, 12, 136, 200, 3], 0),
}

async function run(
  program: Program,
  feeds: Record<string, TensorValue>,
): Promise<(name: string) => { dims: readonly number[]; data: Float32Array }> {
  const shapes = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
  const session = await createSession(
    toOnnx(program, name => ({ inline: new Uint8Array(randomWeights(name, shapes.get(name) ?? [], 5).buffer) })),
  )
  try {
    const outputs = await session.run(feeds)
    return name => ({ dims: outputs[name]!.dims, data: Float32Array.from(outputs[name]!.data as Float32Array) })
  } finally {
    await session.dispose()
  }
}

describe('frame × frame maps', async () => {
  const output = await run(inspectAttention(config), { video })
  const stages = temporalWindows(config.video)

  test.each(stages.flatMap((stage, index) => [0, 1].map(block => ({ index, block, stage }))))(
    'stage $index block $block: rows of real frames are shares of one',
    ({ index, block, stage }) => {
      const { dims, data } = output(attentionOutput(index, block))
      expect(dims).toEqual([stage.heads, stage.starts.length, stage.window, stage.window])
      for (let row = 0; row < data.length / stage.window; row++) {
        const frame = (stage.starts[Math.floor(row / stage.window) % stage.starts.length] ?? 0) + (row % stage.window)
        const sum = data.slice(row * stage.window, (row + 1) * stage.window).reduce((a, b) => a + b, 0)
        expect(sum).toBeCloseTo(frame < config.video.frames ? 1 : 0, 5)
      }
    },
  )

  test('are the softmax of the reference, summed over the patches of a key frame and averaged over those of a query frame', async () => {
    const raw = await run(
      forward(config, 'retrieval', {
        outputs: ['video.layer0.attention.last'],
        video: [1, 12, 136, 200, 3],
        text: null,
      }),
      { video },
    )
    const { dims, data } = raw('video.layer0.attention.last')
    const [windows = 0, , positions = 0] = dims
    // Windows of 2 × 3 × 5 over 12 × 17 × 25 patches: 6 × 6 × 5 windows; in the last row of windows the third row of
    // patches is padding, which the shift by one moves to: rolled row 16 shows patch row 17, beyond the grid.
    const [spatial, patches, window] = [30, 15, 2]
    const expected = new Float32Array((windows / spatial) * window * window)
    const counts = new Float32Array((windows / spatial) * window)
    for (let w = 0; w < windows; w++) {
      for (let query = 0; query < positions; query++) {
        const row = Math.floor((w % spatial) / 5) * 3 + Math.floor((query % patches) / 5)
        if ((row + 1) % 18 === 17) continue
        const place = Math.floor(w / spatial) * window + Math.floor(query / patches)
        counts[place]! += 1
        for (let key = 0; key < positions; key++) {
          expected[place * window + Math.floor(key / patches)]! += data[(w * positions + query) * positions + key]!
        }
      }
    }
    const actual = output(attentionOutput(0, 1)).data
    for (const [index, value] of expected.entries()) {
      expect(actual[index]).toBeCloseTo(value / counts[Math.floor(index / window)]!, 5)
    }
  })
})

test('one query patch: its row of the softmax, with the place of every key', async () => {
  const [frame, row, column] = [9, 6, 2]
  const query: TensorValue = { dtype: 'int32', dims: [3], data: Int32Array.of(frame, row, column) }
  const output = await run(attentionRow(config, { stage: 1, block: 0 }), { video, query })
  const { dims, data } = output('weights')
  const keys = output('keys')
  expect(dims).toEqual([2, 60])
  for (const head of [0, 1]) expect(data.slice(head * 60, head * 60 + 60).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
  // Unshifted windows of 4 × 3 × 5 over 12 × 9 × 13 patches: frames 8–11, rows 6–8, columns 0–4.
  const places = Array.from({ length: 60 }, (_, index) => Array.from(keys.data.slice(index * 3, index * 3 + 3)))
  expect(places).toEqual(
    Array.from({ length: 60 }, (_, index) => [8 + Math.floor(index / 15), 6 + Math.floor((index % 15) / 5), index % 5]),
  )
  const raw = await run(
    forward(config, 'retrieval', {
      outputs: ['video.layer1.attention.first'],
      video: [1, 12, 136, 200, 3],
      text: null,
    }),
    { video },
  )
  const all = raw('video.layer1.attention.first').data
  // 3 temporal × 3 × 3 windows; the third in time, the third in rows, the first in columns; inside, the query is at
  // frame 1, row 0, column 2.
  const [window, position] = [2 * 9 + 2 * 3, 15 + 2]
  for (const head of [0, 1]) {
    expect(Array.from(data.slice(head * 60, head * 60 + 60))).toEqual(
      Array.from(all.slice(((window * 2 + head) * 60 + position) * 60, ((window * 2 + head) * 60 + position + 1) * 60)),
    )
  }
})

test('a block that does not exist is refused', () => {
  expect(() => attentionRow(config, { stage: 2, block: 2 })).toThrow(RangeError)
})
