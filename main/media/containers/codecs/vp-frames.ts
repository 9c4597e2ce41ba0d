import { Bits } from './unit-bits.ts'

/** Pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Bytes of a key frame after which its size has been told. */
export const sizedHead = 16

/** The size that a key frame of VP8 tells (RFC 6386, 9.1); undefined where the bytes are none. */
export function vp8Size(frame: Buffer): PictureSize | undefined {
  if (frame.length < 10 || (frame.readUInt8(0) & 1) !== 0 || frame.readUIntBE(3, 3) !== 0x9d012a) return undefined
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff }
}

/**
 * The size that a key frame of VP9 tells (VP9, 6.2), where it is of eight bits a sample with the colours at half the
 * resolution (profile 0); undefined for others.
 */
export function vp9Size(frame: Buffer): PictureSize | undefined {
  const bits = new Bits(frame, { isEscaped: false })
  const isProfile0 = bits.read(2) === 2 && bits.read(2) === 0
  // Neither a repetition nor a frame between others.
  const isKey = bits.read(2) === 0
  bits.read(2)
  if (!isProfile0 || !isKey || bits.read(24) !== 0x498342 || bits.read(3) === 7) return undefined
  bits.read(1)
  const size = { width: bits.read(16) + 1, height: bits.read(16) + 1 }
  return bits.isBeyond ? undefined : size
}
