import { packedFile } from '../../storage/files/packed-file.ts'
import type { MediaInfo } from '../media-info.ts'

/**
 * Containers ffmpeg may open, and streams of a video codec without a container. Without the list a text file could be
 * taken for a playlist and make ffmpeg read other files.
 */
const containers = [
  'mov',
  'mp4',
  'matroska',
  'webm',
  'avi',
  'mpegts',
  'mpeg',
  'ogg',
  'flv',
  'asf',
  'nut',
  'ivf',
  'gif',
  'dv',
  'mxf',
  'rm',
  'wtv',
  'mpegvideo',
  'h264',
  'hevc',
  'm4v',
  'h263',
  'vc1',
  'obu',
  'mjpeg',
  'yuv4mpegpipe',
  'mp3',
  'wav',
  'flac',
  'aac',
  'aiff',
  'w64',
  'caf',
  'ac3',
]

/** Options that go before every input: local files only, and only real media containers. */
export const inputOptions: readonly string[] = [
  '-protocol_whitelist',
  'file,pipe,subfile',
  '-format_whitelist',
  containers.join(','),
]

/**
 * A path as ffmpeg's file protocol takes it literally, whatever characters the name has; of a file in an archive the
 * bytes that are its own.
 */
export function inputUrl(file: string): string {
  const packed = packedFile(file)
  if (packed) return `subfile,,start,${packed.start},end,${packed.end},,:file:${packed.archive}`
  return `file:${file}`
}

/**
 * The stream of the film in ffmpeg's and ffprobe's notation; where it is not known, the first one that is no cover
 * picture.
 */
export function videoStream({ stream }: Pick<MediaInfo, 'stream'>): string {
  return stream === undefined ? 'V:0' : String(stream)
}
