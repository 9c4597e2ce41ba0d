import { children, elementIds, numberOf, onlyChild } from '../../containers/matroska/ebml.ts'
import type { ProbedStream } from '../ffprobe/probe-output.ts'

/** A track as ffprobe would describe its stream, but for the time at which it starts. */
export interface MatroskaTrack {
  /** The number that it has in blocks. */
  readonly number: number
  readonly stream: ProbedStream
  readonly codec: string
  readonly configuration: Buffer | undefined
  /** Ticks by which its times are set back, because the decoder swallows what comes first. */
  readonly delay: number
  /** Ticks that each picture is shown. */
  readonly lasts: number
}

/** ffmpeg's codec names by Matroska's. */
const films: Readonly<Record<string, string>> = {
  V_VP8: 'vp8',
  V_VP9: 'vp9',
  V_AV1: 'av1',
  'V_MPEG4/ISO/AVC': 'h264',
  'V_MPEGH/ISO/HEVC': 'hevc',
}
const sounds: Readonly<Record<string, string>> = {
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_AAC: 'aac',
  'A_MPEG/L3': 'mp3',
  A_AC3: 'ac3',
  A_EAC3: 'eac3',
  A_FLAC: 'flac',
}
const subtitles: Readonly<Record<string, string>> = {
  'S_TEXT/UTF8': 'subrip',
  'S_TEXT/ASS': 'ass',
  'S_TEXT/WEBVTT': 'webvtt',
  'D_WEBVTT/SUBTITLES': 'webvtt',
}

/** Codecs whose pictures are stored in the order in which they are shown. */
export const inOrder: ReadonlySet<string> = new Set(['vp8', 'vp9', 'av1'])

/** What changes the packets of a track, or their times, in a way of its own. */
const unusual: readonly number[] = [
  ...[elementIds.ContentEncodings, elementIds.TrackTimestampScale, elementIds.TrackOffset, elementIds.TrackOperation],
]
/** What changes how pictures are to be shown. */
const unusualPictures: readonly number[] = [
  ...[elementIds.Projection, elementIds.PixelCropBottom, elementIds.PixelCropTop],
  ...[elementIds.PixelCropLeft, elementIds.PixelCropRight],
]
/** In which the size on screen is told. */
const [pixels, unknownUnit] = [0, 4]
const largestTerm = 30_000
const nanoseconds = 1e9

interface Beside {
  /** Position among the tracks. */
  readonly index: number
  /** Nanoseconds of a tick. */
  readonly scale: number
  readonly tags: readonly Buffer[]
}

/** Describes a track, RFC 9559, 5.1.4; undefined where it is not of the usual kind. */
export function describeTrack(entry: Buffer, { index, scale, tags }: Beside): MatroskaTrack | undefined {
  const value = (id: number): number | undefined => numberOf(onlyChild(entry, id))
  const [number, kind] = [value(elementIds.TrackNumber), value(elementIds.TrackType)]
  const id = onlyChild(entry, elementIds.CodecID)?.toString('latin1').replace(/\0+$/, '') ?? ''
  const named = (kind === 1 ? films : kind === 2 ? sounds : kind === 17 ? subtitles : {})[id]
  // Sound in AAC was once named with its profile.
  const codec = kind === 2 && id.startsWith('A_AAC/') ? 'aac' : named
  const delay = value(elementIds.CodecDelay) ?? 0
  const isUsual = !unusual.some(element => onlyChild(entry, element)) && (kind !== 1 || delay === 0)
  if (number === undefined || codec === undefined || !isUsual) return undefined
  const lasts = value(elementIds.DefaultDuration) ?? 0
  const described = kind === 1 ? describeFilm(entry, { codec, lasts, scale }) : {}
  const tag = lengthTag(tags, onlyChild(entry, elementIds.TrackUID))
  if (!described || tag === null) return undefined
  return {
    number,
    codec,
    configuration: onlyChild(entry, elementIds.CodecPrivate),
    delay: Math.round(delay / scale),
    lasts: Math.floor(lasts / scale),
    stream: {
      index,
      codec_type: kind === 1 ? 'video' : kind === 2 ? 'audio' : 'subtitle',
      codec_name: codec,
      ...described,
      ...(tag !== undefined && { tags: { DURATION: tag } }),
    },
  }
}

