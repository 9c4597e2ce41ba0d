import type { FileHandle } from 'node:fs/promises'
import { usualSize } from '../../containers/codecs/usual-pictures.ts'
import { sizedHead } from '../../containers/codecs/vp-frames.ts'
import { children, elementIds, numberOf, onlyChild } from '../../containers/matroska/ebml.ts'
import { blocksOf } from '../../containers/matroska/matroska-blocks.ts'
import type { Block } from '../../containers/matroska/matroska-blocks.ts'
import { matroskaParts } from '../../containers/matroska/matroska-parts.ts'
import type { MatroskaParts } from '../../containers/matroska/matroska-parts.ts'
import { Packets } from '../../containers/packets/packets.ts'
import { stretchReader } from '../../containers/stretch-reader.ts'
import type { ByteReader } from '../../containers/stretch-reader.ts'
import { clockFault } from '../../timeline/clock.ts'
import type { ProbedStream } from '../ffprobe/probe-output.ts'
import type { ProbedFile } from '../ffprobe/probed-packets.ts'
import { describeTrack, inOrder } from './matroska-tracks.ts'
import type { MatroskaTrack } from './matroska-tracks.ts'

/** Headers of blocks lie a few hundred bytes apart, or many thousands. */
const stretchBytes = 2 ** 16
/** At the beginning of a large file: pictures that tell which comes first, and bytes within which sound begins. */
const firstPictures = 64
const firstBytes = 2 ** 23
const nanoseconds = 1e9

/**
 * What ffprobe would say of a Matroska or WebM file of the usual kind: one track of pictures that says how long each is
 * shown, sound, and subtitles. Undefined for all others.
 * @param whole with all packets, whose headers are then read from beginning to end; else those at the beginning are
 * looked at.
 */
export async function listedMatroska(file: FileHandle, { whole }: { whole: boolean }): Promise<ProbedFile | undefined> {
  try {
    const { size } = await file.stat()
    const read = stretchReader(file, stretchBytes)
    const parts = await matroskaParts(read, size)
    return parts && (await describe(read, parts, { whole }))
  } catch (error) {
    // An element is shorter than it says, or is none.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function describe(
  read: ByteReader,
  parts: MatroskaParts,
  { whole }: { whole: boolean },
): Promise<ProbedFile | undefined> {
  const scale = numberOf(onlyChild(parts.info, elementIds.TimestampScale)) ?? 1e6
  const entries = children(parts.tracks).filter(({ id }) => id === elementIds.TrackEntry)
  const tracks = entries.map(({ content }, index) => describeTrack(content, { index, scale, tags: parts.tags }))
  if (parts.hasAttachments || scale === 0 || !tracks.every(track => track !== undefined)) return undefined
  if (new Set(tracks.map(({ number }) => number)).size < tracks.length) return undefined
  const [film, ...others] = tracks.filter(({ stream }) => stream.codec_type === 'video')
  if (!film || others.length > 0) return undefined
  const begun = await beginnings(read, parts, { tracks, film, whole, scale })
  const first = begun && (await firstPacket(read, begun.firstBlock))
  const size = first && usualSize(film.codec, { configuration: film.configuration, first })
  if (!begun || size?.width !== film.stream.width || size?.height !== film.stream.height) return undefined
  const { starts, packets } = begun
  const ofStream = ({ number, stream }: MatroskaTrack): ProbedStream => ({
    ...stream,
    start_time: secondsOf(starts.get(number) ?? 0, scale).toFixed(6),
  })
  const played = tracks.filter(({ stream }) => stream.codec_type !== 'subtitle')
  const start = Math.min(...played.map(({ number }) => starts.get(number) ?? Infinity))
  // A subtitle that begins before them would count as well.
  if (played.length < tracks.length && start > 0) return undefined
  const lasts = floatOf(onlyChild(parts.info, elementIds.Duration))
  const format = {
    format_name: 'matroska,webm',
    start_time: secondsOf(start, scale).toFixed(6),
    ...(lasts > 0 && { duration: (Math.trunc((lasts * scale) / 1000) / 1e6).toFixed(6) }),
  }
  const all = whole ? new Map([[film.stream.index, packets]]) : undefined
  return { probed: { format, streams: tracks.map(ofStream) }, packets: all }
}

interface Beginnings {
  /** Ticks at which each track begins, by its number. */
  readonly starts: ReadonlyMap<number, number>
  readonly firstBlock: Block
  /** Those of the film that were looked at. */
  readonly packets: Packets
}

async function beginnings(
  read: ByteReader,
  { clusters, end }: MatroskaParts,
  {
    tracks,
    film,
    whole,
    scale,
  }: {
    readonly tracks: readonly MatroskaTrack[]
    readonly film: MatroskaTrack
    readonly whole: boolean
    readonly scale: number
  },
): Promise<Beginnings | undefined> {
  const byNumber = new Map(tracks.map(track => [track.number, track]))
  const played = tracks.filter(({ stream }) => stream.codec_type !== 'subtitle').length
  const starts = new Map<number, number>()
  const packets = new Packets()
  let begun = 0
  let firstBlock: Block | undefined
  for await (const block of blocksOf(read, { from: clusters, end })) {
    const track = byNumber.get(block.track)
    if (!track) return undefined
    if (!starts.has(block.track)) {
      starts.set(block.track, block.time - track.delay)
      if (track.stream.codec_type !== 'subtitle') begun += 1
    }
    if (track !== film) {
      if (!whole && begun < played && block.position > clusters + firstBytes) return undefined
      continue
    }
    firstBlock ??= block
    const isUsual = !block.isLaced && !block.isCut && block.time >= firstBlock.time && firstBlock.isKey
    if (!isUsual || block.time < 0) return undefined
    const time = Math.round(secondsOf(block.time, scale) * 1e6) / 1e6
    packets.add({
      time,
      decoded: inOrder.has(film.codec) ? time : NaN,
      duration: secondsOf(block.duration ?? film.lasts, scale),
      position: block.position,
      size: block.size,
      isKey: block.isKey,
      isShown: true,
    })
    if (!whole && begun === played && packets.count >= firstPictures) break
  }
  if (!firstBlock || begun < played || packets.count < 2 || isUnclear(packets, film)) return undefined
  return { starts, firstBlock, packets }
}

/** Where pictures are stored in another order than they are shown, their times alone do not tell what went wrong. */
function isUnclear(packets: Packets, film: MatroskaTrack): boolean {
  return !inOrder.has(film.codec) && clockFault(packets, { container: 'matroska,webm' }) !== undefined
}

const firstPacket = (read: ByteReader, { position, header, size }: Block): Promise<Buffer> =>
  read(position + header, Math.min(sizedHead, size))

const secondsOf = (ticks: number, scale: number): number => (ticks * scale) / nanoseconds

function floatOf(bytes: Buffer | undefined): number {
  if (bytes?.length === 4) return bytes.readFloatBE(0)
  return bytes?.length === 8 ? bytes.readDoubleBE(0) : 0
}
