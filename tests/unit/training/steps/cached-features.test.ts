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

/** Features of a frozen part with these inputs, whose value is how many times it was computed. */
async function opened(name: string, inputs: readonly string[]) {
  let runs = 0
  const value = (): Tensors => ({ 'kept.0': { dtype: 'float32', dims: [1], data: Float32Array.of(runs) } })
  const engine: Pick<Engine, 'load' | 'describe' | 'run'> = {
    load: () => Promise.resolve('frozen' as never),
    describe: () =>
      Promise.resolve({
        inputs: inputs.map(input => ({ name: input, dtype: 'float32', shape: [1] })),
        outputs: [{ name: 'kept.0', dtype: 'float32', shape: [1] }],
      }),
    run: () => {
      runs += 1
      return Promise.resolve(value())
    },
  }
  const features = await CachedFeatures.open(join(folder, name), { engine: engine as Engine, program: '', signal })
  return async (content: ExampleContent) =>
    (await features.of(of(content), () => Promise.resolve({}), signal))['kept.0']?.data[0]
}

it('what reads frames alone is computed once for all questions about a video, also of one batch', async () => {
  const feature = await opened('video', ['video'])
  expect(await Promise.all([feature(asks('Which colour?')), feature(asks('Which shape?'))])).toEqual([1, 1])
  expect(await feature(asks('What happens first?'))).toBe(1)
  // Clips of a paragraph lie where its times say.
  expect(await feature(tells(2))).toBe(2)
  expect(await feature(tells(3))).toBe(3)
  expect(await feature(tells(2))).toBe(2)
})

it('what reads the text as well is computed for each', async () => {
  const feature = await opened('text', ['video', 'textIds', 'attentionMask'])
  expect(await feature(asks('Which colour?'))).toBe(1)
  expect(await feature(asks('Which shape?'))).toBe(2)
  expect(await feature(asks('Which colour?'))).toBe(1)
})
