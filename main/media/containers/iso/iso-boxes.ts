import type { FileHandle } from 'node:fs/promises'

/** A movie's index takes a few hundred bytes a second. */
const largestIndex = 2 ** 28

/** The index, the box `moov`, of an MP4 or QuickTime file; empty where there is none or too large a one. */
export async function readIndex(file: FileHandle): Promise<Buffer> {
  const read = async (position: number, length: number): Promise<Buffer> => {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  }
  for (let position = 0; ;) {
    const header = await read(position, 16)
    if (header.length < 8) return Buffer.alloc(0)
    const short = header.readUInt32BE(0)
    const size = short === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : short
    if (size < 8 || size > Number.MAX_SAFE_INTEGER) return Buffer.alloc(0)
    if (header.toString('latin1', 4, 8) === 'moov') {
      return size <= largestIndex ? read(position + 8, size - 8) : Buffer.alloc(0)
    }
    position += size
  }
}

export interface Box {
  readonly type: string
  readonly content: Buffer
}

/** The boxes that follow one another; one that is cut off ends them. */
export function boxes(bytes: Buffer | undefined): Box[] {
  const found: Box[] = []
  for (let rest = bytes; rest && rest.length >= 8;) {
    const size = rest.readUInt32BE(0)
    if (size < 8 || size > rest.length) break
    found.push({ type: rest.toString('latin1', 4, 8), content: rest.subarray(8, size) })
    rest = rest.subarray(size)
  }
  return found
}

/** The first box at a path of types; undefined where there is none. */
export function box(bytes: Buffer | undefined, ...path: readonly string[]): Buffer | undefined {
  return path.reduce((inside, wanted) => boxes(inside).find(({ type }) => type === wanted)?.content, bytes)
}
