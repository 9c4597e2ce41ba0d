import { english } from '../english.ts'
import { pieceRules } from './pre-tokenizers.ts'
import { refused, typeOf } from './refused-part.ts'
import type { Part } from './refused-part.ts'

/** A tokenizer.json that `@huggingface/tokenizers` computes as Hugging Face's own library does. */
export interface ComputableTokenizer {
  /** For the library. */
  readonly json: object
  readonly config: { readonly unk_token?: string }
  /** Special tokens that are put before and after a text. */
  readonly before: number
  readonly after: number
  /** Whether ideographs are set apart by BERT's normalizer. */
  readonly setsIdeographsApart: boolean
  /** Whether capitals become small letters, each by itself: JavaScript looks at the letters beside a sigma. */
  readonly lowers: boolean
  readonly padding: number | null
}

/** What one step of normalization may add at each place. */
const longestContent = 1000
const byteAlphabet = 256

/**
 * Reads a tokenizer.json and brings it into the form in which the library computes it right; what it does not compute
 * is refused, where the library would pass over it or compute something else. Found by reading the library (0.2) beside
 * tokenizers 0.23.
 * @throws Error naming the part.
 */
export function computable(file: object): ComputableTokenizer {
  const json = file as Part
  const model = partOf(json.model, 'model')
  const added = addedTokens(json.added_tokens)
  if (partOf(json.truncation ?? {}, 'truncation').direction === 'Left') {
    throw refused('truncation', english`it cuts the beginning of a text`)
  }
  const padding = partOf(json.padding ?? {}, 'padding')
  if (padding.direction === 'Left') throw refused('padding', english`it pads before a text`)
  const vocabulary = vocabularyOf(model, added)
  assertModel(model, json, vocabulary)
  const { before, after } = specialTokens(json.post_processor ?? null, vocabulary)
  const normalizers = partsOf(json.normalizer ?? null, 'normalizers')
  const normalizer = json.normalizer ? normalizerOf(partOf(json.normalizer, 'normalizer')) : null
  return {
    json: {
      version: '1.0',
      added_tokens: added,
      normalizer,
      pre_tokenizer: json.pre_tokenizer ? pieceRules(partOf(json.pre_tokenizer, 'pre_tokenizer')) : null,
      post_processor: json.post_processor ?? null,
      decoder: null,
      model,
    },
    config: typeof model.unk_token === 'string' ? { unk_token: model.unk_token } : {},
    before,
    after,
    lowers: normalizers.some(
      part => part.type === 'Lowercase' || (part.type === 'BertNormalizer' && part.lowercase === true),
    ),
    setsIdeographsApart: normalizers.some(part => part.type === 'BertNormalizer' && part.handle_chinese_chars === true),
    padding: typeof padding.pad_id === 'number' ? padding.pad_id : null,
  }
}

function partOf(value: unknown, name: string): Part {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`it has no ${name}`)
  return value as Part
}

/** A part and, where it is a sequence, the parts of it. */
function partsOf(value: unknown, inner: string): Part[] {
  if (typeof value !== 'object' || value === null) return []
  const part = value as Part
  return part.type === 'Sequence' && Array.isArray(part[inner])
    ? part[inner].flatMap(one => partsOf(one, inner))
    : [part]
}

function addedTokens(value: unknown): Part[] {
  const tokens = Array.isArray(value) ? value.map(token => partOf(token, 'added token')) : []
  for (const { content, id, single_word: singleWord } of tokens) {
    if (typeof content !== 'string' || content === '' || !Number.isSafeInteger(id) || (id as number) < 0) {
      throw new Error('an added token has no content or no id')
    }
    if (singleWord === true) {
      throw refused(
        english`the added token ${JSON.stringify(content)}`,
        english`it is found as a whole word only (single_word)`,
      )
    }
  }
  return tokens
}

type Vocabulary = ReadonlyMap<string, number>

/** Ids by piece, of the model and of the tokens added to it. */
function vocabularyOf({ vocab }: Part, added: readonly Part[]): Vocabulary {
  if (typeof vocab !== 'object' || vocab === null) throw new Error('its model has no vocab')
  const own: [string, unknown][] = Array.isArray(vocab)
    ? vocab.map((entry: unknown, id) => [Array.isArray(entry) ? String(entry[0]) : '', id])
    : Object.entries(vocab)
  for (const [piece, id] of own) {
    if (!Number.isSafeInteger(id) || (id as number) < 0) throw new Error(`the piece ${JSON.stringify(piece)} has no id`)
  }
  return new Map([
    ...(own as [string, number][]),
    ...added.map(({ content, id }) => [content as string, id as number] as const),
  ])
}

