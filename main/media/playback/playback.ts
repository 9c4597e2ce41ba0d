import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { MediaInfo } from '../media-info.ts'

/** An answer with HTTP's meaning; the desktop app's `media:` protocol and the server send it as it is. */
export interface RangeResponse {
  readonly status: 200 | 206 | 416
  readonly headers: Readonly<Record<string, string>>
  /** The bytes; null when there are none to send. Destroying it closes the file. */
  readonly stream: Readable | null
}

const quicktime = 'mov'
const matroska = 'matroska'
/** What Chromium decodes in software on every platform, by container. HEVC depends on the hardware and is left out. */
const direct: Readonly<Record<string, ReadonlySet<string>>> = {
  [quicktime]: new Set(['h264', 'vp9', 'av1']),
  [matroska]: new Set(['h264', 'vp8', 'vp9', 'av1']),
}
/** Chromium's H.264 decoder is sure for 8 bit 4:2:0 only; its VP9 and AV1 decoders take 10 bit too. */
const eightBit = new Set(['yuv420p', 'yuvj420p', 'yuva420p'])
const tenBit = new Set([...eightBit, 'yuv420p10le'])

/** Whether Chromium can play the file as it is; otherwise a proxy is needed (`makeProxy`). */
export function playable(info: MediaInfo): boolean {
  const container = info.container.split(',').find(name => name in direct)
  if (info.behindPicture || container === undefined || !direct[container]?.has(info.codec)) return false
  return (info.codec === 'vp9' || info.codec === 'av1' ? tenBit : eightBit).has(info.pixelFormat)
}

/** By extension. QuickTime is named as MP4, its sibling, because browsers refuse its own name though they play it. */
const contentTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
  '.ts': 'video/mp2t',
  '.mpg': 'video/mpeg',
  '.mpeg': 'video/mpeg',
  '.ogv': 'video/ogg',
}

/**
 * Answers a request for a file, or for one range of it, as HTTP defines (RFC 9110, section 14).
 * A header that is malformed or asks for several ranges is ignored, as the RFC allows: the whole file is sent.
 * @param rangeHeader value of the request's `Range` header, e.g. `bytes=0-1023`.
 * @throws ExpectedError `video-missing` or `video-unreadable`.
 */
export async function openRange(file: string, rangeHeader: string | null | undefined): Promise<RangeResponse> {
  const handle = await openFile(file)
  try {
    const { size } = await handle.stat()
    const common = {
      'Content-Type': contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream',
      'Accept-Ranges': 'bytes',
    }
    const range = parseRange(rangeHeader, size)
    if (range === 'unsatisfiable') {
      await handle.close()
      return {
        status: 416,
        headers: { ...common, 'Content-Range': `bytes */${size}`, 'Content-Length': '0' },
        stream: null,
      }
    }
    const [start, end] = range ?? [0, size - 1]
    const headers = {
      ...common,
      'Content-Length': String(end - start + 1),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    }
    if (end < start) await handle.close()
    return { status: range ? 206 : 200, headers, stream: end < start ? null : handle.createReadStream({ start, end }) }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ExpectedError(
        'video-missing',
        `${file} is not there any more: it was deleted, moved or its drive is not connected.`,
        { cause: error },
      )
    }
    throw new ExpectedError(
      'video-unreadable',
      `${file} cannot be read (${String(code ?? error)}); check its permissions and its drive.`,
      { cause: error },
    )
  }
}

/** First and last byte; undefined for the whole file. */
function parseRange(header: string | null | undefined, size: number): [number, number] | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  if (match[1] === '') {
    const suffix = Math.min(Number(match[2]), size)
    return suffix === 0 ? 'unsatisfiable' : [size - suffix, size - 1]
  }
  const start = Number(match[1])
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  if (match[2] !== '' && Number(match[2]) < start) return undefined
  return start >= size ? 'unsatisfiable' : [start, end]
}
