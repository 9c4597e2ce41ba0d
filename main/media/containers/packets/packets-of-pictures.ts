import type { MediaInfo } from '../../media-info.ts'
import { hasFieldPackets } from './field-packets.ts'
import { markHiddenFrames } from './hidden-frames.ts'
import type { Packets } from './packets.ts'

/**
 * Whether each packet that is marked as shown is one picture on screen; hidden pictures are marked where they are told.
 */
export async function packetsTellPictures(
  path: string,
  info: MediaInfo,
  { packets, signal }: { readonly packets: Packets; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  return (await markHiddenFrames(path, info, packets)) && !(await hasFieldPackets(path, info, { packets, signal }))
}
