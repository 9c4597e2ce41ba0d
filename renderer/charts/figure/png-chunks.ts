const signatureLength = 8
/** Length, type and checksum of a chunk. */
const frame = 12
const headerLength = signatureLength + frame + 13
const metresPerInch = 0.0254

/**
 * A PNG file with its resolution and texts, put behind its header as the standard wants them (PNG, third edition,
 * 11.3).
 * @param texts by keyword, 1–79 signs of Latin-1; values outside Latin-1 are written as international text.
 */
export function withPngFacts(
  png: Uint8Array<ArrayBuffer>,
  { dpi, texts }: { readonly dpi: number; readonly texts: Readonly<Record<string, string>> },
): Uint8Array<ArrayBuffer> {
  const resolution = new DataView(new ArrayBuffer(9))
  const perMetre = Math.round(dpi / metresPerInch)
  resolution.setUint32(0, perMetre)
  resolution.setUint32(4, perMetre)
  resolution.setUint8(8, 1)
  return joined([
    png.subarray(0, headerLength),
    chunk('pHYs', new Uint8Array(resolution.buffer)),
    ...Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text)),
    png.subarray(headerLength),
  ])
}

function textChunk(keyword: string, text: string): Uint8Array {
  return /^[\u0000-\u00ff]*$/.test(text)
    ? chunk('tEXt', joined([latin1(`${keyword}\0`), latin1(text)]))
    : chunk('iTXt', joined([latin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text)]))
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([latin1(type), data])
  const [length, checksum] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(4))]
  length.setUint32(0, data.length)
  checksum.setUint32(0, crc32(body))
  return joined([new Uint8Array(length.buffer), body, new Uint8Array(checksum.buffer)])
}

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff
  for (const byte of bytes) {
    remainder ^= byte
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  }
  return (remainder ^ 0xffffffff) >>> 0
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, sign => sign.charCodeAt(0))
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
