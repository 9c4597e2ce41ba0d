import { expect, test } from 'vitest'
import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { input } from '../../../native-models/graph/tensor.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { corrections } from '../../../native-models/lfvila/configuration/corrections.ts'
import type { LfVilaKind } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { clampWindow, relativePositionIndex } from '../../../native-models/lfvila/configuration/windows.ts'
import { temporalContrastiveLoss } from '../../../native-models/lfvila/losses/losses.ts'
import { forward } from '../../../native-models/programs/forward.ts'
import { runOnce } from '../../parity/fixture-session.ts'
import { randomWeights } from '../../support/models/random-weights.ts'
import { smallConfig, windows } from '../../support/models/small-config.ts'

const configured = (correction: object, size: [number, number] = [128, 224]): LfVilaConfig => {
  const { model, bert } = smallConfig({
    VideoEncoder: {
      embed_dim: 8,
      depths: [1, 1, 1, 2, 1, 1],
      downsample_stages: [0, 1, 4],
      window_size: windows(2, 4, 8, 16, 16, 32),
    },
    final_num_patches: 2,
    corrections: correction,
    DATA: { input_res: size },
  })
  return parseConfig(model, bert)
}

/** Frames in 0–1 [1, 4, height, width, 3]. */
function frames(
  height: number,
  width: number,
  pixel: (index: number, row: number, column: number) => number,
): TensorValue {
  const data = new Float32Array(4 * height * width * 3)
  for (const index of data.keys()) {
    data[index] = pixel(index, Math.floor(index / (3 * width)) % height, Math.floor(index / 3) % width)
  }
  return { dtype: 'float32', dims: [1, 4, height, width, 3], data }
}
const noise = (frame: number, row: number, column: number, channel: number): number =>
  ((frame * 131 + row * 37 + column * 17 + channel * 71 + ((row * column) % 29)) % 97) / 97
const cut = (height: number, width: number): TensorValue =>
  frames(height, width, (index, row, column) => noise(Math.floor(index / (3 * height * width)), row, column, index % 3))

