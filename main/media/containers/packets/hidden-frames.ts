import { openFile } from '../../../storage/files/packed-file.ts'
import type { MediaInfo } from '../../media-info.ts'
import { isMatroska } from '../container-kinds.ts'
import { packetReader } from './packet-reader.ts'
import type { Packets } from './packets.ts'

/** An encoder of VP8 gives a hidden picture the time of the next one, or a tick before it. */
const beside = 0.0025

/**
 * Marks the pictures of VP8 that are only referred to and never shown: in the container they look like others.
 * RFC 6386, 9.1: the first byte has, from the lowest bit, `not a key frame`, three bits of version, `shown`.
 * @returns false where such pictures are to be expected but cannot be told.
 */
export async function markHiddenFrames(
  path: string,
  info: Pick<MediaInfo, 'codec' | 'container'>,
  packets: Packets,
): Promise<boolean> {
  if (info.codec !== 'vp8') return true
  // Elsewhere a hidden picture has a time like any other, and so many as are hidden are shown too late.
  if (!isMatroska(info)) return false
  const { times } = packets
  if (!times.some((time, index) => time - (times[index - 1] ?? -Infinity) < beside)) return true
  if (!packets.positions.every(Number.isFinite)) return false
  const file = await openFile(path)
  try {
    const read = packetReader(file, true)
    const shown: number[] = []
    for (let index = 0; index < packets.count; index += 1) {
      const [first] = await read(packets.positions[index] ?? 0, packets.sizes[index] ?? 0)
      // A byte that contradicts the container is not the one looked for.
      if (first === undefined || (first & 1) === packets.keys[index]) return false
      shown.push((first >> 4) & 1)
    }
    for (const [place, isShown] of shown.entries()) packets.shown[place] &&= isShown
    return true
  } finally {
    await file.close()
  }
}
