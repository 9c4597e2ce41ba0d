import type { FileHandle } from 'node:fs/promises'
import { lengthOfNumber } from '../matroska/ebml.ts'
import { stretchReader } from '../stretch-reader.ts'
import type { ByteReader } from '../stretch-reader.ts'

const stretchBytes = 2 ** 20
/** The longest header of a Matroska block. */
const blockHeader = 11

/**
 * Reads packets one after the other, in long stretches of the file. Shorter than asked at the end of the file.
 * @param inBlocks the places are those of Matroska's blocks, as ffprobe tells them, rather than of the packets in them.
 */
export function packetReader(file: FileHandle, inBlocks: boolean): ByteReader {
  const bytes = stretchReader(file, stretchBytes)
  if (!inBlocks) return bytes
  return async (position, size) => {
    const block = await bytes(position, size + blockHeader)
    const header = headerLength(block[0])
    return block.subarray(header, header + size)
  }
}

/** Before the packet a block of Matroska holds the number of the track, two bytes of time and one of flags. */
const headerLength = (first: number | undefined): number => lengthOfNumber(first) + 3

/** Bytes from the place of a Matroska block, as ffprobe tells it, to the packet in it. */
export function blockHeaderOf(file: FileHandle): (position: number) => Promise<number> {
  const first = Buffer.alloc(1)
  return async position => {
    const { bytesRead } = await file.read(first, 0, 1, position)
    return headerLength(bytesRead === 1 ? first[0] : undefined)
  }
}
