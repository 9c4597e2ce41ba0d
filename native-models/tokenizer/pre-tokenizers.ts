import { english } from '../english.ts'
import { refused } from './refused-part.ts'
import type { Part } from './refused-part.ts'

/**
 * A pre-tokenizer in the form in which the library computes it as Hugging Face's own does. The library matches ASCII
 * where Unicode is meant, splits by one behaviour whatever is asked for, and never splits at Metaspace: these become a
 * pattern of the pieces themselves.
 * @throws UncomputableTokenizer naming the one that neither computes.
 */
export function pieceRules(part: Part): Part {
  switch (part.type) {
    case 'Sequence':
      return {
        type: 'Sequence',
        pretokenizers: (Array.isArray(part.pretokenizers) ? (part.pretokenizers as Part[]) : []).map(pieceRules),
      }
    case 'BertPreTokenizer':
      return pieces(String.raw`${punctuation}|[^\p{White_Space}${insidePunctuation}]+`)
    case 'ByteLevel':
      return byteLevel(part)
    case 'Split':
      return split(pattern(part.pattern), String(part.behavior), part.invert === true)
    case 'Whitespace':
      return pieces(
        String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d\p{White_Space}]+`,
      )
    case 'WhitespaceSplit':
      return pieces(String.raw`[^\p{White_Space}]+`)
    case 'CharDelimiterSplit':
      return split(escaped(String(part.delimiter)), 'Removed', false)
    case 'Punctuation':
      return split(punctuation, String(part.behavior ?? 'Isolated'), false)
    case 'Digits':
      return split(String.raw`\p{N}`, part.individual_digits === true ? 'Isolated' : 'Contiguous', false)
    case 'FixedLength':
      if (!Number.isSafeInteger(part.length) || (part.length as number) < 1) {
        throw refused(english`the pre_tokenizer FixedLength`, english`it has no length`)
      }
      return pieces(String.raw`[\s\S]{1,${String(part.length)}}`)
    case 'Metaspace':
      return metaspace(part)
    default:
      throw refused(english`the pre_tokenizer ${String(part.type)}`, english`it is of a kind that is not known`)
  }
}

const insidePunctuation = String.raw`\p{P}!-/:-@\[-\x60{-~`
const punctuation = `[${insidePunctuation}]`

/** Every match is a piece, and nothing else is. */
const pieces = (regex: string): Part => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Removed',
  invert: true,
})

/** The pieces that a split gives; `inverted` lets the text between matches be what is split at. */
function split(delimiter: string, behavior: string, inverted: boolean): Part {
  const match = `(?:${delimiter})`
  const between = String.raw`(?:(?!${delimiter})[\s\S])`
  const behaviours: Readonly<Record<string, string>> = {
    removed: inverted ? match : `${between}+`,
    isolated: `${match}|${between}+`,
    contiguous: `${match}+|${between}+`,
    mergedwithprevious: inverted ? `${match}${between}*|${between}+` : `${between}*${match}|${between}+`,
    mergedwithnext: inverted ? `${between}*${match}|${between}+` : `${match}${between}*|${between}+`,
  }
  const regex = behaviours[behavior.toLowerCase().replaceAll('_', '')]
  if (regex === undefined) {
    throw refused(english`the pre_tokenizer Split`, english`its behavior ${JSON.stringify(behavior)} is none`)
  }
  return pieces(regex)
}

function pattern(value: unknown): string {
  const { Regex: regex, String: text } = (value ?? {}) as { Regex?: unknown; String?: unknown }
  if (typeof regex === 'string') return regex
  if (typeof text === 'string' && text !== '') return escaped(text)
  throw refused(english`the pre_tokenizer Split`, english`it has no pattern`)
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

function metaspace(part: Part): Part {
  const replacement = typeof part.replacement === 'string' ? part.replacement : '▁'
  if ([...replacement].length !== 1) {
    throw refused(english`the pre_tokenizer Metaspace`, english`its replacement is not one character`)
  }
  const scheme = part.add_prefix_space === false ? 'never' : (part.prepend_scheme ?? 'always')
  const marks: Part = { type: 'Metaspace', replacement, prepend_scheme: scheme }
  return part.split === false
    ? marks
    : { type: 'Sequence', pretokenizers: [marks, split(escaped(replacement), 'MergedWithNext', false)] }
}

/** The pattern of GPT-2, of words with the space before them. */
const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

function byteLevel(part: Part): Part {
  const bytes: Part = { type: 'ByteLevel', add_prefix_space: false, use_regex: false }
  const space: Part[] =
    part.add_prefix_space === true ? [{ type: 'Metaspace', replacement: ' ', prepend_scheme: 'always' }] : []
  return { type: 'Sequence', pretokenizers: [...space, ...(part.use_regex === false ? [] : [pieces(words)]), bytes] }
}
