export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** In what encoding a text is, decided for all of it. */
export interface FoundEncoding {
  readonly encoding: TextEncoding
  /** Bytes of a UTF-8 text that are no UTF-8: each is read as U+FFFD. */
  readonly damaged: number
}

/** Bytes from which UTF-16 without a byte order mark is told. */
const sampled = 4096
/** Share of zero bytes on one side of the pairs: Latin text in UTF-16 has nearly all, other text has its spaces and digits. */
const fewestZeros = 0.1

/**
 * Decides the encoding of a text from all of its bytes, given in pieces of any size: UTF-16 by its byte order mark or its zeros,
 * UTF-8 where that explains more of the bytes above 127 than it leaves unexplained, else Windows-1252, which reads Latin-1 as well.
 */
export class EncodingDetector {
  readonly #head = new Uint8Array(sampled)
  #read = 0
  /** Bytes that the sequence in progress still lacks, and the bounds of its next byte. */
  #lacking = 0
  #length = 0
  #least = 0x80
  #most = 0xbf
  #sequences = 0
  #damaged = 0

  add(bytes: Uint8Array): void {
    if (this.#read < sampled) this.#head.set(bytes.subarray(0, sampled - this.#read), this.#read)
    this.#read += bytes.length
    for (const byte of bytes) {
      if (this.#lacking === 0 && byte < 0x80) continue
      this.#step(byte)
    }
  }

  result(): FoundEncoding {
    const utf16 = this.#utf16()
    if (utf16) return { encoding: utf16, damaged: 0 }
    const damaged = this.#damaged + (this.#lacking > 0 ? this.#length - this.#lacking : 0)
    return damaged > 0 && damaged >= this.#sequences ? { encoding: 'windows-1252', damaged: 0 } : { encoding: 'utf-8', damaged }
  }

  /** Follows the sequences that RFC 3629 allows: none too long, no surrogate, nothing above U+10FFFF. */
  #step(byte: number): void {
    if (this.#lacking > 0) {
      if (byte >= this.#least && byte <= this.#most) {
        this.#lacking -= 1
        ;[this.#least, this.#most] = [0x80, 0xbf]
        if (this.#lacking === 0) this.#sequences += 1
        return
      }
      this.#damaged += this.#length - this.#lacking
      this.#lacking = 0
    }
    ;[this.#least, this.#most] = [0x80, 0xbf]
    if (byte < 0x80) return
    if (byte < 0xc2 || byte > 0xf4) {
      this.#damaged += 1
      return
    }
    this.#length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    this.#lacking = this.#length - 1
    if (byte === 0xe0) this.#least = 0xa0
    if (byte === 0xed) this.#most = 0x9f
    if (byte === 0xf0) this.#least = 0x90
    if (byte === 0xf4) this.#most = 0x8f
  }

  #utf16(): TextEncoding | null {
    const head = this.#head.subarray(0, Math.min(this.#read, sampled))
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
    const zeros = [0, 0]
    head.forEach((byte, place) => { if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1 })
    const [high = 0, low = 0] = zeros
    const many = Math.max(1, fewestZeros * head.length / 2)
    if (low >= many && high === 0) return 'utf-16le'
    if (high >= many && low === 0) return 'utf-16be'
    return null
  }
}

/** What Windows-1252 has where Latin-1 has control characters, 0x80–0x9F; those it leaves free stay as they are. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Decodes a text piece by piece, without its byte order mark. */
export class StreamDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder>
  readonly #windows: boolean

  constructor(encoding: TextEncoding) {
    this.#windows = encoding === 'windows-1252'
    this.#decoder = new TextDecoder(this.#windows ? 'latin1' : encoding)
  }

  /** @param bytes the next piece; none for what is left at the end. */
  decode(bytes?: Uint8Array): string {
    const text = bytes ? this.#decoder.decode(bytes, { stream: true }) : this.#decoder.decode()
    // Node 20 decodes Windows-1252 as Latin-1, in which curly quotes and dashes are control characters.
    return this.#windows ? text.replace(/[\x80-\x9f]/g, control => windows1252[control.charCodeAt(0) - 0x80] ?? control) : text
  }
}

/** The text of bytes in whatever encoding they have, without a byte order mark. */
export function decodeText(bytes: Uint8Array): FoundEncoding & { readonly text: string } {
  const detector = new EncodingDetector()
  detector.add(bytes)
  const found = detector.result()
  const decoder = new StreamDecoder(found.encoding)
  return { ...found, text: decoder.decode(bytes) + decoder.decode() }
}
