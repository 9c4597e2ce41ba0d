import { open } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { keepPackets, Packets } from '../containers/packets.ts'
import { isRawStream } from '../containers/stream-format.ts'
import { withAttempts } from '../ffmpeg/child-end.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import { inputOptions, inputUrl } from '../ffmpeg/input.ts'
import { assertSound, runTool } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'
import { listedMatroska } from './listed-matroska.ts'
import { listedStreams } from './listed-streams.ts'
import { listedTimeline } from './listed-timeline.ts'
import { measured, readLimits } from './measured-info.ts'
import type { ReadLimits } from './measured-info.ts'
import { beginning, checkReadable, unopenable } from './openable.ts'
import { Probed, probedEntries } from './probe-output.ts'
import type { ProbedFormat, ProbedStream } from './probe-output.ts'
import { probeWithPackets } from './probed-packets.ts'
import type { ProbedFile } from './probed-packets.ts'

/**
 * Reads what a video file is, without decoding it.
 * @throws ExpectedError, each with one sentence that names the file: `video-missing`, `video-unreadable`,
 * `video-empty`, `not-a-video`, `audio-only`, `video-truncated`, `video-damaged`, `no-decoder`; or, where it is not the
 * file's fault, `ffmpeg-missing`, `ffmpeg-broken` or `tool-interrupted`.
 */
export async function probe(
  path: string,
  options: { readonly signal?: AbortSignal | undefined; readonly limits?: ReadLimits } = {},
): Promise<MediaInfo> {
  const { signal, limits = readLimits } = options
  await checkReadable(path)
  const file = await open(path)
  try {
    const head = await beginning(file)
    const isSmall = (await file.stat()).size <= limits.small
    const listed = head.isIso
      ? await indexedInfo(path, await listedStreams(file), signal)
      : head.isMatroska && (await listedInfo(path, await listedMatroska(file, { whole: isSmall }), { limits, signal }))
    signal?.throwIfAborted()
    if (listed) return listed
    // An MP4 file has a list of its packets, which need not be read then.
    const probed = isSmall && !head.isQuickTime ? await probeWithPackets(path, signal) : undefined
    const info = await mediaInfo(path, probed ?? { probed: await ffprobe(path, signal) }, { limits, signal })
    const packets = probed?.packets?.get(info.stream ?? -1)
    if (packets) await keepPackets(path, info, packets)
    return info
  } finally {
    await file.close()
  }
}

interface Reading {
  readonly limits: ReadLimits
  readonly signal: AbortSignal | undefined
}

async function listedInfo(
  path: string,
  listed: ProbedFile | undefined,
  reading: Reading,
): Promise<MediaInfo | undefined> {
  return listed && mediaInfo(path, listed, reading)
}

/** Of an MP4 or QuickTime file; undefined where its index tells of what is not there. */
async function indexedInfo(
  path: string,
  probed: Probed | undefined,
  signal: AbortSignal | undefined,
): Promise<MediaInfo | undefined> {
  const film = probed?.streams.find(stream => stream.codec_type === 'video')
  const audio = probed?.streams.find(stream => stream.codec_type === 'audio')
  if (!probed || !film || !(await ffmpegAbilities()).decodes.has(film.codec_name ?? '')) return undefined
  const info = { ...describe(probed.format, film, audio), behindPicture: false }
  return (await listedTimeline(path, info, signal)) ? info : undefined
}

async function ffprobe(path: string, signal: AbortSignal | undefined): Promise<Probed> {
  const { exitCode, output, errorText } = await withAttempts(signal, () =>
    runTool(
      'ffprobe',
      ['-v', 'error', ...inputOptions, '-print_format', 'json', '-show_entries', probedEntries, inputUrl(path)],
      { signal, outputLimit: 4 * 1024 * 1024, background: false },
    ),
  )
  if (exitCode !== 0) {
    await assertSound('ffprobe', signal)
    throw await unopenable(path, errorText)
  }
  return Probed.parse(JSON.parse(output.toString('utf8')))
}

async function mediaInfo(
  path: string,
  { probed: { format, streams }, packets: read }: ProbedFile,
  { limits, signal }: Reading,
): Promise<MediaInfo> {
  const pictures = streams.filter(stream => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1)
  const video = pictures.find(stream => !isStill(stream)) ?? pictures[0]
  const audio = streams.find(stream => stream.codec_type === 'audio')
  if (!video) {
    if (audio) {
      throw new ExpectedError('audio-only', `${path} has sound but no picture: it is an audio file, not a video.`)
    }
    throw new ExpectedError('not-a-video', `${path} has no video stream, so there is nothing to watch or index in it.`)
  }
  const codec = video.codec_name ?? 'unknown'
  if (!(await ffmpegAbilities()).decodes.has(codec)) {
    throw new ExpectedError(
      'no-decoder',
      `${path} is stored with the codec “${codec}”, which the installed ffmpeg cannot decode; convert the file to H.264 or install an ffmpeg built with that decoder.`,
    )
  }
  if (!video.width || !video.height) {
    throw new ExpectedError(
      'video-damaged',
      `${path} announces a video stream but holds no readable picture: the file is damaged or incomplete; copy or download it again.`,
    )
  }
  const packets = read && (read.get(video.index) ?? new Packets())
  return measured(
    path,
    { ...describe(format, video, audio), behindPicture: video !== pictures[0] },
    { isOwn: isOwnLength(format, video, streams), packets, limits, signal },
  )
}

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

function describe(format: ProbedFormat, video: ProbedStream, audio: ProbedStream | undefined): MediaInfo {
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
function isOwnLength(format: ProbedFormat, video: ProbedStream, streams: readonly ProbedStream[]): boolean {
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
