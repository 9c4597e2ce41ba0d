import { Bits } from './unit-bits.ts'

export interface Av1Pictures {
  /** Pixels of the largest picture. */
  readonly width: number
  readonly height: number
  /** Eight bits a sample, colours at half the resolution in both directions. */
  readonly isYuv420: boolean
}

const sequenceHeader = 1

/**
 * The pictures of a stream by its configuration record (AV1 in ISO base media, 2.3.3) and the sequence header in it
 * (AV1, 5.5.1); undefined where that does not begin with one, or where it has several layers.
 * @throws RangeError where the record ends early.
 */
export function av1Pictures(configuration: Buffer): Av1Pictures | undefined {
  const colours = configuration.readUInt8(2)
  const unit = configuration.readUInt8(4)
  const hasSize = (unit & 2) !== 0
  // An extension header tells of layers.
  if (configuration.readUInt8(0) !== 0x81 || (unit >> 3) % 16 !== sequenceHeader || (unit & 4) !== 0) return undefined
  let at = 5
  if (hasSize) while (configuration.readUInt8(at) > 127) at += 1
  const size = sizeOf(new Bits(configuration.subarray(at + (hasSize ? 1 : 0)), { isEscaped: false }))
  // High bit depth, twelve bits, monochrome, and both ways of halving the colours.
  return size && { ...size, isYuv420: ((colours >> 2) & 31) === 0b00011 }
}

function sizeOf(bits: Bits): { width: number; height: number } | undefined {
  bits.read(4)
  const isReduced = bits.read(1) === 1
  if (isReduced) bits.read(5)
  else if (!skipOperatingPoint(bits)) return undefined
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1]
  const size = { width: bits.read(widthBits) + 1, height: bits.read(heightBits) + 1 }
  return bits.isBeyond ? undefined : size
}

/** @returns false where there is more than one, as with layers. */
function skipOperatingPoint(bits: Bits): boolean {
  let hasModel = false
  let delayBits = 0
  if (bits.read(1) === 1) {
    bits.read(64)
    if (bits.read(1) === 1) bits.unsigned()
    hasModel = bits.read(1) === 1
    if (hasModel) {
      delayBits = bits.read(5) + 1
      bits.read(32 + 10)
    }
  }
  const hasDelay = bits.read(1) === 1
  if (bits.read(5) !== 0) return false
  bits.read(12)
  if (bits.read(5) > 7) bits.read(1)
  if (hasModel && bits.read(1) === 1) bits.read(2 * delayBits + 1)
  if (hasDelay && bits.read(1) === 1) bits.read(4)
  return true
}
