import type { FileHandle } from 'node:fs/promises'
import { openFile } from '../../storage/files/packed-file.ts'
import { isMatroska } from '../containers/container-kinds.ts'
import { matroskaInput, packetElement, streamHeader } from '../containers/matroska/matroska-writing.ts'
import { packetReader } from '../containers/packets/packet-reader.ts'
import { holdsStreamFormat, readStreamFormat } from '../containers/packets/read-stream-format.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { groupOf } from './sampling.ts'
import type { DecodeRun } from './sampling.ts'

/** How packets of a codec are made of network abstraction layer units, and what the units' headers say. */
interface Codec {
  readonly matroskaId: string
  /** A unit that is part of a picture. */
  readonly isPicture: (header: number) => boolean
  /** Other pictures refer to this one. */
  readonly isReference: (header: number) => boolean
  /**
   * Byte of the configuration record whose last two bits say how many bytes hold the length of a unit, less one.
   * ISO/IEC 14496-15.
   */
  readonly lengthSizeAt: number
  /** Temporal sub-layers, as the configuration record says. */
  readonly layers: (configuration: Uint8Array) => number
}

const codecs: Readonly<Record<string, Codec>> = {
  // Rec. ITU-T H.264, 7.3.1 and 7.4.1: nal_ref_idc is 0 in all slices of a picture that none refers to.
  h264: {
    matroskaId: 'V_MPEG4/ISO/AVC',
    isPicture: header => (header & 0x1f) >= 1 && (header & 0x1f) <= 5,
    isReference: header => (header & 0x60) !== 0,
    lengthSizeAt: 4,
    layers: () => 1,
  },
  // Rec. ITU-T H.265, table 7-1: types 0, 2, … 14 are pictures that no other of the same temporal sub-layer refers to.
  hevc: {
    matroskaId: 'V_MPEGH/ISO/HEVC',
    isPicture: header => ((header >> 1) & 0x3f) < 32,
    isReference: header => ((header >> 1) & 0x3f) > 14 || ((header >> 1) & 1) === 1,
    lengthSizeAt: 21,
    layers: configuration => ((configuration[21] ?? 0) >> 3) & 7,
  },
}

/** Times of the packets are moved by so many seconds, because Matroska knows none below zero. */
const shift = 1000

/** Every writing to a process has its price, whatever its length. */
const bytesAtOnce = 2 ** 18

/** ffmpeg's options for an input that is made of the packets of {@link neededPackets}. */
export const neededPacketsInput: readonly string[] = ['-itsoffset', String(-shift), ...matroskaInput]

/** Whether packets of such a video can be told to be of no use; only for these {@link neededPackets} may be asked. */
export function hasNeedlessPackets(info: MediaInfo, timeline: Timeline): boolean {
  // A turned picture is excluded because the turning is not handed on.
  return (
    info.codec in codecs &&
    holdsStreamFormat(info) &&
    info.rotation === 0 &&
    timeline.timed &&
    timeline.reordered &&
    !timeline.hidden &&
    timeline.packets !== undefined
  )
}

interface PacketsOfRun {
  readonly timeline: Timeline
  readonly run: DecodeRun
  readonly signal: AbortSignal | undefined
}

/**
 * The packets that decoding a run needs, as a Matroska stream: all but those of frames that are neither wanted nor
 * referred to by others, which in H.264 and H.265 is up to half of them. Decoders of ffmpeg can leave such frames out
 * only altogether, wanted or not (`-skip_frame noref`).
 * Where a file is not as expected the stream ends early: ffmpeg must then open the file itself for what is lacking.
 */
export async function* neededPackets(
  path: string,
  info: MediaInfo,
  { timeline, run, signal }: PacketsOfRun,
): AsyncGenerator<Buffer> {
  const codec = codecs[info.codec]
  const [{ packets }, [first]] = [timeline, run.frames]
  if (!codec || !packets || !first) return
  let file: FileHandle | undefined
  try {
    file = await openFile(path)
    const format = await readStreamFormat(file, info)
    if (!format) return
    let pieces: Uint8Array[] = [
      streamHeader(codec.matroskaId, format, { width: info.storedWidth, height: info.storedHeight }),
    ]
    let length = 0
    const isOfUse = usefulness(codec, format.configuration)
    const read = packetReader(file, isMatroska(info))
    const wanted = new Set(run.frames.map(({ time }) => time))
    const lacking = new Set(wanted)
    const key = timeline.keyframeTimes[groupOf(timeline, first)]
    for (
      let packet = run.fromStart
        ? 0
        : packets.times.findIndex((time, index) => packets.keys[index] === 1 && time === key);
      packet < packets.times.length && lacking.size > 0;
      packet += 1
    ) {
      signal?.throwIfAborted()
      const time = packets.times[packet] ?? 0
      lacking.delete(time)
      const bytes = await read(packets.positions[packet] ?? 0, packets.sizes[packet] ?? 0)
      const use = isOfUse(bytes)
      if (use === undefined) break
      if (!use && !wanted.has(time)) continue
      pieces.push(...packetElement(time + info.startTime + shift, packets.keys[packet] === 1, bytes))
      length += bytes.length
      if (length < bytesAtOnce) continue
      yield Buffer.concat(pieces)
      ;[pieces, length] = [[], 0]
    }
    yield Buffer.concat(pieces)
  } catch {
    // What is wrong with the file ffmpeg will say.
    signal?.throwIfAborted()
  } finally {
    await file?.close()
  }
}

/**
 * Tells whether a packet is referred to by others: false when all its units that hold a picture say no; undefined when
 * its bytes are not units.
 */
function usefulness(
  { isPicture, isReference, lengthSizeAt, layers }: Codec,
  configuration: Uint8Array,
): (packet: Uint8Array) => boolean | undefined {
  // In H.265 a higher temporal sub-layer may refer to what its own does not; with one layer nothing does.
  const tells = layers(configuration) === 1
  const lengthBytes = ((configuration[lengthSizeAt] ?? 0) & 3) + 1
  return packet => {
    let [pictures, references, at] = [0, 0, 0]
    while (at < packet.length) {
      let length = 0
      for (const end = at + lengthBytes; at < end; at += 1) length = length * 256 + (packet[at] ?? 0)
      const header = packet[at] ?? 0
      if (isPicture(header)) {
        pictures += 1
        if (isReference(header)) references += 1
      }
      at += length
    }
    if (packet.length === 0 || at !== packet.length) return undefined
    return !tells || pictures === 0 || references > 0
  }
}
