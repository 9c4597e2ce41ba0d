import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { english } from '../english.ts'
import { ExpectedError } from '../expected-error.ts'
import { readOrdinaryFile } from '../ordinary-file.ts'
import { precompiledMap } from './precompiled-map.ts'
import { UncomputableTokenizer } from './refused-part.ts'
import { computable } from './tokenizer-json.ts'

/** Token ids and mask of one sentence, padded to one length; mask 1 for tokens and 0 for padding. */
export interface EncodedSentence {
  readonly ids: Int32Array
  readonly mask: Int32Array
  /** Tokens that did not fit. */
  readonly truncated: number
}

export interface Tokenizer {
  /**
   * Token ids with the special tokens around them, as `[CLS] tokens [SEP]`; what is between those is cut, and all
   * padded to `length`.
   */
  encode(text: string, length: number): EncodedSentence
  /** Ids reach from 0 to below this. */
  readonly vocabularySize: number
  /** The same without tokens that were added to the vocabulary later. */
  readonly ownVocabularySize: number
  /** The id of a piece, null when it has none. */
  idOf(piece: string): number | null
  /** The piece of an id, empty where there is none. */
  pieceOf(id: number): string
  /** The id that the file itself says texts are padded with. */
  readonly padding: number | null
}

/** What stands for a sentence that is not there: all zeros, without even a [CLS] (REFERENCE §6). */
export function missingSentence(length: number): EncodedSentence {
  return { ids: new Int32Array(length), mask: new Int32Array(length), truncated: 0 }
}

/** Bytes: BERT's multilingual vocabulary has 1 MB, the largest published tokenizer.json 35. */
export const largestTokenizer = 64 * 2 ** 20
const largestVocabulary = 16 * 2 ** 20

/**
 * Reads `vocab.txt` (one WordPiece per line, as BERT's) or `tokenizer.json`.
 * @throws ExpectedError naming the file when it is neither, or the part of it that cannot be computed.
 */
export async function readTokenizer(path: string): Promise<Tokenizer> {
  const text = await contentOf(path)
  try {
    return isJson(text)
      ? fromTokenizerJson(JSON.parse(text), 'each letter by itself')
      : wordPieceTokenizer(vocabularyLines(text))
  } catch (error) {
    if (error instanceof UncomputableTokenizer) {
      throw new ExpectedError(
        'tokenizer',
        `${path} would give other tokens than the model was trained with: ${error.message}; give a tokenizer without it.`,
        { cause: error },
      )
    }
    throw new ExpectedError(
      'tokenizer',
      `${path} is neither a WordPiece vocab.txt nor a tokenizer.json: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    )
  }
}

const isJson = (text: string): boolean => text.slice(0, 1024).trimStart().startsWith('{')

async function contentOf(path: string): Promise<string> {
  try {
    const bytes = await readOrdinaryFile(path, largestTokenizer, english`a vocabulary`)
    const text = bytes.toString('utf8').replace(/^\ufeff/, '')
    if (!isJson(text) && bytes.length > largestVocabulary) {
      throw new Error(`it has ${bytes.length} bytes, more than any`)
    }
    return text
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError(
      'tokenizer',
      `The vocabulary ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    )
  }
}

/** The pieces of a `vocab.txt`: one a line, its id the number of the line. */
export function vocabularyLines(text: string): string[] {
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
  return fromTokenizerJson(
    {
      version: '1.0',
      added_tokens: special
        .filter(piece => ids.has(piece))
        .map(content => ({
          id: id(content),
          content,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { SpecialToken: { id: '[CLS]', type_id: 0 } },
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '[SEP]', type_id: 0 } },
        ],
        pair: [],
        special_tokens: Object.fromEntries(
          ['[CLS]', '[SEP]'].map(piece => [piece, { id: piece, ids: [id(piece)], tokens: [piece] }]),
        ),
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(ids),
      },
    },
    'as words',
  )
}

/**
 * @param lowering in the published code's tokenizer a sigma at the end of a word has its own small letter, in a
 * tokenizer.json it does not.
 */
function fromTokenizerJson(file: object, lowering: 'as words' | 'each letter by itself'): Tokenizer {
  const { json, config, before, after, setsIdeographsApart, lowers, padding } = computable(file)
  const tokenizer = new HuggingFaceTokenizer(json, config)
  mendNormalization(tokenizer)
  // Parts that the library does not know show only when they are used.
  tokenizer.encode('A man, a plan: 2 canals!')
  const fill = tokenizer.token_to_id('[PAD]') ?? padding ?? 0
  return {
    vocabularySize: sizeOf(tokenizer.get_vocab(true)),
    ownVocabularySize: sizeOf(tokenizer.get_vocab(false)),
    idOf: piece => tokenizer.token_to_id(piece) ?? null,
    pieceOf: id => tokenizer.id_to_token(id) ?? '',
    padding,
    encode(text, length) {
      const apart = setsIdeographsApart ? text.replace(wideIdeographs, ' $& ') : text
      const all = tokenizer.encode(
        lowers && lowering === 'each letter by itself' ? apart.replaceAll('Σ', 'σ') : apart,
        { add_special_tokens: true },
      ).ids
      if (!all.every(Number.isInteger)) {
        throw new ExpectedError(
          'tokenizer',
          'The tokenizer knows no token for a part of this text; import the model with the tokenizer it was trained with.',
        )
      }
      const kept =
        all.length > length
          ? [...all.slice(0, Math.max(length - after, before)), ...all.slice(all.length - after)].slice(0, length)
          : all
      const ids = new Int32Array(length).fill(fill)
      ids.set(kept)
      return { ids, mask: new Int32Array(length).fill(1, 0, kept.length), truncated: all.length - kept.length }
    },
  }
}

/**
 * Characters of a normalized text: normalization makes a text three times as long at most, unless it was made to fill
 * the memory.
 */
const longestNormalized = 2 ** 20

/**
 * Puts SentencePiece's table in the place of the library's NFKC, and bounds the length after every step: each may make
 * a text ten times as long, and V8 ends the process at some sizes.
 */
function mendNormalization(tokenizer: HuggingFaceTokenizer): void {
  const mend = (step: unknown): void => {
    if (typeof step !== 'function' || !('normalize' in step) || typeof step.normalize !== 'function') return
    if ('normalizers' in step && Array.isArray(step.normalizers)) return step.normalizers.forEach(mend)
    const { type, precompiled_charsmap: map } = ('config' in step ? step.config : {}) as {
      type?: unknown
      precompiled_charsmap?: unknown
    }
    const plain = type === 'Precompiled' ? precompiledMap(map) : (step.normalize.bind(step) as (text: string) => string)
    step.normalize = (text: string): string => {
      const normalized = plain(text)
      if (normalized.length > longestNormalized) {
        throw new ExpectedError(
          'tokenizer',
          'The tokenizer makes this text longer than any does; import the model with the tokenizer it was trained with.',
        )
      }
      return normalized
    }
  }
  mend(tokenizer.normalizer)
}

/** One more than the largest id. */
function sizeOf(vocabulary: ReadonlyMap<string, number>): number {
  let largest = -1
  for (const id of vocabulary.values()) largest = Math.max(largest, id)
  return largest + 1
}