function assertModel(model: Part, json: Part, vocabulary: Vocabulary): void {
  const type = typeOf(model) ?? (Array.isArray(model.vocab) ? 'Unigram' : Array.isArray(model.merges) ? 'BPE' : null)
  const name = english`the model ${type ?? '(of no type)'}`
  const has = (piece: unknown): boolean => typeof piece === 'string' && vocabulary.has(piece)
  const hasBytes = Array.from(
    { length: byteAlphabet },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  ).every(has)
  const rules = partsOf(json.pre_tokenizer ?? null, 'pretokenizers')
  const splits = rules.length > 0 && !rules.every(rule => rule.type === 'Metaspace' && rule.split === false)
  switch (type) {
    case 'WordPiece':
    case 'WordLevel':
      if (!has(model.unk_token)) throw refused(name, english`its unk_token is not in its vocabulary`)
      return
    case 'BPE':
      if (typeof model.dropout === 'number' && model.dropout > 0) {
        throw refused(name, english`it drops merges at random (dropout)`)
      }
      if (model.continuing_subword_prefix) {
        throw refused(
          name,
          english`its pieces continue with ${JSON.stringify(model.continuing_subword_prefix)} (continuing_subword_prefix)`,
        )
      }
      if (model.fuse_unk === true && splits && !(model.byte_fallback === true && hasBytes)) {
        throw refused(name, english`it joins unknown characters within a word (fuse_unk)`)
      }
      if (!Array.isArray(model.merges)) throw refused(name, english`it has no merges`)
      if (
        !has(model.unk_token) &&
        !(model.byte_fallback === true && hasBytes) &&
        !(rules.some(rule => rule.type === 'ByteLevel') && bytesOfLevel().every(has))
      ) {
        throw refused(name, english`it has no unk_token for characters outside of its vocabulary`)
      }
      return
    case 'Unigram':
      if (model.byte_fallback === true) {
        throw refused(name, english`characters outside of its vocabulary become bytes (byte_fallback)`)
      }
      if (!Array.isArray(model.vocab) || typeof model.unk_id !== 'number' || model.vocab[model.unk_id] === undefined) {
        throw refused(name, english`it has no unk_id for characters outside of its vocabulary`)
      }
      if (splits && !(rules.at(-1)?.type === 'Metaspace' && has(rules.at(-1)?.replacement ?? '▁'))) {
        throw refused(name, english`its pre_tokenizer is not Metaspace`)
      }
      return
    default:
      throw refused(name, english`it is of a kind that is not known`)
  }
}

/** The characters that ByteLevel writes bytes as: printable Latin-1 as it is, the others from U+0100 on. */
function bytesOfLevel(): string[] {
  const plain = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let next = byteAlphabet
  return Array.from({ length: byteAlphabet }, (_, byte) => String.fromCharCode(plain(byte) ? byte : next++))
}

/** How many tokens a post-processor puts before and after a text. */
function specialTokens(processor: unknown, vocabulary: Vocabulary): { before: number; after: number } {
  const sum = { before: 0, after: 0 }
  for (const part of partsOf(processor, 'processors')) {
    const name = english`the post_processor ${part.type}`
    const assertToken = (piece: unknown, id: unknown): void => {
      if (typeof piece !== 'string' || vocabulary.get(piece) !== id) {
        throw refused(name, english`its token ${JSON.stringify(piece)} has another id in the vocabulary`)
      }
    }
    if (part.type === 'BertProcessing' || part.type === 'RobertaProcessing') {
      for (const token of [part.cls, part.sep]) {
        const [piece, id] = Array.isArray(token) ? (token as unknown[]) : []
        assertToken(piece, id)
      }
      sum.before += 1
      sum.after += 1
    } else if (part.type === 'TemplateProcessing') {
      const items = (Array.isArray(part.single) ? part.single : []) as {
        Sequence?: { id?: unknown }
        SpecialToken?: { id?: unknown }
      }[]
      const index = items.findIndex(item => item.Sequence?.id === 'A')
      if (index < 0 || items.filter(item => !item.SpecialToken).length !== 1) {
        throw refused(name, english`its template holds a text not exactly once`)
      }
      const known = partOf(part.special_tokens ?? {}, 'special_tokens')
      for (const { SpecialToken: token } of items) {
        if (!token) continue
        const ids = (known[String(token.id)] as { ids?: unknown } | undefined)?.ids
        if (!Array.isArray(ids) || ids.length !== 1) {
          throw refused(name, english`its token ${JSON.stringify(token.id)} stands for several`)
        }
        assertToken(token.id, ids[0])
      }
      sum.before += index
      sum.after += items.length - 1 - index
    } else if (part.type !== 'ByteLevel') {
      throw refused(name, english`it is of a kind that is not known`)
    }
  }
  return sum
}

function normalizerOf(part: Part): Part {
  switch (part.type) {
    case 'Sequence':
      return {
        ...part,
        normalizers: (Array.isArray(part.normalizers) ? part.normalizers : []).map(one =>
          normalizerOf(partOf(one, 'normalizer')),
        ),
      }
    case 'Replace':
      if (typeof part.content !== 'string' || part.content.length > longestContent) {
        throw refused(english`the normalizer Replace`, english`what it puts in is too long`)
      }
      // JavaScript gives some signs in a replacement a meaning.
      return { ...part, content: part.content.replaceAll('$', '$$$$') }
    case 'BertNormalizer':
    case 'Precompiled':
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
    case 'Strip':
    case 'StripAccents':
    case 'Lowercase':
    case 'Prepend':
      return part
    default:
      throw refused(english`the normalizer ${part.type}`, english`it is of a kind that is not known`)
  }
}
