import { decodeBytes } from './decode-bytes.ts'

const marks: Readonly<Record<string, readonly number[]>> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
}

/** Whether bytes begin with the byte order mark of their encoding, which decoding takes off. */
export function hasMark(bytes: Uint8Array, encoding: string): boolean {
  const mark = marks[encoding]
  return mark !== undefined && mark.every((byte, index) => bytes[index] === byte)
}

/**
 * The bytes of a text in an encoding, by its WHATWG name; null where a sign is not in it, or where the encoding changes
 * its meaning along the text, as ISO-2022-JP does.
 */
export function encodeText(text: string, encoding: string, marked = false): Uint8Array | null {
  const bytes = encodeBare(text, encoding)
  return bytes && marked ? Buffer.concat([Buffer.from(marks[encoding] ?? []), bytes]) : bytes
}

function encodeBare(text: string, encoding: string): Uint8Array | null {
  switch (encoding) {
    case 'utf-8':
      return new TextEncoder().encode(text)
    case 'utf-16le':
      return Buffer.from(text, 'utf16le')
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16()
    case 'iso-2022-jp':
      return null
    default:
      return encodeByTable(text, signsOf(encoding))
  }
}

function encodeByTable(text: string, signs: ReadonlyMap<string, readonly number[]>): Uint8Array | null {
  const bytes: number[] = []
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0
    const written = code < 0x80 ? [code] : signs.get(sign)
    if (!written) return null
    bytes.push(...written)
  }
  return Uint8Array.from(bytes)
}

/** Every sign beyond ASCII that one byte, or two, stand for: what the decoder of the system says, turned round. */
function signsOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const signs = new Map<string, readonly number[]>()
  const decoder = new TextDecoder(encoding)
  const add = (sign: string, ...bytes: number[]): boolean => {
    const isOne = [...sign].length === 1 && sign !== '\ufffd' && (sign.codePointAt(0) ?? 0) >= 0x80
    if (isOne && !signs.has(sign)) signs.set(sign, bytes)
    return isOne
  }
  for (let first = 0x80; first <= 0xff; first += 1) {
    if (add(decodeBytes(encoding, Uint8Array.of(first)), first)) continue
    for (let second = 0x40; second <= 0xfe; second += 1) {
      add(decoder.decode(Uint8Array.of(first, second)), first, second)
    }
  }
  return signs
}
