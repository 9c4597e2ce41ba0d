import type { StreamFormat } from './stream-format.ts'

/** ffmpeg's options for an input that this module writes. Seconds of {@link packetElement} come out as they went in. */
export const matroskaInput: readonly string[] = ['-protocol_whitelist', 'pipe', '-f', 'matroska', '-i', 'pipe:0']

/** Identifiers of Matroska's elements, named as in RFC 9559. */
const elementIds = {
  EBML: 0x1a45dfa3,
  DocType: 0x4282,
  Segment: 0x18538067,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackUID: 0x73c5,
  TrackType: 0x83,
  CodecID: 0x86,
  CodecPrivate: 0x63a2,
  Video: 0xe0,
  PixelWidth: 0xb0,
  PixelHeight: 0xba,
  Colour: 0x55b0,
  MatrixCoefficients: 0x55b1,
  Range: 0x55b9,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
} as const

/**
 * The format of a video track, from the beginning of a file; undefined where that does not tell it in the usual way.
 * @param position of the track among all; without it the first one with pictures is meant.
 */
export function matroskaFormat(head: Buffer, position?: number): StreamFormat | undefined {
  const track = children(child(child(head, elementIds.Segment), elementIds.Tracks))
    .filter(({ id }) => id === elementIds.TrackEntry)
    .find(({ content }, at) => (position ?? at) === at && numberOf(child(content, elementIds.TrackType)) === 1)?.content
  const colour = child(child(track, elementIds.Video), elementIds.Colour)
  const range = numberOf(child(colour, elementIds.Range))
  const configuration = child(track, elementIds.CodecPrivate)
  return (
    configuration && {
      configuration,
      matrix: numberOf(child(colour, elementIds.MatrixCoefficients)),
      fullRange: range === 1 || range === 2 ? range === 2 : undefined,
    }
  )
}

interface Element {
  readonly id: number
  readonly content: Buffer
}

/**
 * The elements that follow one another (RFC 8794). One that is longer than the bytes or, all bits of its size being
 * set, of unknown size is the last.
 */
function children(bytes: Buffer | undefined): Element[] {
  const found: Element[] = []
  for (let rest = bytes; rest && rest.length >= 2;) {
    const idLength = lengthOfNumber(rest[0])
    const sizeLength = lengthOfNumber(rest[idLength])
    const start = idLength + sizeLength
    if (idLength > 4 || sizeLength > 8 || start > rest.length) break
    const id = rest.readUIntBE(0, idLength)
    const size = BigInt.asUintN(7 * sizeLength, BigInt(`0x${rest.toString('hex', idLength, start)}`))
    const end = size === 2n ** BigInt(7 * sizeLength) - 1n ? rest.length : start + Number(size)
    found.push({ id, content: rest.subarray(start, end) })
    rest = rest.subarray(end)
  }
  return found
}

function child(bytes: Buffer | undefined, wanted: number): Buffer | undefined {
  return children(bytes).find(({ id }) => id === wanted)?.content
}

/** Bytes of a number of variable length, told by the zeros that it begins with. */
export function lengthOfNumber(first: number | undefined): number {
  return first === undefined ? Infinity : Math.clz32(first) - 23
}

function numberOf(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length > 0 && bytes.length <= 6 ? bytes.readUIntBE(0, bytes.length) : undefined
}

/** The beginning of a Matroska stream with one video track, whose packets follow as {@link packetElement}. */
export function streamHeader(
  codecId: string,
  { configuration, matrix, fullRange }: StreamFormat,
  { width, height }: { readonly width: number; readonly height: number },
): Buffer {
  const colour = element(
    elementIds.Colour,
    ...(matrix === undefined ? [] : [whole(elementIds.MatrixCoefficients, matrix)]),
    ...(fullRange === undefined ? [] : [whole(elementIds.Range, fullRange ? 2 : 1)]),
  )
  return Buffer.concat([
    element(elementIds.EBML, element(elementIds.DocType, Buffer.from('matroska'))),
    // A segment of unknown size: it ends with the stream.
    Buffer.from([...bytesOf(elementIds.Segment), 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    element(elementIds.Info, whole(elementIds.TimestampScale, 1000)),
    element(
      elementIds.Tracks,
      element(
        elementIds.TrackEntry,
        whole(elementIds.TrackNumber, 1),
        whole(elementIds.TrackUID, 1),
        whole(elementIds.TrackType, 1),
        element(elementIds.CodecID, Buffer.from(codecId)),
        element(elementIds.CodecPrivate, configuration),
        element(elementIds.Video, whole(elementIds.PixelWidth, width), whole(elementIds.PixelHeight, height), colour),
      ),
    ),
  ])
}

/** One packet, in pieces: its own bytes are not copied. @param time seconds, not below 0. */
export function packetElement(time: number, isKey: boolean, bytes: Uint8Array): Uint8Array[] {
  const timestamp = whole(elementIds.Timestamp, Math.round(time * 1e6))
  const block = Buffer.from([0x81, 0, 0, isKey ? 0x80 : 0])
  const blockHeader = header(elementIds.SimpleBlock, block.length + bytes.length)
  return [
    header(elementIds.Cluster, timestamp.length + blockHeader.length + block.length + bytes.length),
    timestamp,
    blockHeader,
    block,
    bytes,
  ]
}

/** RFC 8794: identifier, and size of the content in eight bytes. */
function header(id: number, length: number): Buffer {
  const size = Buffer.alloc(8)
  size.writeUIntBE(length, 2, 6)
  size[0] = 0x01
  return Buffer.concat([bytesOf(id), size])
}

function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat([
    header(
      id,
      content.reduce((sum, { length }) => sum + length, 0),
    ),
    ...content,
  ])
}

function whole(id: number, value: number): Buffer {
  return element(id, bytesOf(value))
}

function bytesOf(value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  const first = bytes.findIndex(byte => byte !== 0)
  return bytes.subarray(first < 0 ? 5 : first)
}
