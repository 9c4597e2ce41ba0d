import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeSentences } from '../../../native-models/lfvila/text/sentence-merging.ts'
import { splitSentences } from '../../../native-models/tokenizer/sentences.ts'
import { missingSentence, readTokenizer, wordPieceTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import { folderOfFile } from '../../support/folders.ts'

describe('sentence merging as in the published data loader', async () => {
  const cases = JSON.parse(
    await readFile(new URL('../../fixtures/sentence-merging.json', import.meta.url), 'utf8'),
  ) as { texts: string[]; total_chunk: number; merged: string[] }[]
  test.each(cases)('$texts.length sentences to $total_chunk', ({ texts, total_chunk: count, merged }) => {
    expect(mergeSentences(texts, count)).toEqual(merged)
  })
  test('characters are counted, not UTF-16 units', () => {
    // Two emoji are two characters but four units: by units the first pair would be longer than the second.
    expect(mergeSentences(['😀😀', 'a', 'bbb'], 2)).toEqual(['😀😀 a', 'bbb'])
  })
})

test('sentences of a paragraph', () => {
  expect(splitSentences('  A man opens the fridge. Does he cut 2.5 onions? Yes!\nHe serves\n\nthem ')).toEqual([
    'A man opens the fridge.',
    'Does he cut 2.5 onions?',
    'Yes!',
    'He serves',
    'them',
  ])
  expect(splitSentences(' \n\t ')).toEqual([])
})

describe('WordPiece', () => {
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'man', 'cut', '##s', 'cafe', ',', '.', '中']
  const tokenizer = wordPieceTokenizer(vocabulary)
  const pieces = (text: string, length = 12): string[] =>
    Array.from(tokenizer.encode(text, length).ids, id => vocabulary[id] ?? '')

  test('lower case, accents, punctuation, continuations, ideographs and unknown words as BERT', () => {
    expect(pieces('A MAN cuts,Café中 zebra.')).toEqual([
      '[CLS]',
      'a',
      'man',
      'cut',
      '##s',
      ',',
      'cafe',
      '中',
      '[UNK]',
      '.',
      '[SEP]',
      '[PAD]',
    ])
  })
  test('a vocabulary may be as large as those of many languages', () => {
    const large = wordPieceTokenizer([...vocabulary, ...Array.from({ length: 150_000 }, (_, index) => `word${index}`)])
    expect(large.vocabularySize).toBe(150_000 + vocabulary.length)
    expect(large.encode('word149999', 3).ids[1]).toBe(149_999 + vocabulary.length)
  })
  test('too long a sentence keeps its beginning and ends with [SEP]', () => {
    expect(pieces('a man cuts a man', 4)).toEqual(['[CLS]', 'a', 'man', '[SEP]'])
    expect(tokenizer.encode('a man cuts a man', 4).truncated).toBe(4)
    expect(tokenizer.encode('man '.repeat(5000), 50)).toMatchObject({ truncated: 5002 - 50 })
  })
  test('the mask covers tokens and not padding', () => {
    expect(Array.from(tokenizer.encode('a man', 6).mask)).toEqual([1, 1, 1, 1, 0, 0])
    expect(Array.from(tokenizer.encode('', 4).mask)).toEqual([1, 1, 0, 0])
  })
  test('a missing sentence has not even a [CLS]', () => {
    expect(missingSentence(3)).toEqual({ ids: new Int32Array(3), mask: new Int32Array(3), truncated: 0 })
  })

  describe('piece by piece as BERT-uncased', async () => {
    // Written down by an implementation of BERT's published rules that shares no code with this one.
    const expected = JSON.parse(await readFile(new URL('../../fixtures/wordpiece.json', import.meta.url), 'utf8')) as {
      vocabulary: string[]
      cases: { name: string; text: string; pieces: string[] }[]
    }
    const bert = wordPieceTokenizer(expected.vocabulary)
    test.each(expected.cases)('$name', ({ text, pieces: published }) => {
      const { ids, mask } = bert.encode(text, 64)
      expect(
        Array.from(
          ids.subarray(
            0,
            mask.reduce((sum, token) => sum + token, 0),
          ),
          id => expected.vocabulary[id],
        ),
      ).toEqual(published)
    })
  })

  const folder = folderOfFile('vocabulary')
  test('vocab.txt, with either line ending', async () => {
    const path = join(folder, 'vocab.txt')
    await writeFile(path, vocabulary.join('\r\n'))
    const fromFile = await readTokenizer(path)
    expect(fromFile.vocabularySize).toBe(vocabulary.length)
    expect(fromFile.encode('a man cuts', 6)).toEqual(tokenizer.encode('a man cuts', 6))
  })
  test.each([
    ['a text', 'not a vocabulary'],
    ['another JSON', '{"name":"package"}'],
    ['nothing', ''],
  ])('%s is refused by name', async (_name, content) => {
    const path = join(folder, 'other.txt')
    await writeFile(path, content)
    await expect(readTokenizer(path)).rejects.toThrow(/other\.txt is neither/)
  })
})
