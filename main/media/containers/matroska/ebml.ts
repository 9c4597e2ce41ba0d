/** Identifiers of Matroska's elements, named as in RFC 9559. */
export const elementIds = {
  EBML: 0x1a45dfa3,
  DocType: 0x4282,
  Void: 0xec,
  'CRC-32': 0xbf,
  Segment: 0x18538067,
  SeekHead: 0x114d9b74,
  Seek: 0x4dbb,
  SeekID: 0x53ab,
  SeekPosition: 0x53ac,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackUID: 0x73c5,
  TrackType: 0x83,
  TrackTimestampScale: 0x23314f,
  TrackOffset: 0x537f,
  TrackOperation: 0xe2,
  DefaultDuration: 0x23e383,
  CodecID: 0x86,
  CodecPrivate: 0x63a2,
  CodecDelay: 0x56aa,
  ContentEncodings: 0x6d80,
  Video: 0xe0,
  FlagInterlaced: 0x9a,
  StereoMode: 0x53b8,
  AlphaMode: 0x53c0,
  PixelWidth: 0xb0,
  PixelHeight: 0xba,
  PixelCropBottom: 0x54aa,
  PixelCropTop: 0x54bb,
  PixelCropLeft: 0x54cc,
  PixelCropRight: 0x54dd,
  DisplayWidth: 0x54b0,
  DisplayHeight: 0x54ba,
  DisplayUnit: 0x54b2,
  Projection: 0x7670,
  Colour: 0x55b0,
  MatrixCoefficients: 0x55b1,
  Range: 0x55b9,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  Position: 0xa7,
  PrevSize: 0xab,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  BlockDuration: 0x9b,
  ReferenceBlock: 0xfb,
  DiscardPadding: 0x75a2,
  Cues: 0x1c53bb6b,
  CuePoint: 0xbb,
  CueTrackPositions: 0xb7,
  CueClusterPosition: 0xf1,
  Chapters: 0x1043a770,
  Attachments: 0x1941a469,
  Tags: 0x1254c367,
  Tag: 0x7373,
  Targets: 0x63c0,
  TagTrackUID: 0x63c5,
  SimpleTag: 0x67c8,
  TagName: 0x45a3,
  TagString: 0x4487,
} as const

export interface Element {
  readonly id: number
  readonly content: Buffer
}

/** Bytes of the longest header of an element: an identifier and a size. */
export const longestHeader = 12

/**
 * What stands before the content of an element (RFC 8794): its identifier and, in bytes, the length of that header and
 * the size of the content, Infinity where that is unknown. Undefined where no element begins.
 */
export function elementHeader(bytes: Buffer): { id: number; length: number; size: number } | undefined {
  const idLength = lengthOfNumber(bytes[0])
  const sizeLength = lengthOfNumber(bytes[idLength])
  const length = idLength + sizeLength
  if (idLength > 4 || sizeLength > 8 || length > bytes.length) return undefined
  const size = BigInt.asUintN(7 * sizeLength, BigInt(`0x${bytes.toString('hex', idLength, length)}`))
  const isUnknown = size === 2n ** BigInt(7 * sizeLength) - 1n
  return { id: bytes.readUIntBE(0, idLength), length, size: isUnknown ? Infinity : Number(size) }
}

/** The elements that follow one another. One that is longer than the bytes or of unknown size is the last. */
export function children(bytes: Buffer | undefined): Element[] {
  const found: Element[] = []
  for (let rest = bytes; rest && rest.length >= 2;) {
    const header = elementHeader(rest)
    if (!header) break
    const end = Math.min(rest.length, header.length + header.size)
    found.push({ id: header.id, content: rest.subarray(header.length, end) })
    rest = rest.subarray(end)
  }
  return found
}

export function child(bytes: Buffer | undefined, wanted: number): Buffer | undefined {
  return children(bytes).find(({ id }) => id === wanted)?.content
}

/** The element of a kind of which there may be one. @throws RangeError where there are several. */
export function onlyChild(bytes: Buffer | undefined, wanted: number): Buffer | undefined {
  const [found, ...others] = children(bytes).filter(({ id }) => id === wanted)
  if (others.length > 0) throw new RangeError(`several elements ${wanted.toString(16)}`)
  return found?.content
}

/** Bytes of a number of variable length, told by the zeros that it begins with. */
export function lengthOfNumber(first: number | undefined): number {
  return first === undefined ? Infinity : Math.clz32(first) - 23
}

/** A whole number; undefined where there is none or too large a one. */
export function numberOf(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length > 0 && bytes.length <= 6 ? bytes.readUIntBE(0, bytes.length) : undefined
}
