import { openFile } from '../../../storage/files/packed-file.ts'
import { withAttempts } from '../../ffmpeg/child-end.ts'
import { inputOptions, inputUrl, videoStream } from '../../ffmpeg/input.ts'
import { runTool } from '../../ffmpeg/tool.ts'
import type { MediaInfo } from '../../media-info.ts'
import { packetPart } from '../codecs/h264-fields.ts'
import { h264Pictures } from '../codecs/h264-parameters.ts'
import { isMatroska } from '../container-kinds.ts'
import { blockHeaderOf } from './packet-reader.ts'
import type { Packets } from './packets.ts'
import { holdsStreamFormat, readStreamFormat } from './read-stream-format.ts'

/**
 * So many packets tell whether two fields make a picture; a broadcast begins with a whole group of pictures at most.
 */
const lookedAt = 60
/** Of so few packets fewer pictures may come than of fields, because a recording begins amid a group. */
const picturesPerPacket = 0.75

/** So many packets of a file, evenly spread, have the heads of their slices read. */
const readAt = 4000

/**
 * Whether packets of H.264 hold a field each, of which two make a picture (PAFF), all of them or some: an encoder
 * chooses fields or frames for each picture.
 */
export async function hasFieldPackets(
  path: string,
  info: Pick<MediaInfo, 'codec' | 'container' | 'isInterlaced' | 'stream'>,
  { packets, signal }: { readonly packets: Packets; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  if (info.codec !== 'h264' || info.isInterlaced !== true || packets.count < 2) return false
  return (await fieldsBySlices(path, info, packets)) ?? fieldsByDecoding(path, info, { packets, signal })
}

/** By the slices themselves; undefined where the container does not say where they are. */
async function fieldsBySlices(
  path: string,
  info: Pick<MediaInfo, 'container' | 'stream'>,
  packets: Packets,
): Promise<boolean | undefined> {
  if (!holdsStreamFormat(info) || !packets.positions.every(Number.isFinite)) return undefined
  const file = await openFile(path)
  try {
    const configuration = (await readStreamFormat(file, info))?.configuration
    const pictures = configuration && h264Pictures(configuration)
    if (!configuration || !pictures) return undefined
    const format = { lengthBytes: (configuration.readUInt8(4) & 3) + 1, pictures }
    const before = isMatroska(info) ? blockHeaderOf(file) : () => Promise.resolve(0)
    const stride = Math.max(1, Math.floor(packets.count / readAt))
    for (let index = 0; index < packets.count; index += stride) {
      const [stored = 0, size = 0] = [packets.positions[index], packets.sizes[index]]
      if (size === 0) continue
      const part = await packetPart(file, { position: stored + (await before(stored)), size }, format)
      if (part === undefined) return undefined
      if (part === 'one field') return true
    }
    return false
  } finally {
    await file.close()
  }
}

/** Packets are decoded at the beginning and in the middle. */
async function fieldsByDecoding(
  path: string,
  info: Pick<MediaInfo, 'stream'>,
  { packets, signal }: { readonly packets: Packets; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
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
