import type { ByteReader } from '../stretch-reader.ts'
import { behind, chunkAt, listHeader } from './riff-chunks.ts'
import type { Chunk } from './riff-chunks.ts'

/** The parts of an AVI file that is one whole `RIFF`: its headers, where its packets lie, and the list of them. */
export interface AviParts {
  /** The chunks of the list `hdrl`. */
  readonly headers: Buffer
  /** Bytes from the beginning of the file: the first packet and the end of the last one. */
  readonly start: number
  readonly end: number
  /** The content of `idx1`. */
  readonly index: Buffer
}

const largestHeaders = 2 ** 20
const largestIndex = 2 ** 24

/**
 * The parts of a file of usual build; undefined where something is missing, comes twice or in another order, or where
 * more than filling follows. @param size bytes of the file. @throws RangeError where the bytes are no chunks.
 */
export async function aviParts(read: ByteReader, size: number): Promise<AviParts | undefined> {
  const whole = await chunkIn(read, 0)
  if (whole.id !== 'AVI ' || !whole.isList || whole.end > size) return undefined
  const found = new Map<string, Chunk>()
  for (let at = whole.start; at < size;) {
    const chunk = await chunkIn(read, at)
    // Behind the whole there may be filling.
    const isInside = chunk.end <= whole.end
    if (chunk.id === 'JUNK' && chunk.end <= size) {
      at = behind(chunk)
    } else if (isInside && isExpected(chunk, found)) {
      found.set(chunk.id, chunk)
      at = behind(chunk)
    } else {
      return undefined
    }
  }
  const [headers, movie, index] = [found.get('hdrl'), found.get('movi'), found.get('idx1')]
  if (!headers || !movie || !index) return undefined
  if (headers.end - headers.start > largestHeaders || index.end - index.start > largestIndex) return undefined
  return {
    headers: await read(headers.start, headers.end - headers.start),
    ...{ start: movie.start, end: movie.end },
    index: await read(index.start, index.end - index.start),
  }
}

/** Headers, words about the file, packets, and the list of these, in this order. */
function isExpected({ id, isList }: Chunk, found: ReadonlyMap<string, Chunk>): boolean {
  if (found.has(id)) return false
  if (id === 'hdrl') return isList && found.size === 0
  if (id === 'INFO') return isList && found.has('hdrl') && !found.has('movi')
  return id === 'movi' ? isList && found.has('hdrl') : id === 'idx1' && !isList && found.has('movi')
}

const chunkIn = async (read: ByteReader, at: number): Promise<Chunk> => chunkAt(await read(at, listHeader), at)

/** A packet: the stream it is of, its kind (`dc`, `db`, `wb`), and where its bytes lie in the file. */
export interface AviPacket {
  readonly stream: number
  readonly kind: string
  readonly position: number
  readonly size: number
  /** Marked in the list as one with which decoding can begin. */
  readonly isKey: boolean
}

const entryBytes = 16
const keyFlag = 0x10

/**
 * The packets one after another, each being in the list as well: a reader finds the same ones by either. Undefined
 * where the two differ. @throws RangeError where the bytes are no packets.
 */
export async function aviPackets(read: ByteReader, parts: AviParts): Promise<AviPacket[] | undefined> {
  const { start, end, index } = parts
  const packets: AviPacket[] = []
  let base: number | undefined
  for (let at = start; at < end;) {
    // The last packet may be shorter than a list's header is.
    const header = await read(at, listHeader)
    const { id, isList, ...place } = chunkAt(header, at)
    if (isList || place.end > end) return undefined
    if (id !== 'JUNK') {
      const kind = /^(\d\d)(dc|db|wb)$/.exec(id)
      const entry = index.subarray(entryBytes * packets.length, entryBytes * (packets.length + 1))
      if (!kind || entry.length < entryBytes || entry.toString('latin1', 0, 4) !== id) return undefined
      // Places are counted from the list of packets or from the beginning of the file.
      base ??= at - entry.readUInt32LE(8)
      const size = place.end - place.start
      if (
        (base !== 0 && base !== start - 4) ||
        entry.readUInt32LE(8) + base !== at ||
        entry.readUInt32LE(12) !== size
      ) {
        return undefined
      }
      const isKey = (entry.readUInt32LE(4) & keyFlag) !== 0
      packets.push({ stream: Number(kind[1]), kind: kind[2] ?? '', position: place.start, size, isKey })
    }
    at = behind({ id, isList, ...place })
  }
  return packets.length * entryBytes === index.length ? packets : undefined
}
