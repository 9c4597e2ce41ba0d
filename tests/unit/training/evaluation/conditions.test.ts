import { describe, expect, it } from 'vitest'
import type { EvaluationSampling } from '../../../../main/api/evaluation/certificate.ts'
import type { Model } from '../../../../main/api/models.ts'
import type { TrainedWith } from '../../../../main/api/training/training.ts'
import type { ModelTokenizer } from '../../../../main/reading-process/read-tokenizer.ts'
import { readingOf } from '../../../../main/training/data/batches/example-text.ts'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { VideoIndex } from '../../../../main/training/data/examples/video-index.ts'
import { copiesFound, copyPairs } from '../../../../main/training/evaluation/conditions/copies.ts'
import { withWords } from '../../../../main/training/evaluation/conditions/in-words.ts'
import { textsReadOf } from '../../../../main/training/evaluation/conditions/texts-read.ts'
import { trainedOtherwise } from '../../../../main/training/evaluation/conditions/trained-otherwise.ts'
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

  it('has a question, its answers and its subtitles once each, however many choices there are', async () => {
    const content: Example['content'] = {
      type: 'choices',
      video: { path: '/data/a.mp4', start: null, end: null },
      question: 'who runs',
      answers: ['a dog', 'a cat that was long asleep'],
      subtitles: Array.from({ length: 8 }, (_, number) => `line ${number}`),
      label: 0,
      span: null,
    }
    // A token for each word, and two around them.
    const tokenizer = {
      ...{ vocabularySize: 9, ownVocabularySize: 9, end: () => undefined },
      encode: (texts: readonly string[], length: number) =>
        Promise.resolve(
          texts.map(text => {
            const count = text.split(' ').length + 2
            const mask = Int32Array.from({ length }, (_, place) => Number(place < count))
            return { ids: new Int32Array(length), mask, truncated: Math.max(0, count - length) }
          }),
        ),
    } as unknown as ModelTokenizer
    const reading = await readingOf(content, { choices: 2, sentences: 8, length: 6 }, { tokenizer })
    // Of eight subtitles two neighbours are joined twice, to six.
    expect(reading).toMatchObject({ sentences: 11, limit: 6 })
    expect(reading?.tokens.slice(0, 3)).toEqual([4, 4, 8])
    expect(reading?.tokens).toHaveLength(9)
    const found = textsReadOf(
      [{ ...example('a'), content }],
      outputs({ logits: [1, 0], span: null, reading: reading! }),
      '/',
    )
    expect(found).toMatchObject({ texts: 1, cut: { texts: 1, tokens: 2, worst: { sentence: 3, tokens: 8 } } })
    expect(found?.joined.worst).toMatchObject({ given: 11, read: 9 })
  })

  it('is not known of what was computed before it was kept, nor of models without text', () => {
    expect(textsReadOf(examples, outputs(read(1, 2), embedded()), '/data')).toBeNull()
    expect(textsReadOf(examples, outputs({ logits: [1], span: null }), '/data')).toBeNull()
    expect(withWords({ text: null }).said).toEqual([])
  })
})

