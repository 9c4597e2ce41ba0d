import { readUsability } from './h264-parameters.ts'
import type { PictureShape } from './h264-parameters.ts'
import { Bits } from './unit-bits.ts'

/** What a sequence parameter set of H.265 says of the pictures. */
export interface H265Pictures extends PictureShape {
  /** Pixels, the conformance window applied. */
  readonly width: number
  readonly height: number
  /** Eight bits a sample, colours at half the resolution in both directions. */
  readonly isYuv420: boolean
  readonly isProgressive: boolean
}

/** The record up to its arrays of units takes so many bytes. */
const arraysAt = 22
const sequenceParameterSet = 33
/** More short-term reference picture sets than a parameter set may have. */
const mostSets = 65

/**
 * The pictures of a stream by its decoder configuration record (ISO/IEC 14496-15, 8.3.3.1) and the sequence parameter
 * set in it (Rec. ITU-T H.265, 7.3.2.2); undefined where it has not exactly one, or one that ends early.
 * @throws RangeError where the record ends early.
 */
export function h265Pictures(configuration: Buffer): H265Pictures | undefined {
  const units: Buffer[] = []
  let at = arraysAt + 1
  for (let arrays = configuration.readUInt8(arraysAt); arrays > 0; arrays -= 1) {
    const kind = configuration.readUInt8(at) & 63
    const count = configuration.readUInt16BE(at + 1)
    at += 3
    for (let unit = 0; unit < count; unit += 1) {
      const length = configuration.readUInt16BE(at)
      if (kind === sequenceParameterSet) units.push(configuration.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  const [unit, ...others] = units
  if (!unit || others.length > 0 || ((unit[0] ?? 0) >> 1) % 64 !== sequenceParameterSet) return undefined
  return parameterSet(new Bits(unit.subarray(2)))
}

function parameterSet(bits: Bits): H265Pictures | undefined {
  bits.read(4)
  const subLayers = bits.read(3)
  bits.read(1)
  const isProgressive = readProfile(bits, subLayers)
  bits.unsigned()
  const chroma = bits.unsigned()
  if (chroma === 3) bits.read(1)
  const [codedWidth, codedHeight] = [bits.unsigned(), bits.unsigned()]
  const [left, right, top, bottom] =
    bits.read(1) === 1 ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()] : [0, 0, 0, 0]
  const [lumaDepth, chromaDepth] = [bits.unsigned(), bits.unsigned()]
  const orderBits = bits.unsigned() + 4
  for (let layer = bits.read(1) === 1 ? 0 : subLayers; layer <= subLayers; layer += 1) skipCodes(bits, 3)
  skipCodes(bits, 6)
  if (bits.read(1) === 1 && bits.read(1) === 1) skipScalingLists(bits)
  bits.read(2)
  if (bits.read(1) === 1) {
    bits.read(8)
    skipCodes(bits, 2)
    bits.read(1)
  }
  skipReferenceSets(bits)
  if (bits.read(1) === 1) {
    for (let left = Math.min(mostSets, bits.unsigned()); left > 0; left -= 1) bits.read(orderBits + 1)
  }
  bits.read(2)
  const shape = bits.read(1) === 1 ? readUsability(bits) : { isSquare: true, isFullRange: false }
  if (bits.isBeyond) return undefined
  return {
    width: codedWidth - 2 * (left + right),
    height: codedHeight - 2 * (top + bottom),
    isYuv420: chroma === 1 && lumaDepth === 0 && chromaDepth === 0,
    isProgressive,
    ...shape,
  }
}

/** Profile, tier and level (7.3.3). @returns whether the source is not said to be interlaced. */
function readProfile(bits: Bits, subLayers: number): boolean {
  bits.read(40)
  bits.read(1)
  const isInterlaced = bits.read(1) === 1
  bits.read(46)
  bits.read(8)
  const told = Array.from({ length: subLayers }, () => ({ profile: bits.read(1) === 1, level: bits.read(1) === 1 }))
  if (subLayers > 0) bits.read(2 * (8 - subLayers))
  for (const { profile, level } of told) {
    if (profile) bits.read(88)
    if (level) bits.read(8)
  }
  return !isInterlaced
}

function skipCodes(bits: Bits, count: number): void {
  for (let left = count; left > 0; left -= 1) bits.unsigned()
}

/** 7.3.4 */
function skipScalingLists(bits: Bits): void {
  for (let size = 0; size < 4; size += 1) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (bits.read(1) === 0) bits.unsigned()
      else skipCodes(bits, (size > 1 ? 1 : 0) + Math.min(64, 4 ** (size + 2)))
    }
  }
}

/** The sets of pictures that others refer to, of which a later one may be told by the one before it (7.3.7). */
function skipReferenceSets(bits: Bits): void {
  const sets = Math.min(mostSets, bits.unsigned())
  let before = 0
  for (let set = 0; set < sets; set += 1) {
    if (set > 0 && bits.read(1) === 1) {
      bits.read(1)
      bits.unsigned()
      let count = 0
      for (let picture = 0; picture <= before; picture += 1) {
        // A picture is referred to when it is used by this one, or is kept for others.
        if (bits.read(1) === 1 || bits.read(1) === 1) count += 1
      }
      before = count
    } else {
      before = Math.min(32, bits.unsigned()) + Math.min(32, bits.unsigned())
      for (let picture = 0; picture < before; picture += 1) {
        bits.unsigned()
        bits.read(1)
      }
    }
  }
}
