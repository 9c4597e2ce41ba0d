import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Engine } from '../../../../main/engine/engine.ts'
import type { Tensors } from '../../../../main/engine/protocol.ts'
import type { Example, ExampleContent } from '../../../../main/training/data/examples/example.ts'
import { CachedFeatures } from '../../../../main/training/steps/cached-features.ts'

const signal = new AbortController().signal
const video = { path: '/a.mp4', start: null, end: null }
const asks = (question: string): ExampleContent => ({
  ...{ type: 'choices', video, question, answers: ['red', 'blue'], subtitles: [], label: 0, span: null },
})
const tells = (end: number): ExampleContent => ({
  type: 'paragraph',
  video,
  sentences: [{ text: 'A circle.', start: 0, end }],
})
const of = (content: ExampleContent): Example => ({ source: JSON.stringify(content), split: 'train', content })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfvila-features-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Features of frozen parts with these inputs; the value of each is how many times it was computed. */
async function opened(name: string, ...parts: readonly (readonly string[])[]) {
  const runs = parts.map(() => 0)
  const read: boolean[] = []
  const engine = {
    load: (program: string) => Promise.resolve(Number(program)),
    describe: (part: number) =>
      Promise.resolve({
        inputs: parts[part]?.map(input => ({ name: input, dtype: 'float32', shape: [1] })),
        outputs: [{ name: `kept.${part}`, dtype: 'float32', shape: [1] }],
      }),
    run: (part: number) => {
      const times = (runs[part] = (runs[part] ?? 0) + 1)
      return Promise.resolve({ [`kept.${part}`]: { dtype: 'float32', dims: [1], data: Float32Array.of(times) } })
    },
  }
  const programs = parts.map((_, part) => String(part))
  const features = await CachedFeatures.open(join(folder, name), {
    engine: engine as unknown as Engine,
    programs,
    signal,
  })
  const feed = (withFrames: boolean): Promise<Tensors> => {
    read.push(withFrames)
    return Promise.resolve({})
  }
  const all = async (content: ExampleContent) => {
    const kept = await features.of(of(content), feed, signal)
    return programs.map(part => kept[`kept.${part}`]?.data[0])
  }
  return { all, read, feature: async (content: ExampleContent) => (await all(content))[0] }
}

it('what reads frames alone is computed once for all questions about a video, also of one batch', async () => {
  const { feature } = await opened('video', ['video'])
  expect(await Promise.all([feature(asks('Which colour?')), feature(asks('Which shape?'))])).toEqual([1, 1])
  expect(await feature(asks('What happens first?'))).toBe(1)
  // Clips of a paragraph lie where its times say.
  expect(await feature(tells(2))).toBe(2)
  expect(await feature(tells(3))).toBe(3)
  expect(await feature(tells(2))).toBe(2)
})

it('what reads the text as well is computed for each', async () => {
  const { feature } = await opened('text', ['video', 'textIds', 'attentionMask'])
  expect(await feature(asks('Which colour?'))).toBe(1)
  expect(await feature(asks('Which shape?'))).toBe(2)
  expect(await feature(asks('Which colour?'))).toBe(1)
})

it('what reads frames and what reads the text are computed apart, frames read for the former only', async () => {
  const { all, read } = await opened('apart', ['video'], ['textIds', 'attentionMask'])
  expect(await all(asks('Which colour?'))).toEqual([1, 1])
  expect(await all(asks('Which shape?'))).toEqual([1, 2])
  expect(read).toEqual([true, false, false])
  // The same folder with another part does not take the values of this one.
  const { feature } = await opened('apart', ['video', 'textIds'])
  expect(await feature(asks('Which colour?'))).toBe(1)
})
