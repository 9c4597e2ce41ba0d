import { describe, expect, it } from 'vitest'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { withWords } from '../../../../main/training/evaluation/conditions/in-words.ts'
import { textsReadOf } from '../../../../main/training/evaluation/conditions/texts-read.ts'
import type { Embedded, Output } from '../../../../main/training/evaluation/results/outputs.ts'

const example = (name: string, sentences: readonly string[] = ['A dog.']): Example => ({
  source: `test.json: ${name}`,
  split: 'test',
  content: {
    type: 'paragraph',
    video: { path: `/data/${name}.mp4`, start: null, end: null },
    sentences: sentences.map(text => ({ text, start: null, end: null })),
  },
})
const embedded = (reading?: Embedded['reading']): Output => ({
  video: Float32Array.of(1),
  text: Float32Array.of(1),
  alignment: null,
  reading,
})

describe('what the model read of the texts', () => {
  const examples = ['a', 'b', 'c', 'd'].map(name => example(name))
  const outputs = (...found: readonly Output[]) => new Map(found.map((output, place) => [place, output]))
  const read = (given: number, ...tokens: readonly number[]) => embedded({ sentences: given, tokens, limit: 10 })

  it('counts what was cut and joined, and names the worst', () => {
    const found = textsReadOf(
      examples,
      outputs(read(2, 10, 4), read(5, 11, 14), read(3, 25, 3, 11), { problem: 'it cannot be read' }),
      '/data',
    )
    expect(found).toEqual({
      texts: 3,
      sentences: 7,
      tokens: 78,
      limit: 10,
      cut: {
        texts: 2,
        sentences: 4,
        tokens: 1 + 4 + 15 + 1,
        worst: { source: 'test.json: c', video: 'c.mp4', sentence: 1, tokens: 25 },
      },
      joined: { texts: 1, worst: { source: 'test.json: b', video: 'b.mp4', given: 5, read: 2 } },
    })
    const [said] = withWords({ text: found }).said
    expect(said).toMatchObject({ what: 'text', moves: true })
    expect(said?.sentence).toContain('2 of 3 texts were cut (66.7 %)')
    expect(said?.sentence).toContain('sentence 1 of test.json: c (c.mp4), 25 tokens')
    expect(said?.sentence).toContain('test.json: b (b.mp4), 5 read as 2')
  })

  it('is said in few words where all were read whole', () => {
    expect(withWords({ text: textsReadOf(examples, outputs(read(2, 10, 4), read(1, 2)), '/data') }).said).toEqual([
      { what: 'text', moves: false, sentence: 'All 2 texts were read whole.' },
    ])
  })

  it('is not known of what was computed before it was kept, nor of questions', () => {
    expect(textsReadOf(examples, outputs(read(1, 2), embedded()), '/data')).toBeNull()
    expect(textsReadOf(examples, outputs({ logits: [1], span: null }), '/data')).toBeNull()
    expect(withWords({ text: null }).said).toEqual([])
  })
})
