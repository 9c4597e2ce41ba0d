/** A chunk of a RIFF file. Bytes from the beginning of what was read: where its content lies, without filling. */
export interface Chunk {
  /** Four characters; of a list, those that name what it lists. */
  readonly id: string
  readonly isList: boolean
  readonly start: number
  readonly end: number
}

/** Bytes of the header of a chunk: its name and size; a list has its kind behind. */
const chunkHeader = 8
export const listHeader = 12

/** The chunk whose header begins with these bytes, which lie at a place. @throws RangeError where there are too few. */
export function chunkAt(bytes: Buffer, at: number): Chunk {
  const id = bytes.toString('latin1', 0, 4)
  const isList = id === 'LIST' || id === 'RIFF'
  const size = bytes.readUInt32LE(4)
  if (isList && size < 4) throw new RangeError(`a list without a kind at byte ${at}`)
  const end = at + chunkHeader + size
  if (!isList) return { id, isList, start: at + chunkHeader, end }
  return { id: bytes.toString('latin1', 8, 12), isList, start: at + listHeader, end }
}

/** Where the chunk behind one begins: contents of odd length are filled with a byte. */
export const behind = ({ start, end }: Chunk): number => end + ((end - start) & 1)

/** The chunks that follow one another. @throws RangeError where the last one is cut off. */
export function chunks(bytes: Buffer): (Chunk & { readonly content: Buffer })[] {
  const found: (Chunk & { readonly content: Buffer })[] = []
  for (let at = 0; at < bytes.length;) {
    const chunk = chunkAt(bytes.subarray(at), at)
    if (chunk.end > bytes.length) throw new RangeError(`the chunk at byte ${at} is cut off`)
    found.push({ ...chunk, content: bytes.subarray(chunk.start, chunk.end) })
    at = behind(chunk)
  }
  return found
}
