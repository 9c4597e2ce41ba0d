import { isRawStream } from '../containers/container-kinds.ts'
import type { MediaInfo } from '../media-info.ts'
import type { ProbedFormat, ProbedStream } from './ffprobe/probe-output.ts'

/**
 * Formats of single pictures, and what moves less than a picture in two seconds or not at all: a poster, a title card.
 */
const stillCodecs = new Set(['png', 'bmp', 'gif', 'webp', 'tiff', 'jpegls', 'targa'])

/**
 * Whether a picture stream is no film, though it is not marked as a cover. Matroska counts no pictures but tells when a
 * stream ends.
 */
function isStill({
  codec_name: codec,
  nb_frames: count,
  avg_frame_rate: rate,
  start_time: start,
  tags,
}: ProbedStream): boolean {
  const perSecond = fraction(rate, '/')
  const lasts = minus(clockSeconds(tags?.DURATION), Number(start ?? 0) || 0)
  if (count === '1' || stillCodecs.has(codec ?? '') || (perSecond > 0 && perSecond < 0.5)) return true
  return count === undefined && lasts !== undefined && lasts * perSecond < 1.5
}

/**
 * Of several picture streams the film: none without a readable picture, none that is a still picture, none that is over
 * before half of the longest, and none that has not a tenth of the pictures of the fastest, as slides have. Of those
 * left it is the one that players show by default, else the first.
 * @param counts pictures of each stream, by its number, in the same stretch of the file; not needed of a single one.
 */
export function filmOf(
  pictures: readonly ProbedStream[],
  counts: ReadonlyMap<number, number> = new Map(),
): ProbedStream | undefined {
  const most = Math.max(...counts.values())
  const isSlides = ({ index }: ProbedStream): boolean => counts.size > 0 && (counts.get(index) ?? 0) < most / 10
  const isReadable = ({ width, height }: ProbedStream): boolean => Boolean(width && height)
  const moving = pictures.filter(stream => isReadable(stream) && !isStill(stream) && !isSlides(stream))
  const longest = Math.max(...moving.map(lengthOf))
  const lasting = moving.filter(stream => lengthOf(stream) >= longest / 2)
  const fastest = Math.max(...lasting.map(rateOf))
  const films = lasting.filter(stream => rateOf(stream) >= fastest / 10 || rateOf(stream) === 0)
  return films.find(({ disposition }) => disposition?.default === 1) ?? films[0] ?? pictures[0]
}

/** Pictures a second; 0 where it is not known. */
function rateOf({ avg_frame_rate: rate }: ProbedStream): number {
  return fraction(rate, '/')
}

/** Seconds that a stream lasts; where it does not say so, it may last for ever. */
function lengthOf({ duration, tags }: ProbedStream): number {
  return seconds(duration) ?? clockSeconds(tags?.DURATION) ?? Infinity
}

/** What ffprobe says of a film and its sound, or a reader of our own in its place, as {@link MediaInfo}. */
export function describe(format: ProbedFormat, video: ProbedStream, audio: ProbedStream | undefined): MediaInfo {
  const rotation = clockwiseRotation(video)
  const turned = rotation % 180 === 90
  const [codedWidth, codedHeight] = [video.width ?? 0, video.height ?? 0]
  const pixelAspect = fraction(video.sample_aspect_ratio, ':') || 1
  const displayWidth = Math.round(codedWidth * pixelAspect)

  const startTime = seconds(format.start_time) ?? seconds(video.start_time) ?? 0
  const firstFrameTime = Math.max(0, (seconds(video.start_time) ?? startTime) - startTime)
  const counted = Number(video.nb_frames ?? 0)
  const rate = frameRate(format, video)
  // Matroska states where a video ends, counted from timestamp 0; the others state how long it lasts.
  const stated = isMatroska(format)
    ? minus(clockSeconds(video.tags?.DURATION), startTime + firstFrameTime)
    : seconds(video.duration)
  const remaining = minus(seconds(format.duration), isMatroska(format) ? startTime + firstFrameTime : firstFrameTime)
  const duration = [stated, remaining, counted / rate].find(value => value !== undefined && value > 0) ?? 0
  return {
    duration,
    width: turned ? codedHeight : displayWidth,
    height: turned ? displayWidth : codedHeight,
    storedWidth: turned ? codedHeight : codedWidth,
    storedHeight: turned ? codedWidth : codedHeight,
    rotation,
    frameRate: rate,
    frameCount: counted > 0 ? counted : Math.max(1, Math.round(duration * rate)),
    frameCountExact: counted > 0,
    codec: video.codec_name ?? 'unknown',
    pixelFormat: video.pix_fmt ?? 'unknown',
    container: format.format_name ?? 'unknown',
    hasAudio: audio !== undefined,
    audioCodec: audio?.codec_name ?? null,
    startTime,
    firstFrameTime,
    stream: video.index,
    ...(video.codec_name === 'h264' && video.field_order !== 'progressive' && { isInterlaced: true }),
  }
}

/** Of a raw stream the average is counted over its first packets, and then near what the stream itself says. */
function frameRate({ format_name: container = '' }: ProbedFormat, video: ProbedStream): number {
  const [average, stated] = [fraction(video.avg_frame_rate, '/'), fraction(video.r_frame_rate, '/')]
  const isNear = Math.abs(average - stated) < 0.1 * stated
  return (isRawStream({ container }) && isNear ? stated : average || stated) || 25
}

function isMatroska(format: ProbedFormat): boolean {
  return (format.format_name ?? '').includes('matroska')
}

/** Containers that state how long the picture lasts, not only how long all streams together do. */
const stating = new Set(['mov,mp4,m4a,3gp,3g2,mj2', 'avi', 'ogg', 'nut', 'mxf', 'gif', 'dv', 'yuv4mpegpipe'])

/** Whether the announced duration is known to be that of the picture. */
export function isOwnLength(format: ProbedFormat, video: ProbedStream, streams: readonly ProbedStream[]): boolean {
  const name = format.format_name ?? ''
  if (stating.has(name)) return seconds(video.duration) !== undefined
  if (!isMatroska(format)) return false
  const end = clockSeconds(video.tags?.DURATION)
  const whole = seconds(format.duration)
  if (end === undefined || whole === undefined) return whole !== undefined && streams.length === 1
  // Writers disagree whether the tag counts from 0 or from the first picture; and a tag may have been left from another
  // file.
  return (seconds(video.start_time) ?? 0) < 0.1 && (streams.length === 1 ? Math.abs(end - whole) < 1 : end < whole + 1)
}

/** The display matrix counts anticlockwise, the old `rotate` tag clockwise. */
function clockwiseRotation(video: ProbedStream): number {
  const matrix = video.side_data_list?.find(data => data.rotation !== undefined)?.rotation
  const clockwise = matrix !== undefined ? -matrix : Number(video.tags?.rotate ?? 0)
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360
}

function seconds(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? '')
  return Number.isFinite(value) ? value : undefined
}

/** Matroska states a stream's duration as a clock: `00:01:02.345000000`. */
function clockSeconds(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? '')
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}

function minus(value: number | undefined, subtracted: number): number | undefined {
  return value === undefined ? undefined : value - subtracted
}

/** `30000/1001` or `4:3` as a number; 0 when absent or undefined. */
function fraction(text: string | undefined, separator: string): number {
  const [over, under] = (text ?? '').split(separator).map(Number)
  return over && under ? over / under : 0
}
