import type { FileHandle } from 'node:fs/promises'
import { aviPackets, aviParts } from '../../containers/avi/avi-parts.ts'
import type { AviPacket, AviParts } from '../../containers/avi/avi-parts.ts'
import { annexBConfiguration } from '../../containers/codecs/h264-annex-b.ts'
import { h264Pictures } from '../../containers/codecs/h264-parameters.ts'
import { jpegPictures } from '../../containers/codecs/jpeg-pictures.ts'
import { mpeg4Pictures, vopKind } from '../../containers/codecs/mpeg4-layer.ts'
import { usualSize } from '../../containers/codecs/usual-pictures.ts'
import type { PictureSize } from '../../containers/codecs/vp-frames.ts'
import { Packets } from '../../containers/packets/packets.ts'
import { stretchReader } from '../../containers/stretch-reader.ts'
import type { ByteReader } from '../../containers/stretch-reader.ts'
import type { ProbedStream } from '../ffprobe/probe-output.ts'
import type { ProbedFile } from '../ffprobe/probed-packets.ts'
import { aviStreams } from './avi-streams.ts'
import type { AviFilm, AviSound, AviStream } from './avi-streams.ts'

const stretchBytes = 2 ** 16
/** What stands before the first picture, and before the others. */
const [firstHead, laterHead] = [2 ** 14, 64]

/**
 * What ffprobe would say of an AVI file of the usual kind: one track of pictures in MPEG-4, H.264 or JPEG, sound, and a
 * list of packets that agrees with those that are there. Undefined for all others. Every packet's header is read.
 */
