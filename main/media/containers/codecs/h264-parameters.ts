import { Bits } from './unit-bits.ts'

/** What the usability information says of the pixels. */
export interface PictureShape {
  /** The pixels are square, or nothing is said of their shape. */
  readonly isSquare: boolean
  readonly isFullRange: boolean
}

/** What a sequence parameter set says of the pictures. */
export interface H264Pictures extends PictureShape {
  /** Pixels, cropping applied. */
  readonly width: number
  readonly height: number
  /** Eight bits a sample, colours at half the resolution in both directions. */
  readonly isYuv420: boolean
  /** No picture can be made of two fields. */
  readonly isProgressive: boolean
  /**
   * Bits of a slice's frame number, and whether one tells of which colour it is: what stands before its field flags.
   */
  readonly frameNumberBits: number
  readonly hasColourPlanes: boolean
  /** Pictures a second, where they are told. */
  readonly rate?: readonly [over: number, under: number] | undefined
}

/** Profiles whose parameter sets tell of the colour format (7.3.2.1.1). */
const withColourFormat = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/**
 * The pictures of a stream by its decoder configuration record (ISO/IEC 14496-15, 5.3.3.1) and the sequence parameter
 * set in it (Rec. ITU-T H.264, 7.3.2.1.1 and E.1.1); undefined where it has not exactly one, or one that ends early.
 */
export function h264Pictures(configuration: Buffer): H264Pictures | undefined {
  if (configuration.length < 9 || configuration[0] !== 1 || (configuration.readUInt8(5) & 31) !== 1) return undefined
  const unit = configuration.subarray(8, 8 + configuration.readUInt16BE(6))
  return unit.length > 4 && (unit.readUInt8(0) & 31) === 7 ? parameterSet(new Bits(unit.subarray(1))) : undefined
}

function parameterSet(bits: Bits): H264Pictures | undefined {
  const profile = bits.read(8)
  bits.read(16)
  bits.unsigned()
  let [chroma, lumaDepth, chromaDepth] = [1, 0, 0]
  let hasColourPlanes = false
  if (withColourFormat.has(profile)) {
    chroma = bits.unsigned()
    hasColourPlanes = chroma === 3 && bits.read(1) === 1
    lumaDepth = bits.unsigned()
    chromaDepth = bits.unsigned()
    bits.read(1)
    if (bits.read(1) === 1) skipScalingLists(bits, chroma === 3 ? 12 : 8)
  }
  const frameNumberBits = bits.unsigned() + 4
  skipPictureOrder(bits)
  bits.unsigned()
  bits.read(1)
  const width = 16 * (bits.unsigned() + 1)
  const mapHeight = 16 * (bits.unsigned() + 1)
  const isProgressive = bits.read(1) === 1
  if (!isProgressive) bits.read(1)
  bits.read(1)
  const [left, right, top, bottom] =
    bits.read(1) === 1 ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [0, 0, 0, 0]
  const usability =
    bits.read(1) === 1 ? { ...readUsability(bits), rate: readRate(bits) } : { isSquare: true, isFullRange: false }
  if (bits.isBeyond) return undefined
  return {
    width: width - 2 * (left + right),
    height: mapHeight - 2 * (top + bottom),
    isYuv420: chroma === 1 && lumaDepth === 0 && chromaDepth === 0,
    isProgressive,
    frameNumberBits,
    hasColourPlanes,
    ...usability,
  }
}

function skipPictureOrder(bits: Bits): void {
  const kind = bits.unsigned()
  if (kind === 0) bits.unsigned()
  if (kind !== 1) return
  bits.read(1)
  bits.unsigned()
  bits.unsigned()
  for (let left = Math.min(255, bits.unsigned()); left > 0; left -= 1) bits.unsigned()
}

function skipScalingLists(bits: Bits, count: number): void {
  for (let list = 0; list < count; list += 1) {
    if (bits.read(1) === 0) continue
    let [last, next] = [8, 8]
    for (let left = list < 6 ? 16 : 64; left > 0; left -= 1) {
      if (next !== 0) next = (last + bits.signed() + 256) & 255
      if (next !== 0) last = next
    }
  }
}

/**
 * The beginning of the usability information, which H.265 has as well: the shape of the pixels, and the range and kind
 * of the colours.
 */
export function readUsability(bits: Bits): PictureShape {
  let isSquare = true
  if (bits.read(1) === 1) {
    const shape = bits.read(8)
    isSquare = shape < 2 || (shape === 255 && bits.read(16) === bits.read(16))
  }
  if (bits.read(1) === 1) bits.read(1)
  let isFullRange = false
  if (bits.read(1) === 1) {
    bits.read(3)
    isFullRange = bits.read(1) === 1
    if (bits.read(1) === 1) bits.read(24)
  }
  return { isSquare, isFullRange }
}

/** What follows on the place of the colours, and on the clock, which ticks twice for a picture. */
function readRate(bits: Bits): readonly [over: number, under: number] | undefined {
  if (bits.read(1) === 1) {
    bits.unsigned()
    bits.unsigned()
  }
  if (bits.read(1) !== 1) return undefined
  const lasts = bits.read(32)
  return [bits.read(32), 2 * lasts]
}
