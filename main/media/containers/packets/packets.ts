import { withAttempts } from '../../ffmpeg/child-end.ts'
import { inputOptions, inputUrl, videoStream } from '../../ffmpeg/input.ts'
import { assertSound, runTool } from '../../ffmpeg/tool.ts'
import { KnownFiles } from '../../known-files.ts'
import type { MediaInfo } from '../../media-info.ts'
import { readToEnd } from './read-to-end.ts'

/** What is known of a stored picture. Seconds as the container counts them, NaN where it gives none; bytes. */
export interface Packet {
  /** Of presentation. */
  readonly time: number
  /** Of decoding. */
  readonly decoded: number
  readonly duration: number
  readonly position: number
  readonly size: number
  readonly isKey: boolean
  /** False for what is decoded but never shown. */
  readonly isShown: boolean
}

/** Packets in decoding order. Kept in columns, because a long recording has a million of them. */
export class Packets {
  readonly times: number[] = []
  readonly decoded: number[] = []
  readonly durations: number[] = []
  readonly positions: number[] = []
  readonly sizes: number[] = []
  readonly keys: number[] = []
  /** 1 for a picture that is shown, else 0. */
  readonly shown: number[] = []

  get count(): number {
    return this.times.length
  }

  add(packet: Packet): void {
    this.times.push(packet.time)
    this.decoded.push(packet.decoded)
    this.durations.push(packet.duration)
    this.positions.push(packet.position)
    this.sizes.push(packet.size)
    this.keys.push(packet.isKey ? 1 : 0)
    // What has no bytes is no picture.
    this.shown.push(packet.isShown && packet.size > 0 ? 1 : 0)
  }
}

interface Read {
  readonly packets: Packets
  /** ffprobe had nothing to complain about. */
  readonly isWhole: boolean
}

/** All packets of files of at most an hour or so; more take megabytes each. */
const known = new KnownFiles<Read>(8, ({ packets, isWhole }) => isWhole && packets.count <= 100_000)

/**
 * Reads the packets of the film, without decoding them. All of them are kept while the file does not change.
 * @param options `around`: seconds as the container counts them; only packets near these are looked up. `from`: only
 * packets from there on.
 * @throws ExpectedError as {@link runTool} and {@link readToEnd} when ffprobe was kept from reading to the end.
 */
export async function readPackets(
  path: string,
  info: Pick<MediaInfo, 'stream'>,
  options: {
    readonly around?: readonly number[]
    readonly from?: number
    readonly signal?: AbortSignal | undefined
  } = {},
): Promise<Packets> {
  const { around = [], from, signal } = options
  // Half a second more than asked, because packets come in decoding order and a shown frame may follow a later one.
  const looked = around.map(at => `${at.toFixed(3)}%${(at + 0.5).toFixed(3)}`)
  const intervals = (from === undefined ? looked : [`${from.toFixed(3)}%`]).join(',')
  const list = (): Promise<Read> => withAttempts(signal, () => runFfprobe(path, info, { intervals, signal }))
  const read = (): Promise<Read> => readToEnd(path, { list, packetsOf: ({ packets }) => [packets], signal })
  if (around.length > 0) return (await list()).packets
  return (await (intervals ? read() : known.get(path, info.stream, read))).packets
}

/** Keeps all packets of the film, which ffprobe has told beside other things, for who asks for them next. */
export async function keepPackets(path: string, info: Pick<MediaInfo, 'stream'>, packets: Packets): Promise<void> {
  await known.get(path, info.stream, () => Promise.resolve({ packets, isWhole: true }))
}

async function runFfprobe(
  path: string,
  info: Pick<MediaInfo, 'stream'>,
  { intervals, signal }: { readonly intervals: string; readonly signal: AbortSignal | undefined },
): Promise<Read> {
  const packets = new Packets()
  let partial = ''
  const { exitCode } = await runTool(
    'ffprobe',
    [
      '-v',
      'error',
      ...inputOptions,
      '-select_streams',
      videoStream(info),
      ...(intervals ? ['-read_intervals', intervals] : []),
      '-show_entries',
      'packet=pts_time,dts_time,duration_time,size,pos,flags',
      '-of',
      'csv=p=0',
      inputUrl(path),
    ],
    {
      signal,
      onOutput: piece => {
        const lines = (partial + piece.toString('latin1')).split('\n')
        partial = lines.pop() ?? ''
        for (const line of lines) addLine(packets, line)
      },
    },
  )
  if (exitCode !== 0) await assertSound('ffprobe', signal)
  addLine(packets, partial)
  return { packets, isWhole: exitCode === 0 }
}

/** A line `pts,dts,duration,size,pos,flags`. */
function addLine(packets: Packets, line: string): void {
  const [time, decoded, duration, size, position, flags] = line.split(',')
  if (flags === undefined) return
  packets.add({
    time: number(time),
    decoded: number(decoded),
    duration: number(duration),
    position: number(position),
    size: number(size),
    ...flagged(flags),
  })
}

/** What ffprobe's flags of a packet say: K for a keyframe, D for a frame that is decoded but not shown. */
export const flagged = (flags: string): Pick<Packet, 'isKey' | 'isShown'> => ({
  isKey: flags.includes('K'),
  isShown: !flags.includes('D'),
})

/** NaN for `N/A`. */
function number(text: string | undefined): number {
  return text === undefined || text === '' ? NaN : Number(text)
}
