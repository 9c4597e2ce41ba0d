import { Bits } from './unit-bits.ts'
import type { PictureSize } from './vp-frames.ts'

/** What the layer of an MPEG-4 stream says of its pictures. */
export interface Mpeg4Pictures extends PictureSize {
  /** Said not to hold back pictures: there are no B-frames. */
  readonly isInOrder: boolean
  /** Pictures a second: of a steady rate, else as finely as times are told. */
  readonly rate: readonly [over: number, under: number]
}

/** Kinds of video objects: simple, and advanced simple. */
const usualKinds = new Set([1, 17])
const [square, stated, chroma420, rectangular] = [1, 15, 1, 0]

/**
 * The pictures of an MPEG-4 stream by the layer that is described before its first one (ISO/IEC 14496-2, 6.2.3), where
 * it is of the usual kind: rectangular, of square pixels of eight bits, and with words about the order of its
 * pictures. Undefined for others.
 */
export function mpeg4Pictures(first: Buffer): Mpeg4Pictures | undefined {
  const layers = startCodes(first).filter(({ code }) => code >= 0x20 && code <= 0x2f)
  const [layer, ...others] = layers
  if (!layer || others.length > 0) return undefined
  const bits = new Bits(first.subarray(layer.at), { isEscaped: false })
  bits.read(1)
  const isUsual = usualKinds.has(bits.read(8))
  const version = bits.read(1) === 1 ? bits.read(7) >> 3 : 1
  const shape = bits.read(4)
  const isSquare = shape === square || (shape === stated && bits.read(8) === bits.read(8))
  if (!isUsual || !isSquare || bits.read(1) !== 1 || bits.read(2) !== chroma420) return undefined
  const isInOrder = bits.read(1) === 1
  // The model of a buffer: rates, sizes and fullness in 79 bits.
  if (bits.read(1) === 1) bits.read(79)
  if (bits.read(2) !== rectangular) return undefined
  bits.read(1)
  const ticks = bits.read(16)
  bits.read(1)
  const lasts = bits.read(1) === 1 ? bits.read(Math.max(1, 32 - Math.clz32(ticks - 1))) : 1
  bits.read(1)
  const width = bits.read(13)
  bits.read(1)
  const height = bits.read(13)
  // A marker, whether of fields, and how blocks are moved.
  bits.read(3)
  const hasSprites = bits.read(version === 1 ? 1 : 2) !== 0
  const isDeep = bits.read(1) === 1
  return hasSprites || isDeep || bits.isBeyond ? undefined : { width, height, isInOrder, rate: [ticks, lasts] }
}

/** Kinds of pictures by their number (6.3.5). */
export type VopKind = 'I' | 'P' | 'B' | 'S'
const kinds: readonly VopKind[] = ['I', 'P', 'B', 'S']
const vop = 0xb6

/** The kind of the first picture in a packet, behind what describes the stream; undefined where there is none. */
export function vopKind(packet: Buffer): VopKind | undefined {
  const found = startCodes(packet).find(({ code }) => code === vop)
  const byte = found && packet[found.at]
  return byte === undefined ? undefined : kinds[byte >> 6]
}

/** The start codes 00 00 01 XX: the last byte, and where what it names begins. */
function startCodes(bytes: Buffer): { code: number; at: number }[] {
  const found: { code: number; at: number }[] = []
  for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + 3)) {
    const code = bytes[at + 3]
    if (code !== undefined) found.push({ code, at: at + 4 })
  }
  return found
}
const prefix = Buffer.from([0, 0, 1])
