import type { ByteReader } from '../stretch-reader.ts'
import { child, children, elementHeader, elementIds, longestHeader, numberOf } from './ebml.ts'

/** What a Matroska file says of itself beside its pictures. */
export interface MatroskaParts {
  /** The contents of these elements. */
  readonly info: Buffer
  readonly tracks: Buffer
  readonly tags: readonly Buffer[]
  /** Each attachment is a stream of its own for ffmpeg. */
  readonly hasAttachments: boolean
  /** Bytes from the beginning of the file: the first cluster, and the end of the segment. */
  readonly clusters: number
  readonly end: number
  /** From where places in the segment are counted, and the list of clusters at which decoding can begin. */
  readonly start: number
  readonly cues: Place | undefined
}

/** Tables and tags of a film take a few kilobytes. */
const largestPart = 2 ** 24
/** Elements before the first cluster, and places in the list of them, that are looked at. */
const mostElements = 200

const passedOver = new Set<number>([elementIds.Void, elementIds['CRC-32'], elementIds.Cues, elementIds.Chapters])

/** The content of an element, as bytes from the beginning of the file; a segment may be of unknown size. */
export interface Place {
  readonly id: number
  readonly start: number
  readonly end: number
}

/**
 * The parts of a file that is one whole segment of clusters; undefined for others: where it is cut off, or something
 * is said twice or after the pictures without being listed before them.
 * @param size bytes of the file. @param options `isCut`: the file may end before the segment does.
 * @throws RangeError where the bytes are no elements.
 */
export async function matroskaParts(
  read: ByteReader,
  size: number,
  { isCut = false } = {},
): Promise<MatroskaParts | undefined> {
  const header = await elementAt(read, 0)
  if (header.id !== elementIds.EBML || header.end - header.start > largestPart) return undefined
  const kind = child(await contentOf(read, header), elementIds.DocType)?.toString('latin1')
  if (kind !== 'matroska' && kind !== 'webm') return undefined
  const segment = await elementAt(read, header.end)
  if (segment.id !== elementIds.Segment) return undefined
  const end = Number.isFinite(segment.end) && !(isCut && segment.end > size) ? segment.end : size
  if (!isCut && !(await endsThere(read, { end, size }))) return undefined
  const before = new Map<number, Place[]>()
  let at = segment.start
  for (let count = 0; ; count += 1) {
    const element = await elementAt(read, at)
    if (element.id === elementIds.Cluster) break
    if (element.end > end || count > mostElements) return undefined
    before.set(element.id, [...(before.get(element.id) ?? []), element])
    at = element.end
  }
  const places = await listedPlaces(read, before.get(elementIds.SeekHead) ?? [], {
    start: segment.start,
    end: isCut ? end : Infinity,
  })
  return (
    places &&
    collect(read, {
      ...{ before, behind: places.filter(place => place.start > at) },
      ...{ clusters: at, end, start: segment.start },
    })
  )
}

/** Whether nothing but filling follows the segment. */
async function endsThere(read: ByteReader, { end, size }: { end: number; size: number }): Promise<boolean> {
  let at = end
  while (at < size) {
    const element = await elementAt(read, at)
    if (element.id !== elementIds.Void) return false
    at = element.end
  }
  return at === size
}

/** The elements that the list of places names; undefined where one is not there. */
async function listedPlaces(
  read: ByteReader,
  lists: readonly Place[],
  segment: { readonly start: number; readonly end: number },
): Promise<Place[] | undefined> {
  const found: Place[] = []
  for (const list of lists) {
    if (list.end - list.start > largestPart) return undefined
    for (const { id, content } of children(await contentOf(read, list))) {
      if (id !== elementIds.Seek) continue
      const wanted = numberOf(child(content, elementIds.SeekID))
      const position = numberOf(child(content, elementIds.SeekPosition))
      if (position === undefined || found.length > mostElements) return undefined
      if (segment.start + position >= segment.end) continue
      const element = await elementAt(read, segment.start + position)
      if (element.end > segment.end) continue
      if (element.id !== wanted) return undefined
      found.push(element)
    }
  }
  return found
}

async function collect(
  read: ByteReader,
  found: {
    readonly before: ReadonlyMap<number, readonly Place[]>
    readonly behind: readonly Place[]
    readonly clusters: number
    readonly end: number
    readonly start: number
  },
): Promise<MatroskaParts | undefined> {
  const { before, behind, clusters, end, start: begin } = found
  const known = new Set<number>([
    ...passedOver,
    ...[elementIds.SeekHead, elementIds.Info, elementIds.Tracks, elementIds.Tags, elementIds.Attachments],
  ])
  const late = new Set<number>([...passedOver, elementIds.Cluster, elementIds.Tags, elementIds.Attachments])
  if ([...before.keys()].some(id => !known.has(id)) || behind.some(({ id }) => !late.has(id))) return undefined
  const [info, tracks] = [before.get(elementIds.Info), before.get(elementIds.Tracks)]
  const tags = [...(before.get(elementIds.Tags) ?? []), ...behind.filter(({ id }) => id === elementIds.Tags)]
  if (info?.length !== 1 || tracks?.length !== 1) return undefined
  const read1 = [...info, ...tracks, ...tags]
  if (read1.some(({ start, end: ends }) => ends - start > largestPart || ends > end)) return undefined
  const [first, second, ...others] = await Promise.all(read1.map(place => contentOf(read, place)))
  if (!first || !second) return undefined
  return {
    info: first,
    tracks: second,
    tags: others,
    hasAttachments: before.has(elementIds.Attachments) || behind.some(({ id }) => id === elementIds.Attachments),
    clusters,
    end,
    start: begin,
    cues: before.get(elementIds.Cues)?.[0] ?? behind.find(({ id }) => id === elementIds.Cues),
  }
}

/** @throws RangeError where no element begins. */
export async function elementAt(read: ByteReader, position: number): Promise<Place> {
  const header = elementHeader(await read(position, longestHeader))
  if (!header) throw new RangeError(`no element begins at byte ${position}`)
  const start = position + header.length
  return { id: header.id, start, end: start + header.size }
}

export async function contentOf(read: ByteReader, { start, end }: Place): Promise<Buffer> {
  return read(start, end - start)
}
