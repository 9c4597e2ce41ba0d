import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNpy } from '../../../../main/verify/npy.ts'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import type { Checkpoint } from '../../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import {
  resizeBiasTable,
  windowOfIndex,
} from '../../../../native-models/checkpoints/initialisation/bias-table-resize.ts'
import { inflateSwin } from '../../../../native-models/checkpoints/initialisation/swin-inflation.ts'
import { hasInfinity, toHalf } from '../../../../native-models/graph/precision/half-precision.ts'
import { parseConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../../../native-models/lfvila/configuration/state-dict.ts'
import { relativePositionIndex } from '../../../../native-models/lfvila/configuration/windows.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures')
const json = (name: string) => JSON.parse(readFileSync(join(fixtures, name), 'utf8'))
const config = parseConfig(json('tiny-a/model_config.json'), json('tiny-a/bert_config.json'))
const entries = stateDict('retrieval', config)

function expectClose(values: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(values.length).toBe(expected.length)
  let largest = 0
  for (let index = 0; index < values.length; index++) {
    largest = Math.max(largest, Math.abs(values[index]! - expected[index]!))
  }
  expect(largest).toBeLessThanOrEqual(tolerance)
}

describe('a 2-D Swin transformer becomes the video encoder, as in the published code', () => {
  let swin: Checkpoint
  beforeAll(async () => {
    swin = await openCheckpoint(join(fixtures, 'swin2d/swin2d_tiny.fp16.pth'))
  })
  afterAll(() => swin.close())

  it('blocks and mergings in order', () => {
    const { weights, skipped } = inflateSwin(swin.tensors, config.video, entries)
    const mapping = json('swin2d/mapping.json').source_of_each_target as Record<string, string | null>
    expect([...weights.keys()].sort()).toEqual(
      Object.keys(mapping)
        .map(name => `video_encoder.${name}`)
        .sort(),
    )
    for (const [name, source] of Object.entries(mapping)) {
      if (source !== null) expect([name, weights.get(`video_encoder.${name}`)?.from]).toEqual([name, source])
    }
    expect(new Set(skipped.map(({ key }) => key.replace(/^layers.*\./, '')))).toEqual(
      new Set(['head.weight', 'head.bias', 'relative_position_index']),
    )
  })

  it.each(readdirSync(join(fixtures, 'swin2d/expected')))('%s', async file => {
    const { weights } = inflateSwin(swin.tensors, config.video, entries)
    const { data } = await readNpy(join(fixtures, 'swin2d/expected', file))
    // PyTorch computes the places and weights of its cubic in single precision: 2e-6 of values up to 2. The kernel is
    // exact.
    expectClose(
      await weights.get(`video_encoder.${file.replace('.npy', '')}`)!.read(),
      data as Float32Array,
      file.includes('bias_table') ? 3e-6 : 0,
    )
  })

  it('is refused when it has another number of blocks or another width, naming what does not fit', () => {
    const fewer = new Map([...swin.tensors].filter(([key]) => !key.startsWith('layers.2.blocks.5')))
    expect(() => inflateSwin(fewer, config.video, entries)).toThrow('has 11 blocks, but the video encoder has 12')
    const wider = { ...json('tiny-a/model_config.json') }
    wider.VideoEncoder = { ...wider.VideoEncoder, embed_dim: 32 }
    const other = parseConfig(wider, { ...json('tiny-a/bert_config.json'), hidden_size: 256 })
    expect(() => inflateSwin(swin.tensors, other.video, stateDict('retrieval', other))).toThrow(
      'patch_embed.proj.weight has the shape [16, 3, 4, 4], but video_encoder.patch_embed.proj.weight is made of [32, 3, 4, 4]',
    )
  })
})

describe('a bias table for another window', () => {
  const { cases } = json('bias-table-resize.json')
  it.each(['time', 'full'])('is what PyTorch interpolates: %s', name => {
    const { from, to, heads, table, resized } = cases[name]
    // The numbers are rounded to six places; see above for the rest.
    expectClose(resizeBiasTable(Float32Array.from(table), { heads, from, to }), resized, 5e-6)
  })

  it('is resized from the window that the index table beside it was made for', () => {
    for (const window of [
      [2, 3, 5],
      [32, 3, 5],
      [4, 7, 7],
      [1, 6, 6],
    ] as const) {
      const positions = window[0] * window[1] * window[2]
      expect(windowOfIndex(relativePositionIndex(window, positions), positions)).toEqual(window)
    }
    expect(windowOfIndex(new BigInt64Array(16), 4)).toBeNull()
    expect(windowOfIndex(BigInt64Array.of(1n, 2n), 3)).toBeNull()
  })
})

describe('half precision', () => {
  it('rounds to the nearest, ties to even', () => {
    // By hand from IEEE 754: 2^-24 is the smallest half; half of it is a tie and goes to zero; 65520 is a tie with
    // infinity.
    const values = [
      0,
      -0,
      1,
      -2,
      65504,
      65519,
      65520,
      2 ** -24,
      2 ** -25,
      2 ** -25 * 1.001,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      2 ** -14,
      NaN,
      -Infinity,
    ]
    const halves = [0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 1, 0, 1, 0x3c00, 0x3c02, 0x0400, 0x7e00, 0xfc00]
    expect([...toHalf(Float32Array.from(values))]).toEqual(halves)
  })

  it('knows a value that became too large', () => {
    expect(hasInfinity(toHalf(Float32Array.of(1, 65504)))).toBe(false)
    expect(hasInfinity(toHalf(Float32Array.of(1, -70000)))).toBe(true)
  })
})
