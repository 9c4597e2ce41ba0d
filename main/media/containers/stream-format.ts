import type { FileHandle } from 'node:fs/promises'
import type { MediaInfo } from '../media-info.ts'
import { readIndex } from './iso-boxes.ts'
import { isoFormat } from './iso-file.ts'
import { matroskaFormat } from './matroska.ts'

/** What a decoder of H.264 or H.265 must know before the first packet. */
export interface StreamFormat {
  /** The decoder configuration record of ISO/IEC 14496-15. */
  readonly configuration: Buffer
  /**
   * Code point of Rec. ITU-T H.273 for the matrix that turns the colours into RGB, and whether they use the full range;
   * undefined where the container does not tell.
   */
  readonly matrix: number | undefined
  readonly fullRange: boolean | undefined
}

/**
 * Whether the container is one of those of which {@link readStreamFormat} knows: MP4 and QuickTime, or Matroska and
 * WebM.
 */
export function holdsStreamFormat(info: Pick<MediaInfo, 'container'>): boolean {
  return isIsoFile(info) || isMatroska(info)
}

export function isMatroska({ container }: Pick<MediaInfo, 'container'>): boolean {
  return container.split(',').includes('matroska')
}

/** MP4 and QuickTime. */
export function isIsoFile({ container }: Pick<MediaInfo, 'container'>): boolean {
  return container.split(',').includes('mp4')
}

const rawStreams = new Set(['mpegvideo', 'h264', 'hevc', 'm4v', 'h263', 'vc1', 'obu'])

/** A stream of a codec without a container, which has no clock. */
export function isRawStream({ container }: Pick<MediaInfo, 'container'>): boolean {
  return rawStreams.has(container)
}

/** Tracks are described at the beginning; before them lies at most a list of places. */
const matroskaHead = 2 ** 18

/** The format of the film; undefined where the container does not tell it in the usual way. */
export async function readStreamFormat(
  file: FileHandle,
  info: Pick<MediaInfo, 'container' | 'stream'>,
): Promise<StreamFormat | undefined> {
  if (!isMatroska(info)) return isoFormat(await readIndex(file), info.stream)
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(matroskaHead), 0, matroskaHead, 0)
  return matroskaFormat(buffer.subarray(0, bytesRead), info.stream)
}
