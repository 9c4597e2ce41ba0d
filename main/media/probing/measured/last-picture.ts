import { openFile } from '../../../storage/files/packed-file.ts'
import { isMatroska } from '../../containers/container-kinds.ts'
import { child, children, elementIds, numberOf, onlyChild } from '../../containers/matroska/ebml.ts'
import { blocksOf } from '../../containers/matroska/matroska-blocks.ts'
import { contentOf, elementAt, matroskaParts } from '../../containers/matroska/matroska-parts.ts'
import type { MatroskaParts } from '../../containers/matroska/matroska-parts.ts'
import { readPackets } from '../../containers/packets/packets.ts'
import { stretchReader } from '../../containers/stretch-reader.ts'
import type { ByteReader } from '../../containers/stretch-reader.ts'
import type { MediaInfo } from '../../media-info.ts'
import { measure } from './measured-packets.ts'

/** Seconds before the announced end from which a file is read: a film has a keyframe in them. */
const tailSeconds = 20
/** A cluster begins with its time; what it holds is passed over. */
const stretchBytes = 2 ** 12
const nanoseconds = 1e9

/**
 * When the last picture of a file has been shown, seconds as the container counts, from its tail: of Matroska by its
 * clusters, of others by the packets near the announced end. Undefined where there are none.
 */
export async function endOfPictures(path: string, info: MediaInfo, signal?: AbortSignal): Promise<number | undefined> {
  const end = isMatroska(info) ? await endByClusters(path, info) : undefined
  if (end !== undefined) return end
  const from = Math.max(0, info.startTime + info.firstFrameTime + info.duration - tailSeconds)
  const found = measure(await readPackets(path, info, { from, signal }), info)
  return found?.firstTime === undefined ? undefined : found.firstTime + found.duration
}

async function endByClusters(path: string, info: MediaInfo): Promise<number | undefined> {
  const file = await openFile(path)
  try {
    const read = stretchReader(file, stretchBytes)
    const parts = await matroskaParts(read, (await file.stat()).size, { isCut: true })
    return parts && (await endOfTrack(read, parts, info))
  } catch (error) {
    // An element is shorter than it says, or is none.
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    await file.close()
  }
}

async function endOfTrack(read: ByteReader, parts: MatroskaParts, info: MediaInfo): Promise<number | undefined> {
  const entries = children(parts.tracks).filter(({ id }) => id === elementIds.TrackEntry)
  const track = entries[info.stream ?? -1]?.content
  const number = numberOf(onlyChild(track, elementIds.TrackNumber))
  if (number === undefined || onlyChild(track, elementIds.TrackTimestampScale)) return undefined
  const scale = numberOf(onlyChild(parts.info, elementIds.TimestampScale)) ?? 1e6
  const lasts = (numberOf(onlyChild(track, elementIds.DefaultDuration)) ?? nanoseconds / info.frameRate) / scale
  const described = { number, lasts, end: parts.end }
  const cue = await lastCue(read, parts)
  const ticks =
    (cue === undefined ? undefined : await lastTick(read, cue, described)) ??
    (await lastTick(read, parts.clusters, described))
  return ticks === undefined ? undefined : (ticks * scale) / nanoseconds
}

/** Where the last cluster begins that the list of clusters names; undefined where there is no such cluster. */
async function lastCue(read: ByteReader, { cues, start, clusters, end }: MatroskaParts): Promise<number | undefined> {
  if (!cues || cues.end > end) return undefined
  const points = children(await contentOf(read, cues)).filter(({ id }) => id === elementIds.CuePoint)
  const positions = points
    .flatMap(({ content }) => children(content).filter(({ id }) => id === elementIds.CueTrackPositions))
    .map(({ content }) => start + (numberOf(child(content, elementIds.CueClusterPosition)) ?? -Infinity))
  const last = positions.reduce((most, position) => Math.max(most, position), -Infinity)
  if (last < clusters || last >= end) return undefined
  return (await elementAt(read, last)).id === elementIds.Cluster ? last : undefined
}

/** When the last picture of a track ends, in ticks, among the clusters from one on; undefined where there is none. */
async function lastTick(
  read: ByteReader,
  from: number,
  { number, lasts, end }: { readonly number: number; readonly lasts: number; readonly end: number },
): Promise<number | undefined> {
  const clusters = await clustersOf(read, { clusters: from, end })
  let [last, looked] = [-Infinity, 0]
  // Pictures of one cluster may be shown after some of the next.
  for (let place = clusters.length - 1; place >= 0 && looked < 2; place -= 1) {
    const cluster = clusters[place]
    if (!cluster) break
    for await (const block of blocksOf(read, { ...cluster, isCut: true })) {
      if (block.track === number) last = Math.max(last, block.time + (block.duration ?? lasts))
    }
    if (last > -Infinity) looked += 1
  }
  return last > -Infinity ? last : undefined
}

/**
 * Where the clusters from one on begin and end, in bytes; the last one may be cut off. @throws RangeError where one has
 * no end.
 */
async function clustersOf(
  read: ByteReader,
  { clusters, end }: Pick<MatroskaParts, 'clusters' | 'end'>,
): Promise<{ from: number; end: number }[]> {
  const found: { from: number; end: number }[] = []
  for (let at = clusters; at < end;) {
    const element = await elementAt(read, at).catch(() => undefined)
    if (!element) break
    if (element.end === Infinity) throw new RangeError(`the element at byte ${at} has no end`)
    if (element.id === elementIds.Cluster) found.push({ from: at, end: Math.min(end, element.end) })
    at = element.end
  }
  return found
}
