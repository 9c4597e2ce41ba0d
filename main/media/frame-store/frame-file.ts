import { open, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { unfinishedMark } from '../../storage/files/left-overs.ts'

/**
 * Decoded frames of one size in one file: 12 bytes of name of the format, length and checksum of the header; the header
 * as JSON; the frames, RGB bytes, one after the other. Every frame has a checksum of its own, so that a few can be read
 * without the others.
 */
const header = z.object({
  /** Bytes of a frame. */
  size: z.number().int().positive(),
  /** Seconds from the video's beginning of each frame, as it was delivered. */
  times: z.array(z.number()),
  checksums: z.array(z.number().int()),
})

const magic = Buffer.from('LFF1')
const prefixBytes = 12
/** A header is some 30 bytes a frame; no part of a video has a million. */
const longestHeader = 2 ** 25

/** What part files that a crash left behind are known by. */
export const partName = /^\..*\.part$/

export interface FrameSequence {
  readonly frames: Uint8Array
  readonly times: readonly number[]
}

/**
 * Writes frames so that a reader, or a crash at any moment, sees all or nothing. Nothing is forced onto the disk: what
 * a power failure leaves half written its checksums tell.
 * @throws the error of the file system.
 */
export async function writeFrameFile(folder: string, name: string, { frames, times }: FrameSequence): Promise<void> {
  const size = frames.length / times.length
  const checksums = times.map((_, frame) => crc32(frames.subarray(frame * size, (frame + 1) * size)))
  const text = Buffer.from(JSON.stringify({ size, times: [...times], checksums } satisfies z.infer<typeof header>))
  const prefix = Buffer.alloc(prefixBytes)
  magic.copy(prefix)
  prefix.writeUInt32LE(text.length, 4)
  prefix.writeUInt32LE(crc32(text), 8)
  const beside = `${folder}/.${unfinishedMark()}.part`
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writev([prefix, text, frames])
      // A full disk takes a part of what is written without a word.
      if ((await file.stat()).size !== prefixBytes + text.length + frames.length) {
        throw Object.assign(new Error(`ENOSPC: ${beside} was not written whole`), { code: 'ENOSPC' })
      }
    } finally {
      await file.close()
    }
    await rename(beside, `${folder}/${name}`)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
}

/**
 * Frames of a file, in the order of `positions`.
 * @param size bytes that a frame must have. @returns null where the file is damaged or holds something else. @throws
 * when there is none.
 */
export async function readFrameFile(
  path: string,
  size: number,
  positions: readonly number[],
): Promise<FrameSequence | null> {
  const file = await open(path, 'r')
  try {
    const exactly = async (target: Uint8Array, position: number): Promise<boolean> =>
      (await file.read(target, 0, target.length, position)).bytesRead === target.length
    const prefix = Buffer.alloc(prefixBytes)
    if (!(await exactly(prefix, 0)) || !prefix.subarray(0, 4).equals(magic)) return null
    const length = prefix.readUInt32LE(4)
    const text = Buffer.alloc(Math.min(length, longestHeader))
    if (!(await exactly(text, prefixBytes)) || crc32(text) !== prefix.readUInt32LE(8)) return null
    const found = header.parse(JSON.parse(text.toString('utf8')))
    if (found.size !== size) return null
    const frames = new Uint8Array(positions.length * size)
    const times: number[] = []
    for (const { from, to, position } of stretches(positions)) {
      const part = frames.subarray(from * size, to * size)
      if (!(await exactly(part, prefixBytes + length + position * size))) return null
      for (let frame = from; frame < to; frame += 1) {
        const time = found.times[position + frame - from]
        if (
          time === undefined ||
          crc32(frames.subarray(frame * size, (frame + 1) * size)) !== found.checksums[position + frame - from]
        ) {
          return null
        }
        times.push(time)
      }
    }
    return { frames, times }
  } finally {
    await file.close()
  }
}

/** Positions that follow each other are read at once: `from` to `to` of the asked ones begin at `position`. */
function stretches(positions: readonly number[]): { from: number; to: number; position: number }[] {
  const found: { from: number; to: number; position: number }[] = []
  for (const [place, position] of positions.entries()) {
    const last = found.at(-1)
    if (last && position === last.position + last.to - last.from) last.to += 1
    else found.push({ from: place, to: place + 1, position })
  }
  return found
}
