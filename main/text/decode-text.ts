import { english } from '../../native-models/english.ts'
import { decodeBytes } from './decode-bytes.ts'
import { likelyEncoding } from './legacy-encodings.ts'

/**
 * In which encoding a file is, by its WHATWG name; `doubt` continues a sentence that begins with the file's name, null
 * when there is none.
 */
export interface TextEncoding {
  readonly encoding: string
  readonly doubt: string | null
}

export interface DecodedText extends TextEncoding {
  readonly text: string
}

const marks: readonly [bytes: readonly number[], encoding: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x84, 0x31, 0x95, 0x33], 'gb18030'],
]

/**
 * The text of a file, whose encoding is decided for the file as a whole: by a byte order mark, else UTF-8 where that
 * fits, with single bytes that do not belong replaced, else what reads most plausibly. Without a mark UTF-16 is known
 * as well.
 * @param language a code such as `ja`, when the file's name says one.
 */
export function decodeText(bytes: Uint8Array, language?: string): DecodedText {
  const { encoding, doubt } = detectEncoding(bytes, language)
  return { text: decodeBytes(encoding, bytes), encoding, doubt }
}

/** As {@link decodeText}, without the text: of a file or of its beginning. */
export function detectEncoding(bytes: Uint8Array, language?: string): TextEncoding {
  const marked = marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1]
  if (marked !== undefined && marked !== 'utf-8') return { encoding: marked, doubt: null }
  const wide = wideEncoding(bytes)
  if (wide !== null) return { encoding: wide, doubt: null }
  const { sequences, stray } = countUtf8(bytes)
  if (stray === 0) {
    return isEscaped(bytes) ? { encoding: 'iso-2022-jp', doubt: null } : { encoding: 'utf-8', doubt: null }
  }
  if (marked === 'utf-8' || sequences >= stray) {
    return {
      encoding: 'utf-8',
      doubt:
        stray === 1
          ? english`is not UTF-8 in one place, where “\ufffd” stands: correct it and save it as UTF-8.`
          : english`is not UTF-8 in ${stray} places, where “\ufffd” stands: correct it and save it as UTF-8.`,
    }
  }
  const encoding = likelyEncoding(bytes, language)
  return {
    encoding,
    doubt: english`is not UTF-8 and was read as ${shownName(encoding)}: save it as UTF-8 if characters are wrong.`,
  }
}

/** UTF-16 without a mark, told by its zeros: text in it has line ends, digits or spaces, whatever its language. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  let [even, odd] = [0, 0]
  for (const [place, byte] of bytes.subarray(0, 64 * 1024).entries()) {
    if (byte !== 0) continue
    if (place % 2 === 0) even += 1
    else odd += 1
  }
  if (odd > 2 && odd > 10 * even) return 'utf-16le'
  return even > 2 && even > 10 * odd ? 'utf-16be' : null
}

/** The letters of ISO-2022-JP are ASCII between escapes. */
function isEscaped(bytes: Uint8Array): boolean {
  return /\x1b\$[@B]/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64 * 1024)).toString('latin1'),
  )
}

/** How many sequences of several bytes are UTF-8, and how many bytes are not. An incomplete sequence counts once. */
function countUtf8(bytes: Uint8Array): { sequences: number; stray: number } {
  let [sequences, stray] = [0, 0]
  for (let index = 0; index < bytes.length;) {
    const lead = bytes[index] ?? 0
    if (lead < 0x80) {
      index += 1
      continue
    }
    const length =
      lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1
    let there = 1
    while (there < length && isContinuation(lead, there, bytes[index + there])) there += 1
    if (length > 1 && there === length) sequences += 1
    else stray += 1
    index += there
  }
  return { sequences, stray }
}

/** Unicode standard, table 3-7: the second byte is bounded further after some leads. */
function isContinuation(lead: number, position: number, byte: number | undefined): boolean {
  if (byte === undefined || byte < 0x80 || byte > 0xbf) return false
  if (position > 1) return true
  if (lead === 0xe0) return byte >= 0xa0
  if (lead === 0xed) return byte <= 0x9f
  if (lead === 0xf0) return byte >= 0x90
  return lead !== 0xf4 || byte <= 0x8f
}

function shownName(encoding: string): string {
  return encoding
    .replace(/^windows/, 'Windows')
    .replace('macintosh', 'Mac OS Roman')
    .replace(/^(ibm|iso)/, name => name.toUpperCase())
    .replace(/^(gb|big|euc|koi)/, name => name.toUpperCase())
    .replace('shift_jis', 'Shift_JIS')
    .replace('BIG5', 'Big5')
    .replace(/-(kr|jp|r)$/, name => name.toUpperCase())
}
