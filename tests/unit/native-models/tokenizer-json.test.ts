import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import fixture from '../../fixtures/tokenizers/computed.json' with { type: 'json' }
import { folderOfFile } from '../../support/folders.ts'

/** Token ids of Hugging Face's tokenizers 0.23.2; `cut`: of the seventh text, truncated to sixteen tokens. */
const { texts, computed, refused } = fixture as unknown as {
  texts: string[]
  computed: { name: string; tokenizer: object; ids: number[][]; cut: [number[]] }[]
  refused: { name: string; tokenizer: object }[]
}
const folder = folderOfFile('tokenizers')

async function read(tokenizer: object): Promise<Tokenizer> {
  const path = join(folder, 'tokenizer.json')
  await writeFile(path, JSON.stringify(tokenizer))
  return readTokenizer(path)
}

function tokens(tokenizer: Tokenizer, text: string, length: number): number[] {
  const { ids, mask } = tokenizer.encode(text, length)
  return Array.from(
    ids.subarray(
      0,
      mask.reduce((sum, one) => sum + one, 0),
    ),
  )
}

describe('tokens of a tokenizer.json are those of Hugging Face’s own library', () => {
  test.each(computed)('$name', async ({ tokenizer, ids, cut }) => {
    const reader = await read(tokenizer)
    for (const [index, text] of texts.entries()) expect(tokens(reader, text, 4000), text).toEqual(ids[index])
    // A text that is too long keeps the special tokens there are, before and after it.
    expect(tokens(reader, texts[6]!, 16)).toEqual(cut[0])
  })
})

describe('what is not computed as there is refused by name', () => {
  const named: Readonly<Record<string, RegExp>> = {
    'Unigram/ws/none': /Unigram.*not Metaspace/,
    'BPE/scripts/none': /UnicodeScripts/,
    'WordPiece/bert/nmt': /Nmt/,
    'post/twice': /TemplateProcessing.*not exactly once/,
    'bpe/fuse': /BPE.*fuse_unk/,
    'bpe/dropout': /BPE.*dropout/,
    'bpe/nounk': /no unk_token/,
    "added/{'single_word': True}/True": /added token "here".*single_word/,
  }
  test.each(refused)('$name', async ({ name, tokenizer }) => {
    await expect(read(tokenizer)).rejects.toThrow(named[name])
    await expect(read(tokenizer)).rejects.toThrow(
      /tokenizer\.json would give other tokens than the model was trained with/,
    )
  })

  const [sound] = computed
  test.each<[string, object, RegExp]>([
    [
      'bytes for unknown characters of a Unigram',
      {
        model: {
          type: 'Unigram',
          unk_id: 0,
          byte_fallback: true,
          vocab: [
            ['<unk>', 0],
            ['▁', -1],
          ],
        },
      },
      /Unigram.*byte_fallback/,
    ],
    [
      'pieces that continue with a sign',
      { model: { type: 'BPE', unk_token: 'a', vocab: { a: 0 }, merges: [], continuing_subword_prefix: '##' } },
      /continuing_subword_prefix/,
    ],
    [
      'truncation of the beginning',
      { truncation: { direction: 'Left', max_length: 8, strategy: 'LongestFirst', stride: 0 } },
      /truncation.*beginning/,
    ],
    [
      'padding before the text',
      { padding: { strategy: 'BatchLongest', direction: 'Left', pad_id: 0 } },
      /padding.*before/,
    ],
    [
      'a normalizer of another kind',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'ByteLevel' }] } },
      /normalizer ByteLevel/,
    ],
    [
      'a damaged table of SentencePiece',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } },
      /Precompiled.*damaged/,
    ],
    [
      'a special token with another id',
      { post_processor: { type: 'BertProcessing', sep: ['</s>', 77], cls: ['<s>', 1] } },
      /another id/,
    ],
  ])('%s', async (_name, part, reason) => {
    await expect(read({ ...sound!.tokenizer, ...part })).rejects.toThrow(reason)
  })

  test('steps that make a text longer and longer end with a sentence', async () => {
    const grow = { type: 'Replace', pattern: { Regex: '.' }, content: 'abcdefghij' }
    await expect(
      read({
        ...sound!.tokenizer,
        normalizer: { type: 'Sequence', normalizers: Array.from({ length: 30 }, () => grow) },
      }),
    ).rejects.toThrow(/longer than any/)
  })
})