describe('what the model was trained with', () => {
  const video = { frames: 16, clips: 4, inputSize: [96, 160] } as unknown as Model['video']
  const sampling: EvaluationSampling = {
    ...{ frames: 16, height: 96, width: 160, mode: 'exact' },
    ...{ choice: '', framing: null, denseRate: null },
  }
  const training: TrainedWith = {
    ...{ run: 'mine', task: 'retrieval', frames: 16, clips: 4, inputSize: [96, 160] },
    ...{ sampling: 'exact', augment: false, precision: 'fp32', contrast: null },
  }
  const said = (given: Partial<TrainedWith> | null) =>
    withWords({ training: trainedOtherwise({ training: given && { ...training, ...given }, video }, sampling) }).said

  it('is not spoken of where nothing differs, and unknown of imported models', () => {
    expect(said({})).toEqual([])
    expect(said(null)).toMatchObject([
      { what: 'training', moves: false, sentence: expect.stringContaining('not known') },
    ])
  })

  it('is said with both values where it differs', () => {
    expect(said({ frames: 32, sampling: 'fast', precision: 'fp16', inputSize: [96, 96] })).toEqual([
      {
        what: 'training',
        moves: true,
        sentence:
          'It is evaluated otherwise than it was trained: frames 32 in training, 16 here; size 96 × 96 in training, 96 × 160 here; sampling fast in training, exact here; precision fp16 in training, fp32 here.',
      },
    ])
  })

  it('is how many negatives its batches really had', () => {
    const compared = { examples: 8, negatives: 20, fewest: 1, falseNegatives: 4 }
    expect(said({ contrast: { together: 4, batch: 8, leftOut: 3, compared } })).toEqual([
      {
        what: 'negatives',
        moves: false,
        sentence:
          'In the run ‘mine’: each example was compared with 3 others of its micro-batch, in batches of 8; 2.5 of them were real negatives on average, 1 at least; 16.7 % of the pairs were of the same video or text, which the loss took for negatives; left out of every epoch, since they filled no batch: 3.',
      },
    ])
  })
})

it('says of dual softmax when it was left out, and by how many similarities', () => {
  const [said, ...more] = withWords({ tooMany: { rows: 59_800, columns: 2990 } }).said
  expect([said?.moves, more]).toEqual([false, []])
  expect(said?.sentence).toBe(
    'Figures with dual softmax were not computed: 59,800 × 2,990 similarities are not kept in memory, and it would compute them twice more; ask for it.',
  )
})

describe('copies and their originals', () => {
  const index = (...files: readonly string[]) =>
    new VideoIndex(
      '/originals',
      files.map(file => `/originals/${file}`),
    )
  const pairsOf = (names: readonly string[], originals: VideoIndex) =>
    copyPairs(
      names.map(name => example(name)),
      { home: '/data', originals },
    )

  it('are found by the rules of names, those of several originals left out', () => {
    const found = pairsOf(['a', 'b', 'c', 'v_ID_60.0_210.0'], index('deep/A.mkv', 'x/b.mp4', 'y/b.mp4', 'ID.webm'))
    expect(found).toMatchObject({ videos: 4, found: 2, unclear: 1 })
    expect(found.pairs.map(({ name, original }) => [name, original])).toEqual([
      ['a.mp4', { path: '/originals/deep/A.mkv', start: null, end: null }],
      ['v_ID_60.0_210.0.mp4', { path: '/originals/ID.webm', start: 60, end: 210 }],
    ])
  })

  it('are a sample of twenty, spread over all', () => {
    const names = Array.from({ length: 50 }, (_, place) => `video${place}`)
    const { pairs, found } = pairsOf(names, index(...names.map(name => `${name}.mp4`)))
    expect([found, pairs.length]).toEqual([50, 20])
    expect(pairs.map(({ name }) => name).slice(0, 4)).toEqual(['video0.mp4', 'video2.mp4', 'video5.mp4', 'video7.mp4'])
    expect(pairs.at(-1)?.name).toBe('video47.mp4')
  })

  it('are summed up by the least and the median cosine', () => {
    const pairs = pairsOf(['a', 'b', 'c', 'd'], index('a.mp4', 'b.mp4', 'c.mp4', 'd.mp4'))
    const found = copiesFound(pairs, [0.99, 0.5, null, 0.97])
    expect(found).toEqual({
      ...{ videos: 4, found: 4, unclear: 0, compared: 3, unreadable: 1 },
      ...{ least: { video: 'b.mp4', cosine: 0.5 }, median: 0.97 },
    })
    expect(copiesFound(pairs, [1, 0.5, 0.9, 0.8]).median).toBeCloseTo(0.85, 12)
    const [said] = withWords({ copies: found }).said
    expect(said).toMatchObject({ what: 'copies', moves: true })
    expect(said?.sentence).toContain('0.9700 in the median and of 0.5000 at least (b.mp4)')
    expect(withWords({ copies: copiesFound(pairsOf(['a'], index()), []) }).said).toMatchObject([
      { moves: false, sentence: expect.stringContaining('no original of an evaluated video could be compared') },
    ])
  })
})