async function compute(
  config: LfVilaConfig,
  kind: LfVilaKind,
  outputs: string[],
  feeds: Record<string, TensorValue>,
  text: number[] | null = null,
): Promise<Record<string, Float32Array>> {
  const program = forward(config, kind, {
    outputs,
    video: feeds.video!.dims as [number, number, number, number, number],
    pixels: 'float32',
    text,
  })
  const shapes = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
  const session = await createSession(
    toOnnx(program, name => ({ inline: new Uint8Array(randomWeights(name, shapes.get(name) ?? [], 3).buffer) })),
  )
  const results = await runOnce(session, feeds)
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

test('every correction is off unless named, and says what it is for', () => {
  expect(configured({}).corrections).toEqual(Object.fromEntries(corrections.map(({ name }) => [name, false])))
  for (const { sentence } of corrections) expect(sentence).toMatch(/the published code/)
  expect(() => configured({ padToPatchs: true })).toThrow(/corrections.*padToPatchs/)
})

test('rows that patches do not cover are left out as published, or padded with the mean colour', async () => {
  const published = await compute(configured({}, [132, 224]), 'retrieval', ['video.norm'], { video: cut(132, 224) })
  expect(published).toEqual(await compute(configured({}), 'retrieval', ['video.norm'], { video: cut(128, 224) }))

  expect(() => configured({}, [132, 220])).toThrow(/padToPatches/)
  const mean = [0.485, 0.456, 0.406]
  const padded = frames(136, 224, (index, row, column) =>
    row < 132 && column < 220 ? noise(Math.floor(index / (3 * 136 * 224)), row, column, index % 3) : mean[index % 3]!,
  )
  const whole = await compute(configured({}, [136, 224]), 'retrieval', ['video.norm'], { video: padded })
  expect(
    await compute(configured({ padToPatches: true }, [132, 220]), 'retrieval', ['video.norm'], {
      video: cut(132, 220),
    }),
  ).toEqual(whole)
})

test('a clamped window looks up its bias by its own offsets when corrected', () => {
  const full = [2, 3, 5] as const
  const { window } = clampWindow(full, { frames: 2, rows: 2, columns: 4, channels: 1 })
  const [rows, columns] = [window[1], window[2]]
  const offsetsPerEntry = (index: Int32Array): Map<number, Set<string>> => {
    const places = Array.from({ length: 2 * rows * columns }, (_, token) => [
      Math.floor(token / (rows * columns)),
      Math.floor(token / columns) % rows,
      token % columns,
    ])
    const found = new Map<number, Set<string>>()
    for (const [at, entry] of index.entries()) {
      const [query, key] = [places[Math.floor(at / places.length)]!, places[at % places.length]!]
      found.set(entry, (found.get(entry) ?? new Set()).add(query.map((place, axis) => place - key[axis]!).join()))
    }
    return found
  }
  const own = offsetsPerEntry(relativePositionIndex(full, 16, window))
  expect(own.size).toBe((2 * 2 - 1) * (2 * rows - 1) * (2 * columns - 1))
  expect(Array.from(own.values(), offsets => offsets.size)).toEqual(new Array(own.size).fill(1))
  // As published, one entry of the table serves pairs that lie differently.
  expect(
    Math.max(...Array.from(offsetsPerEntry(relativePositionIndex(full, 16)).values(), offsets => offsets.size)),
  ).toBeGreaterThan(1)
})

test('the correction of window offsets reaches the attention', async () => {
  const published = await compute(configured({}), 'retrieval', ['video.norm'], { video: cut(128, 224) })
  expect(
    await compute(configured({ ownWindowOffsets: true }), 'retrieval', ['video.norm'], { video: cut(128, 224) }),
  ).not.toEqual(published)
})

test('clip embeddings come from the local features when corrected', async () => {
  const video = cut(128, 224)
  const { 'video.onlyLocal': local, videoLocal } = await compute(
    configured({ localFeatures: true }),
    'pretrain-stage1',
    ['video.onlyLocal', 'videoLocal'],
    { video },
  )
  // [4 frames, 2 × 4 patches, 64] → max over 2 × 3 patches, mean over the frames of a clip and its two places,
  // projected, normalised.
  const at = (frame: number, patch: number, channel: number): number => local![(frame * 8 + patch) * 64 + channel]!
  const weight = randomWeights('video_local_proj.weight', [64, 64], 3)
  const bias = randomWeights('video_local_proj.bias', [64], 3)
  const expected = [0, 1].flatMap(clip => {
    const mean = Array.from({ length: 64 }, (_, channel) =>
      [0, 1]
        .flatMap(frame =>
          [
            [0, 1, 2, 4, 5, 6],
            [1, 2, 3, 5, 6, 7],
          ].map(place => Math.max(...place.map(patch => at(2 * clip + frame, patch, channel)))),
        )
        .reduce((sum, value) => sum + value / 4, 0),
    )
    const projected = Array.from(bias, (value, row) =>
      mean.reduce((sum, feature, channel) => sum + feature * weight[row * 64 + channel]!, value),
    )
    const norm = Math.hypot(...projected)
    return projected.map(value => value / norm)
  })
  // Single precision.
  expect(Math.max(...expected.map((value, index) => Math.abs(value - videoLocal![index]!)))).toBeLessThan(1e-6)
  expect((await compute(configured({}), 'pretrain-stage1', ['videoLocal'], { video })).videoLocal).not.toEqual(
    videoLocal,
  )
})

test('the span head takes six patches per frame as published, or those there are', async () => {
  const words = (length: number): Record<string, TensorValue> => {
    const dims = [1, 2, 1, length]
    const ids = Int32Array.from({ length: 2 * length }, (_, index) => index % 20)
    return {
      video: cut(128, 224),
      textIds: { dtype: 'int32', dims, data: ids },
      attentionMask: { dtype: 'int32', dims, data: new Int32Array(2 * length).fill(1) },
    }
  }
  // 1 + 16 + 4 · 2 positions are 25, of which the published head takes 24.
  const published = await compute(
    configured({}),
    'qa-multichoice',
    ['span.logits', 'span.logitsGeneralised'],
    words(16),
    [1, 2, 1, 16],
  )
  const corrected = await compute(
    configured({ spanPatches: true }),
    'qa-multichoice',
    ['span.logits', 'span.logitsGeneralised'],
    words(16),
    [1, 2, 1, 16],
  )
  expect(corrected['span.logits']).toEqual(corrected['span.logitsGeneralised'])
  expect(corrected['span.logitsGeneralised']).toEqual(published['span.logitsGeneralised'])
  expect(published['span.logits']).not.toEqual(corrected['span.logits'])
  await expect(compute(configured({}), 'qa-multichoice', ['span.logits'], words(8), [1, 2, 1, 8])).rejects.toThrow(
    /spanPatches/,
  )
})

test('negatives of the temporal loss come from other samples only when corrected', async () => {
  // Two samples of two elements; each sample's own elements are far from the other's.
  const [text, video] = [
    [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ],
    [
      [0.8, 0.6],
      [0.6, -0.8],
      [-0.6, 0.8],
      [-0.8, -0.6],
    ],
  ]
  const [key, value, other] = [
    [0, 1, 1, 0],
    [1, 0, 0, 1],
    [1, 0],
  ]
  const { loss } = configured({})
  const dot = (a: number[] = [], b: number[] = []): number =>
    a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0) / loss.timeTemperature
  const direction = (queries: number[][], others: number[][], shifts: number[]): number => {
    const terms = [0, 1].flatMap(sample =>
      [0, 1].map(place => {
        const query = queries[2 * sample + key[2 * sample + place]!]
        const candidates = [0, 1].map(candidate => others[2 * sample + value[2 * sample + candidate]!])
        const negatives = shifts.map(shift => others[2 * ((sample - shift + 4) % 2) + other[(sample - shift + 4) % 2]!])
        const logits = [...candidates, ...negatives].map(candidate => dot(query, candidate))
        const right = [0, 1].findIndex(candidate => value[2 * sample + candidate] === key[2 * sample + place])
        return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[right]!
      }),
    )
    return terms.reduce((sum, term) => sum + term, 0) / terms.length
  }
  const computed = async (correction: object): Promise<number> => {
    const indices = {
      key: input('key', 'int32', [2, 2]),
      value: input('value', 'int32', [2, 2]),
      otherNegative: input('other', 'int32', [2]),
    }
    const program = makeProgram('loss', {
      loss: temporalContrastiveLoss(input('text', 'float32', [2, 2, 2]), input('video', 'float32', [2, 2, 2]), {
        indices,
        config: configured(correction).loss,
      }),
    })
    const session = await createSession(toOnnx(program, () => ({ inline: new Uint8Array() })))
    const feed = (data: Float32Array | Int32Array, dims: number[]): TensorValue => ({
      dtype: data instanceof Int32Array ? 'int32' : 'float32',
      dims,
      data,
    })
    const results = await runOnce(session, {
      text: feed(Float32Array.from(text.flat()), [2, 2, 2]),
      video: feed(Float32Array.from(video.flat()), [2, 2, 2]),
      key: feed(Int32Array.from(key), [2, 2]),
      value: feed(Int32Array.from(value), [2, 2]),
      other: feed(Int32Array.from(other), [2]),
    })
    return Number(results.loss?.data[0])
  }
  const expected = (shifts: number[]): number => direction(text, video, shifts) + direction(video, text, shifts)
  expect(await computed({})).toBeCloseTo(expected([0, 1, 2]), 4)
  expect(await computed({ otherNegatives: true })).toBeCloseTo(expected([1, 1, 1]), 4)
  expect(Math.abs(expected([0, 1, 2]) - expected([1, 1, 1]))).toBeGreaterThan(0.1)
})
