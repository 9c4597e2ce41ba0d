/**
 * Containers ffmpeg may open. Without the list a text file could be taken for a playlist and make ffmpeg read other files.
 */
const CONTAINERS = [
  'mov', 'mp4', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'ogg', 'flv', 'asf', 'nut', 'ivf', 'gif', 'dv', 'mxf', 'rm', 'wtv',
  'mp3', 'wav', 'flac', 'aac', 'aiff', 'w64', 'caf', 'ac3',
]

/** Options that go before every input: local files only, and only real media containers. */
export const INPUT_OPTIONS: readonly string[] = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', CONTAINERS.join(',')]

/** A path as ffmpeg's file protocol takes it literally, whatever characters the name has. */
export function inputUrl(file: string): string {
  return `file:${file}`
}

/** The first video stream that is not a cover picture, in ffmpeg's and ffprobe's notation. */
export const VIDEO_STREAM = 'V:0'
