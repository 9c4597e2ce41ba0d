import { describe, expect, it } from 'vitest'
import type { SegmentFrames, VideoTextEncoder } from '../../../main/models/encoders/encoder.ts'
import { emptyRegistry, startEngine } from '../../support/models/models.ts'
import { isWhole } from '../../support/sample.ts'
import { swiftShader } from '../engine/swiftshader.ts'

async function starter(environment: Record<string, string> = {}, device = 'cpu') {
  const { registry } = await emptyRegistry()
  await registry.ensureShipped()
  const engine = startEngine(environment, device)
  const encoder: VideoTextEncoder = await registry.open('starter', engine)
  return { encoder, engine }
}

/** Frames in which something moves: a bright square over a gradient. */
function movingSquare({ frames, height, width }: VideoTextEncoder, speed: number): SegmentFrames {
  const data = new Uint8Array(frames * height * width * 3)
  for (let t = 0; t < frames; t++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const inside = Math.abs(x - 20 - speed * t) < 16 && Math.abs(y - height / 2) < 16
        data.fill(
          inside ? 240 : Math.floor((x * 120) / width),
          ((t * height + y) * width + x) * 3,
          ((t * height + y) * width + x) * 3 + 3,
        )
      }
    }
  }
  return { dtype: 'uint8', data }
}

const length = (vector: Float32Array) => Math.hypot(...vector)
const worst = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))

describe('the starter', () => {
  it('embeds a video as unit vectors, the same each time and for float frames, another for another video', async () => {
    const { encoder } = await starter()
    const frames = movingSquare(encoder, 8)
    const first = await encoder.encodeVideo(frames)
    expect(first.global.length).toBe(encoder.dimension)
    expect(first.clips.length).toBe(encoder.clips)
    for (const vector of [first.global, ...first.clips]) expect(length(vector)).toBeCloseTo(1, 5)

    const again = await encoder.encodeVideo(frames)
    expect(again.global).toEqual(first.global)
    const asFloats = await encoder.encodeVideo({
      dtype: 'float32',
      data: Float32Array.from(frames.data, value => value / 255),
    })
    expect(worst(asFloats.global, first.global)).toBeLessThan(1e-5)
    const other = await encoder.encodeVideo(movingSquare(encoder, -4))
    expect(worst(other.global, first.global)).toBeGreaterThan(1e-3)
  })

  it('embeds a paragraph and its sentences as unit vectors and says what it shortened', async () => {
    const { encoder } = await starter()
    const sentences = [
      'A man opens a door.',
      'He runs.',
      'Two dogs follow.',
      `He shouts ${'very '.repeat(80)}loud.`,
      'The end.',
    ]
    const paragraph = await encoder.encodeParagraph(sentences)
    expect(length(paragraph.embedding)).toBeCloseTo(1, 5)
    expect(paragraph.warnings).toEqual([
      '5 sentences were joined into 4, as many as the model reads at once.',
      expect.stringMatching(/^Sentence.* (4|3–4|4–5) .*64 tokens/),
    ])

    const single = await encoder.encodeSentences(sentences)
    expect(single.embeddings.map(length)).toEqual(sentences.map(() => expect.closeTo(1, 5)))
    expect(single.warnings).toEqual([
      'Sentence 4 is longer than the 64 tokens that the model reads; the rest was left out.',
    ])
    // The sentence tower sees one sentence at a time: company does not change an embedding.
    const alone = await encoder.encodeSentences([sentences[2]!])
    expect(worst(alone.embeddings[0]!, single.embeddings[2]!)).toBeLessThan(1e-5)
    expect((await encoder.encodeParagraph(['A man opens a door.'])).warnings).toEqual([])
    await expect(encoder.encodeParagraph([])).rejects.toMatchObject({ code: 'empty-text' })
  })

  it('is known to be trained', async () => {
    const { encoder } = await starter()
    expect(encoder.trained).toBe(true)
    expect(encoder.warnings).toEqual([])
  })

  it('shows attention whose rows are shares, and a query row that sums to the same map', async () => {
    const { encoder } = await starter()
    const frames = movingSquare(encoder, 8)
    const blocks = await encoder.attention(frames)
    expect(blocks.map(({ stage, block }) => [stage, block])).toEqual(
      encoder.stages!.flatMap((grid, stage) => Array.from({ length: grid.blocks }, (_, block) => [stage, block])),
    )
    for (const { maps, window } of blocks) {
      for (let row = 0; row < maps.length; row += window) {
        expect(maps.subarray(row, row + window).reduce((sum, share) => sum + share)).toBeCloseTo(1, 4)
      }
    }

    // The map's row of a frame is the mean over that frame's patches of their rows, summed over each key frame.
    const [stage, block, frame] = [5, 1, 9]
    const { window, heads, rows, columns } = encoder.stages![stage]!
    const mean = new Float32Array(heads * window)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const { firstFrame, weights } = await encoder.attentionRow(frames, { stage, block, frame, row, column })
        expect(firstFrame).toBe(0)
        for (const [index, weight] of weights.entries()) {
          mean[Math.floor(index / (rows * columns))]! += weight / (rows * columns)
        }
      }
    }
    const { maps } = blocks.find(one => one.stage === stage && one.block === block)!
    const row = Array.from({ length: heads }, (_, head) => [
      ...maps.subarray((head * window + frame) * window, (head * window + frame + 1) * window),
    ]).flat()
    expect(worst(mean, Float32Array.from(row))).toBeLessThan(1e-5)
    await expect(encoder.attentionRow(frames, { stage, block, frame, row: rows, column: 0 })).rejects.toMatchObject({
      code: 'attention-position',
    })
  })

  it('survives a killed engine: the next video is embedded as before', async () => {
    const { encoder, engine } = await starter()
    const frames = movingSquare(encoder, 8)
    const before = await encoder.encodeVideo(frames)
    const lost = encoder.encodeVideo(frames)
    const stop = engine.onStatus(({ state }) => {
      if (state === 'running') process.kill(engine.pid!, 'SIGKILL')
    })
    await expect(lost).rejects.toMatchObject({ code: 'engine-crashed' })
    stop()
    expect((await encoder.encodeVideo(frames)).global).toEqual(before.global)
  })

  it.runIf(isWhole && swiftShader)('embeds text on WebGPU as on the CPU', async () => {
    const text = ['A man opens a door.', 'Two dogs follow.']
    const onProcessor = await (await starter()).encoder.encodeParagraph(text)
    const { encoder, engine } = await starter(swiftShader!, 'webgpu')
    const onGpu = await encoder.encodeParagraph(text)
    expect(engine.status()).toMatchObject({ device: 'webgpu', fallback: null })
    // Single precision with another order of additions, on unit vectors.
    expect(worst(onGpu.embedding, onProcessor.embedding)).toBeLessThan(1e-4)
  })
})
