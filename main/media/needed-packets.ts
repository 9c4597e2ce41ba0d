import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { runChildProcess } from './child-process.ts'
import { findExecutable } from './executables.ts'
import { VIDEO_STREAM } from './input.ts'
import type { MediaInfo } from './media-info.ts'
import { lastAtOrBefore } from './sampling.ts'
import type { DecodeRun } from './sampling.ts'
import type { Timeline } from './timeline.ts'

/** How a codec says, in the header of a network abstraction layer unit, that it is part of a picture and whether other pictures refer to that. */
interface UnitHeader {
  readonly isPicture: (header: number) => boolean
  readonly isReference: (header: number) => boolean
}

const UNIT_HEADERS: Readonly<Record<string, UnitHeader>> = {
  // Rec. ITU-T H.264, 7.3.1 and 7.4.1: nal_ref_idc is 0 in all slices of a picture that none refers to.
  h264: {
    isPicture: (header) => (header & 0x1f) >= 1 && (header & 0x1f) <= 5,
    isReference: (header) => (header & 0x60) !== 0,
  },
  // Rec. ITU-T H.265, table 7-1: types 0, 2, … 14 are pictures that no other of the same temporal sub-layer refers to.
  hevc: {
    isPicture: (header) => ((header >> 1) & 0x3f) < 32,
    isReference: (header) => ((header >> 1) & 0x3f) > 14 || ((header >> 1) & 1) === 1,
  },
}

/** Timestamps of the packets are moved by so many seconds, because the fragments that carry them know none below zero. */
const SHIFT = 1000

/** ffmpeg's options for an input that is made of the packets of {@link neededPackets}. */
export const NEEDED_PACKETS_INPUT: readonly string[] = ['-protocol_whitelist', 'pipe', '-f', 'mov', '-itsoffset', String(-SHIFT), '-i', 'pipe:0']

/** Whether packets of such a video can be told to be of no use; only for these {@link neededPackets} may be asked. */
export function hasNeedlessPackets(info: MediaInfo, timeline: Timeline): boolean {
  // A turned picture is excluded because not every ffmpeg hands on the turning.
  return info.codec in UNIT_HEADERS && info.rotation === 0 && timeline.complete && timeline.timed && timeline.reordered && !timeline.hidden
}

/**
 * The packets that decoding a run needs, as a stream of fragmented MP4: all but those of frames that are neither wanted nor
 * referred to by others, which in H.264 and H.265 is up to half of them. Decoders of ffmpeg can leave such frames out only
 * altogether, wanted or not (`-skip_frame noref`).
 * @param inputOptions ffmpeg's options that open the video and seek to the run.
 */
export async function* neededPackets(inputOptions: readonly string[], info: MediaInfo, run: DecodeRun, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const left = new AbortController()
  const ended = signal ? AbortSignal.any([signal, left.signal]) : left.signal
  const copy = new PassThrough()
  const copying = runChildProcess(await findExecutable('ffmpeg'), [
    '-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts', ...inputOptions, '-map', `0:${VIDEO_STREAM}`, '-map_metadata', '-1', '-c', 'copy',
    '-f', 'mp4', '-movflags', 'empty_moov+default_base_moof+frag_every_frame+frag_discont', '-use_editlist', '0', '-write_tmcd', '0',
    '-avoid_negative_ts', 'disabled', '-output_ts_offset', String(SHIFT), 'pipe:1',
  ], {
    signal: ended,
    onOutput: (piece) => copy.write(piece) ? undefined : once(copy, 'drain', { signal: ended }).then(() => undefined),
  }).then(() => copy.end(), (error: unknown) => copy.destroy(signal?.aborted ? signal.reason : error))
  try {
    yield* withoutNeedless(boxesOf(copy), info, run)
  } finally {
    left.abort()
    await copying
  }
}

/** Passes on everything up to the last wanted frame, except the fragments of needless packets. */
async function* withoutNeedless(boxes: AsyncIterable<Box>, info: MediaInfo, run: DecodeRun): AsyncGenerator<Buffer> {
  const begins = Float64Array.from(run.frames, (frame) => frame.from)
  const isWanted = (time: number): boolean => time < (run.frames[lastAtOrBefore(begins, time)]?.to ?? -Infinity)
  const end = run.frames.at(-1)?.to ?? 0
  let track: Track | undefined
  let opening: Box | undefined
  for await (const box of boxes) {
    if (box.type === 'moof') {
      opening = box
    } else if (box.type === 'mdat' && opening && track) {
      const fragment = readFragment(opening.bytes, track)
      if (fragment && fragment.decodeTime - SHIFT - info.startTime > end) return
      if (!fragment || isWanted(fragment.time - SHIFT - info.startTime) || !track.isNeedless(box.bytes.subarray(8))) {
        yield opening.bytes
        yield box.bytes
      }
      opening = undefined
    } else {
      if (box.type === 'moov') track = readTrack(box.bytes, info.codec)
      yield box.bytes
    }
  }
}

