import { chunks } from '../../containers/avi/riff-chunks.ts'

/** What the headers of an AVI file say of one of its streams. */
export type AviStream = AviFilm | AviSound

export interface AviFilm {
  readonly kind: 'film'
  readonly codec: 'mpeg4' | 'h264' | 'mjpeg'
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** A picture is shown for `over / under` seconds. */
  readonly over: number
  readonly under: number
  /** Pictures that are announced. */
  readonly count: number
}

export interface AviSound {
  readonly kind: 'sound'
  readonly codec: string
}

/** ffmpeg's codec names by the four characters that files have. */
const films: Readonly<Record<string, AviFilm['codec']>> = {
  ...{ FMP4: 'mpeg4', XVID: 'mpeg4', xvid: 'mpeg4', DIVX: 'mpeg4', divx: 'mpeg4', DX50: 'mpeg4', MP4V: 'mpeg4' },
  ...{ H264: 'h264', h264: 'h264', X264: 'h264', x264: 'h264' },
  ...{ MJPG: 'mjpeg', mjpg: 'mjpeg' },
}
/** ffmpeg's codec names by the number of a format of sound; pulses have one for each width. */
const sounds: Readonly<Record<number, string>> = { 0x50: 'mp2', 0x55: 'mp3', 0xff: 'aac', 0x2000: 'ac3' }
const pulses: Readonly<Record<number, string>> = { 8: 'pcm_u8', 16: 'pcm_s16le', 24: 'pcm_s24le' }

/** Of other rates ffmpeg thinks that the clock may be meant in another way. */
const [lowestRate, highestRate] = [5, 100]
const bitmapHeader = 40

/**
 * The streams of an AVI file by its list `hdrl`; undefined where one is not of the usual kind. @throws RangeError where
 * a header is shorter than it says.
 */
export function aviStreams(headers: Buffer): AviStream[] | undefined {
  const [main, ...others] = chunks(headers)
  if (main?.id !== 'avih') return undefined
  const streams: AviStream[] = []
  for (const { id, isList, content } of others) {
    if (id === 'strl' && isList) {
      const stream = streamOf(content)
      if (!stream) return undefined
      streams.push(stream)
    } else if (id !== 'JUNK' && id !== 'odml') {
      return undefined
    }
  }
  return streams
}

function streamOf(list: Buffer): AviStream | undefined {
  const [header, format, ...others] = chunks(list)
  if (header?.id !== 'strh' || format?.id !== 'strf') return undefined
  const kind = header.content.toString('latin1', 0, 4)
  const unusual = others.filter(({ id }) => id !== 'JUNK' && id !== 'strn')
  const [shape, ...more] = unusual
  if (kind === 'auds') return unusual.length === 0 ? soundOf(format.content) : undefined
  const isSquare = !shape || (shape.id === 'vprp' && more.length === 0 && hasSquarePixels(shape.content))
  return kind === 'vids' && isSquare ? filmOf(header.content, format.content) : undefined
}

/** `AVISTREAMHEADER` and `BITMAPINFOHEADER`. */
function filmOf(header: Buffer, format: Buffer): AviFilm | undefined {
  const [over, under] = [header.readUInt32LE(20), header.readUInt32LE(24)]
  const [begin, count, sampleSize] = [header.readUInt32LE(28), header.readUInt32LE(32), header.readUInt32LE(44)]
  const rate = under / over
  const codec = films[format.toString('latin1', 16, 20)]
  const [width, height] = [format.readInt32LE(4), format.readInt32LE(8)]
  const isUsual = begin === 0 && sampleSize === 0 && rate >= lowestRate && rate <= highestRate && count > 1
  // What a decoder must know stands in the packets.
  if (!codec || !isUsual || format.length !== bitmapHeader || width < 1 || height < 1) return undefined
  return { kind: 'film', codec, width, height, over, under, count }
}

/** `VIDEOPROPHEADER`: the shape of a frame, and its size in pixels. */
function hasSquarePixels(properties: Buffer): boolean {
  const [high, wide] = [properties.readUInt16LE(20), properties.readUInt16LE(22)]
  return high * properties.readUInt32LE(24) === wide * properties.readUInt32LE(28)
}

/** `WAVEFORMATEX`. */
function soundOf(format: Buffer): AviSound | undefined {
  const kind = format.readUInt16LE(0)
  const codec = kind === 1 ? pulses[format.readUInt16LE(14)] : sounds[kind]
  return codec === undefined ? undefined : { kind: 'sound', codec }
}
