import type { FileHandle } from 'node:fs/promises'
import { usualSize } from '../../containers/codecs/usual-pictures.ts'
import { sizedHead } from '../../containers/codecs/vp-frames.ts'
import { box, boxes, readIndex } from '../../containers/iso/iso-boxes.ts'
import { isoFormat, isoSamples, shownFrom, ticksPerSecond } from '../../containers/iso/iso-tracks.ts'
import type { Probed, ProbedStream } from '../ffprobe/probe-output.ts'

const one = 0x10000

/** The four turns a display matrix can make, clockwise degrees by its first, second, fourth and fifth number. */
const turns: Readonly<Record<string, number>> = {
  [[one, 0, 0, one].join()]: 0,
  [[0, one, -one, 0].join()]: 90,
  [[-one, 0, 0, -one].join()]: 180,
  [[0, -one, one, 0].join()]: 270,
}

/** ffmpeg's codec names by the type of a sample entry, and the box that holds the configuration of the decoder. */
const films: Readonly<Record<string, readonly [codec: string, configuration: string]>> = {
  avc1: ['h264', 'avcC'],
  hvc1: ['hevc', 'hvcC'],
  hev1: ['hevc', 'hvcC'],
  av01: ['av1', 'av1C'],
  vp09: ['vp9', 'vpcC'],
}

/**
 * What ffprobe would say of an MP4 or QuickTime file of the usual kind: one track of progressive pictures of a usual
 * codec at a steady rate that begins at 0, and sound. Undefined for all others. A process takes a hundred times as long
 * to start as this takes.
 */
export async function listedIso(file: FileHandle): Promise<Probed | undefined> {
  const { buffer: head } = await file.read(Buffer.alloc(8), 0, 8, 0)
  if (head.toString('latin1', 4, 8) !== 'ftyp') return undefined
  const index = await readIndex(file)
  // A cover is a stream of its own.
  if (box(index, 'mvex') || box(index, 'meta') || box(index, 'udta', 'meta')?.includes('covr')) return undefined
  const header = box(index, 'mvhd')
  if (!header || turnOf(header, header[0] === 1 ? 48 : 36) !== 0) return undefined
  const movieTicks = ticksPerSecond(header)
  const streams: ProbedStream[] = []
  for (const { content: track } of boxes(index).filter(({ type }) => type === 'trak')) {
    const described = await describeTrack(file, { index, track, position: streams.length, movieTicks })
    if (!described) return undefined
    streams.push(described)
  }
  const films = streams.filter(stream => stream.codec_type === 'video')
  if (films.length !== 1) return undefined
  return { format: { format_name: 'mov,mp4,m4a,3gp,3g2,mj2', start_time: '0' }, streams }
}

interface Track {
  /** The whole index, and the box of this track in it. */
  readonly index: Buffer
  readonly track: Buffer
  /** Among all tracks. */
  readonly position: number
  readonly movieTicks: number
}

