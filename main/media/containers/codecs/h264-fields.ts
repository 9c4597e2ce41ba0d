import type { FileHandle } from 'node:fs/promises'
import type { H264Pictures } from './h264-parameters.ts'
import { Bits } from './unit-bits.ts'

/** What of a picture a packet holds. */
export type PacketPart = 'frame' | 'one field' | 'both fields'

interface StoredPacket {
  /** Bytes. */
  readonly position: number
  readonly size: number
}

/** The beginning of a slice up to its field flags takes fewer bytes, the numbers in it being as long as they can be. */
const sliceHead = 32
/** Units of a packet that are looked at: a picture in more slices is none that is known. */
const mostUnits = 1000

/**
 * What of a picture a packet of MP4 or Matroska holds, by the heads of its slices (Rec. ITU-T H.264, 7.3.3); undefined
 * where the bytes are no slices.
 * @param lengthBytes of the number before each unit (ISO/IEC 14496-15, 5.3.3.1).
 */
export async function packetPart(
  file: FileHandle,
  { position, size }: StoredPacket,
  { lengthBytes, pictures }: { readonly lengthBytes: number; readonly pictures: H264Pictures },
): Promise<PacketPart | undefined> {
  const fields = new Set<number>()
  let at = position
  for (let unit = 0; unit < mostUnits && at + lengthBytes < position + size; unit += 1) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(lengthBytes + sliceHead), 0, lengthBytes + sliceHead, at)
    if (bytesRead <= lengthBytes) return undefined
    const length = buffer.readUIntBE(0, lengthBytes)
    const kind = buffer.readUInt8(lengthBytes) & 31
    if (length === 0 || at + lengthBytes + length > position + size) return undefined
    if (kind === 1 || kind === 5) {
      const field = fieldOf(
        new Bits(buffer.subarray(lengthBytes + 1, Math.min(bytesRead, lengthBytes + length))),
        pictures,
      )
      if (field === null) return 'frame'
      fields.add(field)
      if (fields.size === 2) return 'both fields'
    }
    at += lengthBytes + length
  }
  return fields.size === 1 ? 'one field' : undefined
}

/** 0 for a slice of the upper field, 1 for one of the lower, null for one of a frame. */
function fieldOf(bits: Bits, { frameNumberBits, hasColourPlanes }: H264Pictures): number | null {
  bits.unsigned()
  bits.unsigned()
  bits.unsigned()
  if (hasColourPlanes) bits.read(2)
  bits.read(frameNumberBits)
  return bits.read(1) === 1 ? bits.read(1) : null
}
