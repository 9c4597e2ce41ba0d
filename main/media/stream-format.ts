import type { FileHandle } from 'node:fs/promises'
import { matroskaFormat } from './matroska.ts'
import type { MediaInfo } from './media-info.ts'

/** What a decoder of H.264 or H.265 must know before the first packet. */
export interface StreamFormat {
  /** The decoder configuration record of ISO/IEC 14496-15. */
  readonly configuration: Buffer
  /** Code point of Rec. ITU-T H.273 for the matrix that turns the colours into RGB, and whether they use the full range; undefined where the container does not tell. */
  readonly matrix: number | undefined
  readonly fullRange: boolean | undefined
}

/** Whether the container is one of those of which {@link readStreamFormat} knows: MP4 and QuickTime, or Matroska and WebM. */
export function holdsStreamFormat(info: MediaInfo): boolean {
  return isIsoFile(info) || isMatroska(info)
}

export function isMatroska({ container }: MediaInfo): boolean {
  return container.split(',').includes('matroska')
}

function isIsoFile({ container }: MediaInfo): boolean {
  return container.split(',').includes('mp4')
}

/** The format of the first video track; undefined where the container does not tell it in the usual way. */
export async function readStreamFormat(file: FileHandle, info: MediaInfo): Promise<StreamFormat | undefined> {
  return isMatroska(info) ? matroskaFormat(await read(file, 0, MATROSKA_HEAD)) : isoFormat(await readMoov(file))
}

/** A movie's index takes a few hundred bytes a second. */
const LARGEST_INDEX = 2 ** 28
/** Tracks are described at the beginning; before them lies at most a list of places. */
const MATROSKA_HEAD = 2 ** 18

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

async function readMoov(file: FileHandle): Promise<Buffer> {
  for (let position = 0; ;) {
    const header = await read(file, position, 16)
    if (header.length < 8) return header.subarray(0, 0)
    const short = header.readUInt32BE(0)
    const size = short === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : short
    if (header.toString('latin1', 4, 8) === 'moov') return size <= LARGEST_INDEX ? read(file, position + 8, Math.max(0, size - 8)) : header.subarray(0, 0)
    if (size < 8) return header.subarray(0, 0)
    position += size
  }
}

/** ISO/IEC 14496-12 and QuickTime File Format. */
function isoFormat(moov: Buffer): StreamFormat | undefined {
  const media = boxes(moov).filter(({ type }) => type === 'trak').map(({ content }) => box(content, 'mdia'))
    .find((mdia) => box(mdia, 'hdlr')?.toString('latin1', 8, 12) === 'vide')
  const descriptions = box(box(box(media, 'minf'), 'stbl'), 'stsd')
  const [description, ...others] = boxes(descriptions?.subarray(8))
  if (!description || others.length > 0) return undefined
  // VisualSampleEntry: 78 bytes, then boxes.
  const details = description.content.subarray(78)
  const configuration = box(details, 'avcC') ?? box(details, 'hvcC')
  const colour = box(details, 'colr')
  const kind = colour?.toString('latin1', 0, 4)
  const told = colour && (kind === 'nclx' || kind === 'nclc') && colour.length >= 10 ? colour : undefined
  return configuration && { configuration, matrix: told?.readUInt16BE(8), fullRange: kind === 'nclx' && told && told.length > 10 ? told.readUInt8(10) >= 0x80 : undefined }
}

interface Box { readonly type: string; readonly content: Buffer }

/** The boxes that follow one another; one that is cut off ends them. */
function boxes(bytes: Buffer | undefined): Box[] {
  const found: Box[] = []
  for (let rest = bytes; rest && rest.length >= 8;) {
    const size = rest.readUInt32BE(0)
    if (size < 8 || size > rest.length) break
    found.push({ type: rest.toString('latin1', 4, 8), content: rest.subarray(8, size) })
    rest = rest.subarray(size)
  }
  return found
}

function box(bytes: Buffer | undefined, wanted: string): Buffer | undefined {
  return boxes(bytes).find(({ type }) => type === wanted)?.content
}