interface Box { readonly type: string; readonly bytes: Buffer }

/** The outermost boxes of an MP4 stream, whole. A last one that is cut off is not given. */
async function* boxesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Box> {
  let begun: Buffer = Buffer.alloc(0)
  for await (const piece of stream) {
    let rest = piece
    // Only the box that began in the piece before is copied together.
    while (begun.length > 0 && rest.length > 0) {
      const lacking = Math.min(rest.length, begun.length < 8 ? 8 - begun.length : boxSize(begun) - begun.length)
      begun = Buffer.concat([begun, rest.subarray(0, lacking)])
      rest = rest.subarray(lacking)
      if (begun.length < boxSize(begun)) continue
      yield { type: begun.toString('latin1', 4, 8), bytes: begun }
      begun = Buffer.alloc(0)
    }
    for (let size = boxSize(rest); size <= rest.length; size = boxSize(rest)) {
      yield { type: rest.toString('latin1', 4, 8), bytes: rest.subarray(0, size) }
      rest = rest.subarray(size)
    }
    if (begun.length === 0) begun = rest
  }
}

/** Bytes of the box that begins here; never less than its header, so that reading always goes on. */
function boxSize(bytes: Buffer): number {
  return bytes.length < 8 ? Infinity : Math.max(8, bytes.readUInt32BE(0))
}

interface Track {
  /** Ticks of the timestamps in a second. */
  readonly ticks: number
  readonly isNeedless: (packet: Buffer) => boolean
}

/** What the beginning of the stream tells of its one track. */
function readTrack(moov: Buffer, codec: string): Track | undefined {
  const [header, configuration] = [moov.indexOf('mdhd'), moov.indexOf(codec === 'hevc' ? 'hvcC' : 'avcC')]
  const units = UNIT_HEADERS[codec]
  if (header < 0 || configuration < 0 || !units) return undefined
  const ticks = moov.readUInt32BE(header + (moov[header + 4] === 1 ? 24 : 16))
  // ISO/IEC 14496-15: the last two bits say how many bytes hold the length of a unit, less one.
  const lengthBytes = ((moov[configuration + 4 + (codec === 'hevc' ? 21 : 4)] ?? 0) & 3) + 1
  // In H.265 a higher temporal sub-layer may refer to what its own does not; with one layer nothing does.
  const layers = codec === 'hevc' ? ((moov[configuration + 4 + 21] ?? 0) >> 3) & 7 : 1
  return { ticks, isNeedless: layers === 1 ? (packet) => isNeedless(packet, units, lengthBytes) : () => false }
}

/** All units of the packet that hold a picture say that no other refers to it. */
function isNeedless(packet: Buffer, { isPicture, isReference }: UnitHeader, lengthBytes: number): boolean {
  let pictures = 0
  for (let at = 0; at + lengthBytes < packet.length;) {
    const length = packet.readUIntBE(at, lengthBytes)
    const header = packet[at + lengthBytes] ?? 0
    if (isPicture(header)) {
      if (isReference(header)) return false
      pictures += 1
    }
    at += lengthBytes + length
  }
  return pictures > 0
}

/** Seconds at which the only packet of a fragment is decoded and shown; undefined when it holds anything else. ISO/IEC 14496-12, 8.8. */
function readFragment(moof: Buffer, { ticks }: Track): { readonly decodeTime: number; readonly time: number } | undefined {
  const [decode, run] = [moof.indexOf('tfdt'), moof.indexOf('trun')]
  if (decode < 0 || run < 0 || moof.indexOf('trun', run + 4) >= 0 || moof.readUInt32BE(run + 8) !== 1) return undefined
  const decoded = moof[decode + 4] === 1 ? Number(moof.readBigUInt64BE(decode + 8)) : moof.readUInt32BE(decode + 8)
  const flags = moof.readUInt32BE(run + 4)
  // Before the composition offset (0x800): data offset, first flags, and the sample's duration, size and flags, if present.
  const fields = [0x1, 0x4, 0x100, 0x200, 0x400].filter((flag) => flags & flag).length
  const offset = flags & 0x800 ? moof.readInt32BE(run + 12 + 4 * fields) : 0
  return { decodeTime: decoded / ticks, time: (decoded + offset) / ticks }
}
