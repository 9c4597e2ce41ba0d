/**
 * The text of bytes in an encoding, by its WHATWG name. In pieces, because Node 20 reads Windows-1252 as Latin-1 when
 * it gets all at once: curly quotes and dashes would be control characters.
 */
export function decodeBytes(encoding: string, bytes: Uint8Array): string {
  const decoder = new TextDecoder(encoding)
  return decoder.decode(bytes, { stream: true }) + decoder.decode()
}
