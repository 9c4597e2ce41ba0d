import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { ExpectedError } from '../expected-error.ts'
import { readOrdinaryFile } from '../ordinary-file.ts'

/** Token ids and mask of one sentence, padded to one length; mask 1 for tokens and 0 for padding. */
export interface EncodedSentence {
  readonly ids: Int32Array
  readonly mask: Int32Array
  /** Tokens that did not fit. */
  readonly truncated: number
}

export interface Tokenizer {
  /** `[CLS] tokens [SEP]`, cut and padded to `length`. */
  encode(text: string, length: number): EncodedSentence
  /** Ids reach from 0 to below this. */
  readonly vocabularySize: number
  /** The same without tokens that were added to the vocabulary later. */
  readonly ownVocabularySize: number
}

/** What stands for a sentence that is not there: all zeros, without even a [CLS] (REFERENCE §6). */
export function missingSentence(length: number): EncodedSentence {
  return { ids: new Int32Array(length), mask: new Int32Array(length), truncated: 0 }
}

/** Bytes; the tokenizer.json of a vocabulary of 256,000 entries has 35 MB. */
export const largestTokenizer = 256 * 1024 * 1024

/**
 * Reads `vocab.txt` (one WordPiece per line, as BERT's) or `tokenizer.json`.
 * @throws ExpectedError naming the file when it is neither.
 */
export async function readTokenizer(path: string): Promise<Tokenizer> {
  let text: string
  try {
    text = (await readOrdinaryFile(path, largestTokenizer, 'a vocabulary')).toString('utf8')
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError('tokenizer', `The vocabulary ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
  }
  try {
    return text.trimStart().startsWith('{') ? fromTokenizerJson(JSON.parse(text)) : wordPieceTokenizer(vocabularyLines(text))
  } catch (error) {
    throw new ExpectedError('tokenizer', `${path} is neither a WordPiece vocab.txt nor a tokenizer.json: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
  }
}

function vocabularyLines(text: string): string[] {
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

/** Ideographs of more than sixteen bits, which BERT sets apart like the others and the library overlooks. */
const wideIdeographs = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu

/** The uncased BERT tokenizer over a vocabulary; the id of a piece is its place in the list. */
export function wordPieceTokenizer(vocabulary: readonly string[]): Tokenizer {
  const ids = new Map(vocabulary.map((piece, id) => [piece, id]))
  const id = (piece: string): number => {
    const found = ids.get(piece)
    if (found === undefined) throw new Error(`it has no ${piece}`)
    return found
  }
  for (const piece of ['[PAD]', '[UNK]', '[CLS]', '[SEP]']) id(piece)
  return fromTokenizerJson({
    version: '1.0',
    added_tokens: special.filter(piece => ids.has(piece)).map(content => ({ id: id(content), content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '[SEP]', type_id: 0 } }],
      pair: [],
      special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(piece => [piece, { id: piece, ids: [id(piece)], tokens: [piece] }])),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(ids) },
  }, text => text.replace(wideIdeographs, ' $& '))
}

function fromTokenizerJson(json: object, prepare = (text: string): string => text): Tokenizer {
  const tokenizer = new HuggingFaceTokenizer(json, {})
  // Parts that the library does not know show only when they are used.
  tokenizer.encode('A man, a plan: 2 canals!')
  const padding = tokenizer.token_to_id('[PAD]') ?? 0
  return {
    vocabularySize: sizeOf(tokenizer.get_vocab(true)),
    ownVocabularySize: sizeOf(tokenizer.get_vocab(false)),
    encode(text, length) {
      const all = tokenizer.encode(prepare(text), { add_special_tokens: true }).ids
      const last = all.at(-1)
      const kept = all.length > length && last !== undefined ? [...all.slice(0, length - 1), last] : all
      const ids = new Int32Array(length).fill(padding)
      ids.set(kept)
      return { ids, mask: new Int32Array(length).fill(1, 0, kept.length), truncated: all.length - kept.length }
    },
  }
}

/** One more than the largest id. */
function sizeOf(vocabulary: ReadonlyMap<string, number>): number {
  let largest = -1
  for (const id of vocabulary.values()) largest = Math.max(largest, id)
  return largest + 1
}
