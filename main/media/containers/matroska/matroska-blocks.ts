import type { ByteReader } from '../stretch-reader.ts'
import { elementIds, lengthOfNumber, longestHeader, numberOf } from './ebml.ts'
import { elementAt } from './matroska-parts.ts'

/** One packet of Matroska. Times in the ticks of the file. */
export interface Block {
  /** The number that the track has in blocks. */
  readonly track: number
  readonly time: number
  /** Undefined where the track tells of all. */
  readonly duration: number | undefined
  readonly isKey: boolean
  /** Several packets share the block. */
  readonly isLaced: boolean
  /** Its last samples are to be thrown away. */
  readonly isCut: boolean
  /** Bytes: where the block begins, the length of its own header, and the size of the packet behind that. */
  readonly position: number
  readonly header: number
  readonly size: number
}

const passedOver = new Set<number>([
  ...[elementIds.Void, elementIds['CRC-32'], elementIds.Position, elementIds.PrevSize],
])
const betweenClusters = new Set<number>([
  ...[elementIds.Void, elementIds['CRC-32'], elementIds.Cues, elementIds.Tags],
  ...[elementIds.Chapters, elementIds.Attachments, elementIds.SeekHead],
])

/**
 * The packets of all tracks as they follow one another, without their bytes being read.
 * @param from the first cluster. @param end of the segment, in bytes. @param isCut what is cut off there ends it.
 * @throws RangeError where the bytes are no clusters of blocks, or a cluster is cut off or of unknown size.
 */
export async function* blocksOf(
  read: ByteReader,
  { from, end, isCut = false }: { readonly from: number; readonly end: number; readonly isCut?: boolean },
): AsyncGenerator<Block, void> {
  for (let at = from; at < end;) {
    const cluster = await elementAt(read, at)
    if (cluster.end > end && !isCut) throw new RangeError(`the element at byte ${at} has no end`)
    if (cluster.id === elementIds.Cluster) {
      yield* blocksOfCluster(read, { start: cluster.start, end: Math.min(cluster.end, end), isCut })
    } else if (!betweenClusters.has(cluster.id)) {
      throw new RangeError(`something else than a cluster at byte ${at}`)
    }
    at = cluster.end
  }
}

async function* blocksOfCluster(
  read: ByteReader,
  { start, end, isCut }: { readonly start: number; readonly end: number; readonly isCut: boolean },
): AsyncGenerator<Block, void> {
  let begin: number | undefined
  for (let at = start; at < end;) {
    if (isCut && at + longestHeader > end) return
    const element = await elementAt(read, at)
    if (element.end > end && isCut) return
    if (element.end > end) throw new RangeError(`the element at byte ${at} is longer than its cluster`)
    if (element.id === elementIds.Timestamp) begin = numberOf(await read(element.start, element.end - element.start))
    else if (element.id === elementIds.SimpleBlock) yield blockIn(begin, element, await head(read, element))
    else if (element.id === elementIds.BlockGroup) yield await blockOfGroup(read, begin, element)
    else if (!passedOver.has(element.id)) throw new RangeError(`something else than a block at byte ${at}`)
    at = element.end
  }
}

interface Place {
  readonly start: number
  readonly end: number
}

/** The longest header of a block: a track, two bytes of time, and flags. */
const head = (read: ByteReader, { start, end }: Place): Promise<Buffer> => read(start, Math.min(11, end - start))

function blockIn(begin: number | undefined, { start, end }: Place, bytes: Buffer): Block {
  const length = lengthOfNumber(bytes[0])
  if (begin === undefined || length > 4) throw new RangeError(`a block of no track or no time at byte ${start}`)
  const flags = bytes.readUInt8(length + 2)
  return {
    track: bytes.readUIntBE(0, length) - 2 ** (7 * length),
    time: begin + bytes.readInt16BE(length),
    duration: undefined,
    isKey: (flags & 0x80) !== 0,
    isLaced: (flags & 0x06) !== 0,
    isCut: false,
    position: start,
    header: length + 3,
    size: end - start - length - 3,
  }
}

async function blockOfGroup(read: ByteReader, begin: number | undefined, { start, end }: Place): Promise<Block> {
  let block: Block | undefined
  let [duration, isKey, isCut]: [number | undefined, boolean, boolean] = [undefined, true, false]
  for (let at = start; at < end;) {
    const element = await elementAt(read, at)
    if (element.end > end) throw new RangeError(`the element at byte ${at} is longer than its group`)
    if (element.id === elementIds.Block) {
      if (block) throw new RangeError(`two blocks in the group at byte ${start}`)
      block = blockIn(begin, element, await head(read, element))
    } else if (element.id === elementIds.BlockDuration) {
      duration = numberOf(await read(element.start, element.end - element.start))
    }
    if (element.id === elementIds.ReferenceBlock) isKey = false
    if (element.id === elementIds.DiscardPadding) isCut = true
    at = element.end
  }
  if (!block) throw new RangeError(`no block in the group at byte ${start}`)
  return { ...block, duration, isKey, isCut }
}
