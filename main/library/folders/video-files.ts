import { extname, sep } from 'node:path'

/** Extensions of the files a library looks at, in lower case. What is inside is told by probing. */
export const videoExtensions: readonly string[] = [
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'webm',
  'avi',
  'mpg',
  'mpeg',
  'ts',
  'mts',
  'wmv',
  'flv',
  '3gp',
  'ogv',
  'vob',
  'm2ts',
  'mpe',
  'm1v',
  'm2v',
  'asf',
  'f4v',
  '3g2',
  'mxf',
  'h264',
  '264',
  'hevc',
  'h265',
  '265',
  'y4m',
  'ivf',
  'nut',
  'm2t',
  'm2p',
  'mpv',
  'mjpeg',
  'mjpg',
  'obu',
  'vc1',
  'dv',
  'divx',
  'ogm',
  'rm',
  'rmvb',
  'wtv',
]

export function isVideoFile(name: string): boolean {
  return videoExtensions.includes(extname(name).slice(1).toLowerCase())
}

/** Hidden files and folders, by the convention of Unix; macOS strews `._name.mp4` beside real files. */
export function isHidden(name: string): boolean {
  return name.startsWith('.')
}

/** A text by which names sort as people expect: without regard to case, `clip 2` before `clip 10`. */
export function naturalOrder(name: string): string {
  return foldText(name).replace(/\d+/g, digits => digits.padStart(12, '0'))
}

/** One spelling for what a search should not tell apart: case and composed characters. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Whether `inner` is `outer` or lies inside it. Absolute, normalised paths. */
export function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)
}

/** The bounds, both excluded, between which all paths inside a folder sort. */
export function pathRange(folder: string): [after: string, before: string] {
  const bare = folder.endsWith(sep) ? folder.slice(0, -1) : folder
  return [bare + sep, bare + String.fromCharCode(sep.charCodeAt(0) + 1)]
}