export async function listedAvi(file: FileHandle): Promise<ProbedFile | undefined> {
  try {
    const read = stretchReader(file, stretchBytes)
    const parts = await aviParts(read, (await file.stat()).size)
    return parts && (await describe(read, parts))
  } catch (error) {
    // A chunk is shorter than it says.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function describe(read: ByteReader, parts: AviParts): Promise<ProbedFile | undefined> {
  const streams = aviStreams(parts.headers)
  const packets = streams && (await aviPackets(read, parts))
  if (!streams || !packets || !packets.every(packet => isOfKind(packet, streams[packet.stream]))) return undefined
  const films = streams.filter(stream => stream.kind === 'film')
  const [film] = films
  if (!film || films.length > 1) return undefined
  const described: ProbedStream[] = []
  for (const [index, stream] of streams.entries()) {
    const own = packets.filter(packet => packet.stream === index && packet.size > 0)
    const first = own[0] && (await headOf(read, own[0], firstHead))
    const said = first && (stream.kind === 'film' ? filmStream(stream, first) : soundStream(stream, first))
    if (!said) return undefined
    described.push({ index, ...said, start_time: '0' })
  }
  const index = streams.indexOf(film)
  const own = await filmPackets(read, { film, packets: packets.filter(({ stream }) => stream === index) })
  if (!own) return undefined
  return {
    probed: { format: { format_name: 'avi', start_time: '0' }, streams: described },
    packets: new Map([[index, own]]),
  }
}

const isOfKind = ({ kind }: AviPacket, stream: AviStream | undefined): boolean =>
  stream !== undefined && (kind === 'wb') === (stream.kind === 'sound')

const headOf = (read: ByteReader, { position, size }: AviPacket, most: number): Promise<Buffer> =>
  read(position, Math.min(most, size))

function filmStream(film: AviFilm, first: Buffer): Partial<ProbedStream> | undefined {
  const pictures = picturesOf(film, first)
  if (pictures?.width !== film.width || pictures.height !== film.height) return undefined
  const rate = `${film.under}/${film.over}`
  return {
    codec_type: 'video',
    codec_name: film.codec,
    width: film.width,
    height: film.height,
    pix_fmt: pictures.pixelFormat,
    ...(film.codec === 'h264' && { field_order: 'progressive' }),
    sample_aspect_ratio: '1:1',
    ...{ avg_frame_rate: rate, r_frame_rate: rate },
    nb_frames: String(film.count),
    duration: ((film.count * film.over) / film.under).toFixed(6),
  }
}

interface Pictures extends PictureSize {
  readonly pixelFormat: string
}

function picturesOf(film: AviFilm, first: Buffer): Pictures | undefined {
  if (film.codec === 'mjpeg') return jpegPictures(first)
  if (film.codec === 'mpeg4') {
    const pictures = mpeg4Pictures(first)
    return pictures && isOfRate(film, pictures.rate) ? { ...pictures, pixelFormat: 'yuv420p' } : undefined
  }
  const configuration = annexBConfiguration(first)
  const size = configuration && usualSize(film.codec, { configuration, first })
  const rate = configuration && h264Pictures(configuration)?.rate
  return size && rate && isOfRate(film, rate) ? { ...size, pixelFormat: 'yuv420p' } : undefined
}

/** Where the pictures tell of another rate than the container, ffmpeg decides by what it decodes. */
function isOfRate({ codec, over, under }: AviFilm, [told, lasts]: readonly [number, number]): boolean {
  // Times that MPEG-4 tells finely are no rate.
  const isFine = codec === 'mpeg4' && told > finest * lasts
  return isFine || told * over === under * lasts
}
const finest = 101

/** Layers of MPEG sound as its frames number them, backwards. */
const layers: Readonly<Record<string, number>> = { mp2: 2, mp3: 1 }

/** Sound whose first packet is what its header says: of others ffprobe says what it finds in them. */
function soundStream({ codec }: AviSound, first: Buffer): Partial<ProbedStream> | undefined {
  const said = { codec_type: 'audio', codec_name: codec }
  const layer = layers[codec]
  if (layer !== undefined) {
    return first.length > 1 && first.readUInt16BE(0) >> 5 === 0x7ff && ((first.readUInt8(1) >> 1) & 3) === layer
      ? said
      : undefined
  }
  // What is newer than A/52's tenth version is another codec.
  if (codec !== 'ac3') return said
  return first.length > 5 && first.readUInt16BE(0) === 0x0b77 && first.readUInt8(5) >> 3 <= 10 ? said : undefined
}

/**
 * The packets of the film with the times that ffmpeg gives them: they are counted, and an empty one stands for a
 * picture that stays. Undefined where it is unclear which are B-frames.
 */
async function filmPackets(
  read: ByteReader,
  { film, packets }: { readonly film: AviFilm; readonly packets: readonly AviPacket[] },
): Promise<Packets | undefined> {
  const found = new Packets()
  const shownAt = await timing(read, { film, packets })
  const last = packets.findLast(({ size }) => size > 0)
  const seconds = (count: number): number => Number(((count * film.over) / film.under).toFixed(6))
  for (const [number, packet] of packets.entries()) {
    const { position, size } = packet
    // Where pictures of H.264 stay, ffmpeg thinks that all of them do.
    if (size === 0 && film.codec === 'h264') return undefined
    if (size === 0) continue
    const kind = film.codec === 'mpeg4' ? await kindOf(read, packet) : undefined
    const isTimed = shownAt?.(kind)
    if (isTimed === undefined || (found.count === 0 && !packet.isKey)) return undefined
    const isKey = film.codec === 'mjpeg' || (packet.isKey && (packet !== last || kind === undefined || kind === 'I'))
    found.add({
      time: isTimed ? seconds(number) : NaN,
      decoded: seconds(number),
      duration: seconds(1),
      position,
      size,
      isKey,
      isShown: true,
    })
  }
  return found.count > 1 ? found : undefined
}

type Kind = ReturnType<typeof vopKind>
const kindOf = async (read: ByteReader, packet: AviPacket): Promise<Kind> =>
  vopKind(await headOf(read, packet, laterHead)) ?? vopKind(await headOf(read, packet, firstHead))

/**
 * Which pictures ffmpeg gives a time, by their kind: AVI tells only when each is decoded. Undefined is a picture of
 * which that is unclear.
 */
async function timing(
  read: ByteReader,
  { film, packets }: { readonly film: AviFilm; readonly packets: readonly AviPacket[] },
): Promise<((kind: Kind) => boolean | undefined) | undefined> {
  // Without decoding it is not known of H.264 whether a picture waits for others.
  if (film.codec !== 'mpeg4') return () => film.codec === 'mjpeg'
  const first = packets.find(({ size }) => size > 0)
  const head = first && (await headOf(read, first, firstHead))
  // DivX stored B-frames in the packets of others.
  if (!head || head.includes('DivX')) return undefined
  const isInOrder = mpeg4Pictures(head)?.isInOrder === true
  return kind => (kind === undefined || (isInOrder && kind === 'B') ? undefined : isInOrder || kind === 'B')
}
