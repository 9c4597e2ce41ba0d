import type { FileHandle } from 'node:fs/promises'
import type { MediaInfo } from '../../media-info.ts'
import { isIsoFile, isMatroska } from '../container-kinds.ts'
import { readIndex } from '../iso/iso-boxes.ts'
import { isoFormat } from '../iso/iso-tracks.ts'
import { matroskaFormat } from '../matroska/matroska-format.ts'
import type { StreamFormat } from '../stream-format.ts'

/**
 * Whether the container is one of those of which {@link readStreamFormat} knows: MP4 and QuickTime, or Matroska and
 * WebM.
 */
export function holdsStreamFormat(info: Pick<MediaInfo, 'container'>): boolean {
  return isIsoFile(info) || isMatroska(info)
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