function describeFilm(
  entry: Buffer,
  { codec, lasts, scale }: { readonly codec: string; readonly lasts: number; readonly scale: number },
): Partial<ProbedStream> | undefined {
  const video = onlyChild(entry, elementIds.Video)
  const value = (id: number): number | undefined => numberOf(onlyChild(video, id))
  const [width, height] = [value(elementIds.PixelWidth), value(elementIds.PixelHeight)]
  const isFlat = (value(elementIds.StereoMode) ?? 0) === 0 && (value(elementIds.AlphaMode) ?? 0) === 0
  const isWhole = value(elementIds.FlagInterlaced) !== 1 && !unusualPictures.some(element => onlyChild(video, element))
  const unit = value(elementIds.DisplayUnit) ?? 0
  const isAsStored =
    (value(elementIds.DisplayWidth) ?? width) === width && (value(elementIds.DisplayHeight) ?? height) === height
  // Where the container leaves it open the stream tells; a picture of AV1 may do so by itself.
  const isSquare = (unit === pixels && isAsStored) || (unit === unknownUnit && codec !== 'av1')
  const isFullRange = numberOf(onlyChild(onlyChild(video, elementIds.Colour), elementIds.Range)) === 2
  if (lasts < scale || !width || !height || !isFlat || !isWhole || !isSquare || isFullRange) return undefined
  const rate = nearestRatio(nanoseconds, lasts)
  return {
    width,
    height,
    pix_fmt: 'yuv420p',
    ...(codec === 'h264' && { field_order: 'progressive' }),
    sample_aspect_ratio: '1:1',
    avg_frame_rate: rate,
    r_frame_rate: rate,
  }
}

/** Where a track ends by its tag `DURATION`; null where tags say more of it that counts. */
function lengthTag(tags: readonly Buffer[], uid: Buffer | undefined): string | undefined | null {
  let found: string | undefined
  for (const { id, content } of tags.flatMap(children)) {
    const targets = children(onlyChild(content, elementIds.Targets)).filter(
      target => target.id === elementIds.TagTrackUID,
    )
    if (id !== elementIds.Tag || targets.length === 0) continue
    if (targets.length > 1) return null
    if (digits(targets[0]?.content) !== digits(uid)) continue
    for (const { content: tag } of children(content).filter(part => part.id === elementIds.SimpleTag)) {
      const name = onlyChild(tag, elementIds.TagName)?.toString('utf8').replace(/\0+$/, '')
      if (name?.toLowerCase() === 'rotate') return null
      if (name === 'DURATION') found = onlyChild(tag, elementIds.TagString)?.toString('utf8').replace(/\0+$/, '')
    }
  }
  return found
}

/** Of a number of up to eight bytes, which are more than a double holds. */
const digits = (bytes: Buffer | undefined): string | undefined => bytes?.toString('hex').replace(/^(00)+/, '')

/**
 * The fraction nearest to another one, numerator and denominator being at most 30,000, by continued fractions: a
 * duration in whole nanoseconds tells of 30000/1001 pictures a second in no other way.
 */
function nearestRatio(over: number, under: number): string {
  let [before, last]: [readonly [number, number], readonly [number, number]] = [
    [0, 1],
    [1, 0],
  ]
  for (let [rest, divisor] = [over, under]; divisor > 0; [rest, divisor] = [divisor, rest % divisor]) {
    const term = Math.floor(rest / divisor)
    const most = Math.min(
      Math.floor((largestTerm - before[0]) / last[0]),
      last[1] > 0 ? Math.floor((largestTerm - before[1]) / last[1]) : Infinity,
    )
    const times = Math.min(term, most)
    const next = [times * last[0] + before[0], times * last[1] + before[1]] as const
    if (times < term) {
      const error = ([a, b]: readonly [number, number]): number => Math.abs(a / b - over / under)
      if (times > 0 && error(next) < error(last)) last = next
      break
    }
    ;[before, last] = [last, next]
  }
  return last.join('/')
}
