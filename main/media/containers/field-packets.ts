import { withAttempts } from '../ffmpeg/child-end.ts'
import { inputOptions, inputUrl, videoStream } from '../ffmpeg/input.ts'
import { runTool } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Packets } from './packets.ts'

/** So many packets tell whether two fields make a picture; a broadcast begins with a whole group of pictures at most. */
const lookedAt = 60
/** Of so few packets fewer pictures may come than of fields, because a recording begins amid a group. */
const picturesPerPacket = 0.75

/**
 * Whether packets of H.264 hold a field each, of which two make a picture (PAFF). Packets are decoded at the beginning
 * and in the middle, because an encoder chooses fields or frames for each picture.
 */
export async function hasFieldPackets(
  path: string,
  info: Pick<MediaInfo, 'codec' | 'isInterlaced' | 'stream'>,
  { packets, signal }: { readonly packets: Packets; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  if (info.codec !== 'h264' || info.isInterlaced !== true || packets.count < 2) return false
  const index = packets.count >> 1
  const middle = packets.times[index] || (packets.decoded[index] ?? NaN)
  const places = ['', ...(packets.count > 2 * lookedAt && !Number.isNaN(middle) ? [middle.toFixed(3)] : [])]
  const { output } = await withAttempts(signal, () =>
    runTool(
      'ffprobe',
      [
        '-v',
        'error',
        ...inputOptions,
        '-select_streams',
        videoStream(info),
        '-read_intervals',
        places.map(from => `${from}%+#${lookedAt}`).join(','),
        '-count_frames',
        '-count_packets',
        '-show_entries',
        'stream=nb_read_frames,nb_read_packets',
        '-of',
        'default=nw=1',
        inputUrl(path),
      ],
      { signal },
    ),
  )
  const count = (name: string): number =>
    Number(new RegExp(`${name}=(\\d+)`).exec(output.toString('latin1'))?.[1] ?? NaN)
  return count('nb_read_frames') < picturesPerPacket * count('nb_read_packets')
}
