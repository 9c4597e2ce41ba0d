import type { FileHandle } from 'node:fs/promises'

/** Reads so many bytes of a file from a place on; fewer at its end. */
export type ByteReader = (position: number, size: number) => Promise<Buffer>

/** Reads what lies near what was read before from memory. @param stretch bytes that are read at once. */
export function stretchReader(file: FileHandle, stretch: number): ByteReader {
  let [held, begin] = [Buffer.alloc(0), 0]
  return async (position, size) => {
    if (position < begin || position + size > begin + held.length) {
      const length = Math.max(size, stretch)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
      ;[held, begin] = [buffer.subarray(0, bytesRead), position]
    }
    return held.subarray(position - begin, position - begin + size)
  }
}
