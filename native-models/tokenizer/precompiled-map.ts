import { english } from '../english.ts'
import { refused } from './refused-part.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** Graphemes of fewer bytes are looked up as a whole. */
const wholeGrapheme = 6

/**
 * SentencePiece's normalization by a table in the file (normalizer `Precompiled`), which the library replaces by NFKC:
 * a double array trie (darts-clone) from characters to places in a blob of texts that each end with a zero byte.
 * @throws UncomputableTokenizer when it is no such table.
 */
export function precompiledMap(base64: unknown): (text: string) => string {
  const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.alloc(0)
  const trieBytes = bytes.length < 4 ? -1 : bytes.readUInt32LE(0)
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw refused(english`the normalizer Precompiled`, english`its precompiled_charsmap is damaged`)
  }
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, unit) => bytes.readUInt32LE(4 + 4 * unit))
  const texts = bytes.subarray(4 + trieBytes)
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const replaced = (part: Uint8Array): string | null => {
    const at = shortestMatch(trie, part)
    if (at === null || at >= texts.length) return null
    const end = texts.indexOf(0, at)
    return decoder.decode(texts.subarray(at, end < 0 ? texts.length : end))
  }
  return text =>
    Array.from(segmenter.segment(text), ({ segment }) => {
      const whole = encoder.encode(segment)
      return (
        (whole.length < wholeGrapheme ? replaced(whole) : null) ??
        Array.from(segment, character => replaced(encoder.encode(character)) ?? character).join('')
      )
    }).join('')
}

/** The value of the shortest key that the bytes begin with. */
function shortestMatch(trie: Uint32Array, bytes: Uint8Array): number | null {
  const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)
  let index = offset(trie[0] ?? 0)
  for (const byte of bytes) {
    index ^= byte
    const unit = trie[index]
    if (byte === 0 || unit === undefined || (unit & 0x800000ff) !== byte) return null
    index ^= offset(unit)
    if ((unit >>> 8) & 1) return (trie[index] ?? 0) & 0x7fffffff
  }
  return null
}