async function describeTrack(file: FileHandle, described: Track): Promise<ProbedStream | undefined> {
  try {
    const handler = box(described.track, 'mdia', 'hdlr')?.toString('latin1', 8, 12)
    if (handler === 'soun') return describeSound(described.track, described.position)
    return handler === 'vide' ? await describeFilm(file, described) : undefined
  } catch (error) {
    // A box is shorter than it says.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function describeFilm(file: FileHandle, described: Track): Promise<ProbedStream | undefined> {
  const { index, track, position } = described
  const [header, media] = [box(track, 'tkhd'), box(track, 'mdia', 'mdhd')]
  const [entry, ...others] = boxes(box(track, 'mdia', 'minf', 'stbl', 'stsd')?.subarray(8))
  const [codec, configurationBox] = films[entry?.type ?? ''] ?? []
  if (!header || !media || !entry || others.length > 0 || !codec || !configurationBox) return undefined
  const [width, height] = [entry.content.readUInt16BE(24), entry.content.readUInt16BE(26)]
  const turn = turnOf(header, header[0] === 1 ? 52 : 40)
  const details = entry.content.subarray(78)
  const clock = steadyClock(described, ticksPerSecond(media))
  if (!clock || turn === undefined || isShaped(header, details, { codec, width, height })) return undefined
  const first = await file.read(Buffer.alloc(sizedHead), 0, sizedHead, clock.firstPacket)
  const size = usualSize(codec, { configuration: box(details, configurationBox), first: first.buffer })
  const isFullRange = isoFormat(index, position)?.fullRange === true
  if (size?.width !== width || size.height !== height || isFullRange) return undefined
  return {
    index: position,
    codec_type: 'video',
    codec_name: codec,
    width,
    height,
    pix_fmt: 'yuv420p',
    field_order: 'progressive',
    sample_aspect_ratio: '1:1',
    ...clock.stream,
    start_time: '0',
    ...(turn !== 0 && { side_data_list: [{ rotation: -turn }] }),
  }
}

/**
 * Whether the pixels are said not to be square, or a part of the picture to be cut off. A picture of AV1 may say so
 * itself where the container is silent.
 */
function isShaped(
  header: Buffer,
  details: Buffer,
  { codec, width, height }: { readonly codec: string; readonly width: number; readonly height: number },
): boolean {
  const shape = box(details, 'pasp')
  if (box(details, 'clap') || (!shape && codec === 'av1')) return true
  if (shape) return shape.readUInt32BE(0) !== shape.readUInt32BE(4)
  // Without it the size at which the track is shown counts, in parts of 65,536 of a pixel.
  const shown = header.subarray(header[0] === 1 ? 88 : 76)
  return shown.readUInt32BE(0) !== width * one || shown.readUInt32BE(4) !== height * one
}

/** The number, rate and length of pictures that all last equally long and begin at 0; undefined for others. */
function steadyClock(
  { index, track, position, movieTicks }: Track,
  ticks: number,
): { firstPacket: number; stream: Partial<ProbedStream> } | undefined {
  const [durations, sizes] = [box(track, 'mdia', 'minf', 'stbl', 'stts'), box(track, 'mdia', 'minf', 'stbl', 'stsz')]
  if (!durations || !sizes || durations.readUInt32BE(4) !== 1 || ticks === 0 || movieTicks === 0) return undefined
  const [count, lasts] = [sizes.readUInt32BE(8), durations.readUInt32BE(12)]
  const samples = count > 1 && lasts > 0 ? isoSamples(index, count, position) : undefined
  if (!samples || !isPlayedWhole(track, movieTicks, (count * lasts) / ticks)) return undefined
  let first = Infinity
  let last = -Infinity
  for (const { time } of samples) {
    first = Math.min(first, time)
    last = Math.max(last, time)
  }
  const isWhole = Math.abs(last - first - ((count - 1) * lasts) / ticks) < 0.5 / ticks
  if (Math.abs(first) > 0.5 / ticks || !isWhole) return undefined
  const rate = `${ticks}/${lasts}`
  const duration = ((count * lasts) / ticks).toFixed(6)
  return {
    firstPacket: samples[0]?.position ?? 0,
    stream: { avg_frame_rate: rate, r_frame_rate: rate, nb_frames: String(count), duration },
  }
}

/** Whether the edit list, if there is one, shows all the seconds of a track at once. */
function isPlayedWhole(track: Buffer, movieTicks: number, seconds: number): boolean {
  const edits = box(track, 'edts', 'elst')
  if (!edits) return true
  if (edits.readUInt32BE(4) !== 1) return false
  const shown = edits[0] === 1 ? Number(edits.readBigUInt64BE(8)) : edits.readUInt32BE(8)
  return Math.abs(shown / movieTicks - seconds) <= 1 / movieTicks
}

/** ffmpeg's codec names by the type of a sample entry. */
const soundCodecs: Readonly<Record<string, string>> = { 'ac-3': 'ac3', Opus: 'opus', fLaC: 'flac', alac: 'alac' }

/** Sound that is played from 0 on, or from later. */
function describeSound(track: Buffer, position: number): ProbedStream | undefined {
  const [entry, ...others] = boxes(box(track, 'mdia', 'minf', 'stbl', 'stsd')?.subarray(8))
  const media = box(track, 'mdia', 'mdhd')
  const samples = box(track, 'mdia', 'minf', 'stbl', 'stsz')
  if (!entry || others.length > 0 || !media || !samples || samples.readUInt32BE(8) === 0) return undefined
  if (shownFrom(box(track, 'edts', 'elst'), ticksPerSecond(media) || 1, 1) === undefined) return undefined
  const codec = entry.type === 'mp4a' ? mpegSound(entry.content) : soundCodecs[entry.type]
  return codec === undefined ? undefined : { index: position, codec_type: 'audio', codec_name: codec }
}

/** MPEG-4 sound by its elementary stream descriptor (ISO/IEC 14496-1, 7.2.6): AAC, or MP3. */
function mpegSound(entry: Buffer): string | undefined {
  // AudioSampleEntry: 28 bytes, then boxes. The longer entries of QuickTime begin with another version.
  if (entry.readUInt16BE(8) !== 0) return undefined
  const descriptor = box(entry.subarray(28), 'esds')
  const configuration = descriptor && descriptorOf(descriptor.subarray(4))
  const kind = configuration?.readUInt8(0)
  if (kind === 0x69 || kind === 0x6b) return 'mp3'
  // Of AAC the first five bits of its own description tell the kind: low complexity, or with replicated bands.
  const specific = kind === 0x40 && configuration ? tagged(configuration.subarray(13), 0x05) : undefined
  return specific && [2, 5, 29].includes(specific.readUInt8(0) >> 3) ? 'aac' : undefined
}

/** The description of the decoder within that of an elementary stream without further parts. */
function descriptorOf(bytes: Buffer): Buffer | undefined {
  const stream = tagged(bytes, 0x03)
  return stream && stream.readUInt8(2) === 0 ? tagged(stream.subarray(3), 0x04) : undefined
}

/** The content of a descriptor that begins here and has this tag; its length takes up to four bytes. */
function tagged(bytes: Buffer, tag: number): Buffer | undefined {
  if (bytes[0] !== tag) return undefined
  let [length, at] = [0, 1]
  for (let more = true; more && at <= 4; at += 1) {
    const byte = bytes.readUInt8(at)
    length = 128 * length + (byte & 127)
    more = byte > 127
  }
  return bytes.subarray(at, at + length)
}

/** Clockwise degrees of the display matrix at a place of a header; undefined where it does more than turn. */
function turnOf(header: Buffer, at: number): number | undefined {
  if (header.length < at + 36) return undefined
  const [a, b, u, c, d, v] = Array.from({ length: 6 }, (_, place) => header.readInt32BE(at + 4 * place))
  return u === 0 && v === 0 ? turns[[a, b, c, d].join()] : undefined
}
