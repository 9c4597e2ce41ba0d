import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  answerProgram,
  embedsBoth,
  publishedText,
  textProgram,
  videoProgram,
} from '../../../main/model-folder/kinds.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { lfVilaKinds, stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { LfVilaKind } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { fullSizeConfig } from '../../bench/engine/full-size.ts'

const fixtures = join(import.meta.dirname, '../../fixtures')
const json = (name: string) => JSON.parse(readFileSync(join(fixtures, name), 'utf8'))

interface Published {
  classes: { kind: LfVilaKind; labels: number | null; keys: number; parameters: number }[]
  keys: [name: string, shape: number[], int64: 0 | 1, classes: number][]
}
const published = json('published-keys.json') as Published

const fullSize = fullSizeConfig()

describe.each(published.classes.map((one, index) => ({ ...one, index })))(
  'the published class $kind ($labels labels)',
  ({ kind, labels, keys, parameters, index }) => {
    const entries = stateDict(kind, fullSize, labels ?? 0)

    it('has these keys, in this order, of these shapes and types', () => {
      const expected = published.keys
        .filter(([, , , classes]) => (classes >> index) & 1)
        .map(([name, shape, int64]) => [name, shape, int64])
      expect(expected).toHaveLength(keys)
      expect(entries.map(({ name, shape, role }) => [name, shape, role === 'table' ? 1 : 0])).toEqual(expected)
    })

    it('has this number of parameters', () => {
      const count = entries.reduce((sum, { role, shape }) => sum + (role === 'weight' ? elementCount(shape) : 0), 0)
      expect(count).toBe(parameters)
    })
  },
)

const tiny = parseConfig(json('tiny-a/model_config.json'), json('tiny-a/bert_config.json'))

it.each(lfVilaKinds)('the programs of a %s model use weights that its checkpoint has', kind => {
  const shapes = new Map(stateDict(kind, tiny).map(({ name, shape }) => [name, shape.join()]))
  const programs = embedsBoth(kind)
    ? [videoProgram(kind, tiny, { pixels: 'uint8' }), textProgram(kind, tiny)]
    : [answerProgram(kind, tiny, { ...publishedText(tiny, 4) })]
  for (const { parameters } of programs) {
    expect(parameters.length).toBeGreaterThan(50)
    for (const { name, shape } of parameters) expect([name, shapes.get(name)]).toEqual([name, shape.join()])
  }
})

it('index tables are those in the published checkpoints', () => {
  const tables = new Map(
    stateDict('retrieval', fullSize).flatMap(entry =>
      entry.role === 'table' ? [[entry.name, entry.values()] as const] : [],
    ),
  )
  // 902824 values in all: counted by the published code. Offsets of a window of 2×3×5 count from 0 to 134, 67 is none.
  expect([...tables.values()].reduce((sum, values) => sum + values.length, 0)).toBe(902824)
  const index = tables.get('video_encoder.layers.0.blocks.0.attn.relative_position_index')!
  expect([index[0], index[29], index[29 * 30]].map(Number)).toEqual([67, 0, 134])
  expect([...tables.get('sent_embedding.position_ids')!.slice(0, 3)]).toEqual([0n, 1n, 2n])
})

describe('the tokens of a sentence', () => {
  const withTokens = (sentence_tokens?: number, max_position_embeddings = 512) => {
    const model = json('tiny-a/model_config.json') as { DATA: object }
    const bert = json('tiny-a/bert_config.json') as object
    return parseConfig(
      { ...model, DATA: { ...model.DATA, ...(sentence_tokens ? { sentence_tokens } : {}) } },
      { ...bert, max_position_embeddings },
    )
  }
  const textShape = (config: ReturnType<typeof parseConfig>) =>
    textProgram('retrieval', config).inputs.find(({ name }) => name === 'textIds')?.shape

  it('are fifty as published, fewer where the table of positions is shorter, or what the configuration says', () => {
    expect(textShape(withTokens())).toEqual([1, 4, 50])
    expect(textShape(withTokens(undefined, 96))).toEqual([1, 4, 24])
    expect(textShape(withTokens(64, 256))).toEqual([1, 4, 64])
  })

  it('are refused where the table of positions does not hold them', () => {
    expect(() => withTokens(64, 255)).toThrow(/4 sentences of sentence_tokens 64 need 256 positions.*is 255/)
  })
})
