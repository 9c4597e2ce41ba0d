import { english } from '../../../native-models/english.ts'
import { isRawStream } from '../containers/container-kinds.ts'
import type { Packets } from '../containers/packets/packets.ts'
import { readFrom } from '../containers/packets/read-to-end.ts'
import { starved, wasRefusedBytes, withAttempts } from '../ffmpeg/child-end.ts'
import { everyFrameOnce } from '../ffmpeg/executables.ts'
import { inputOptions, inputUrl, videoStream } from '../ffmpeg/input.ts'
import { runTool } from '../ffmpeg/tool.ts'
import { KnownFiles } from '../known-files.ts'
import type { MediaInfo } from '../media-info.ts'
import { oneClock, longestPause } from './clock.ts'
import type { Timeline } from './timeline.ts'

/** What a whole decode of a file told. */
interface Decoded {
  /** When each picture is shown, seconds as the container counts, NaN where not even the decoder can tell. */
  readonly stamps: readonly number[]
  readonly errors: number
  /** Whether the decoder was refused bytes, or says so of a file that makes no sense to it. */
  readonly refused: boolean
}

/** Decodes of whole files. */
const known = new KnownFiles<Decoded>(64)

/**
 * The timeline of a file whose packets do not tell one picture from another: all of it is decoded once, as sampling
 * will, and its pictures are then found by counting. Kept while the file does not change.
 */
export async function decodedTimeline(
  path: string,
  info: MediaInfo,
  { packets, signal }: { readonly packets: Packets; readonly signal?: AbortSignal | undefined },
): Promise<Timeline> {
  const decode = async (): Promise<Decoded> => {
    const all = () => withAttempts(signal, () => decodeAll(path, info, signal))
    const decoded = await all()
    if (!decoded.refused) return decoded
    // A drive that failed for a moment does not do so twice.
    await readFrom(path, 0, signal)
    return all()
  }
  const decoded = await known.get(path, info.stream, decode)
  const { times, jumps } = oneClock(fromBeginning(decoded, info, packets), 1 / info.frameRate, longestPause(info))
  return {
    frameTimes: times,
    keyframeTimes: times.slice(0, 1),
    complete: true,
    listed: false,
    timed: false,
    reordered: true,
    hidden: true,
    warnings: [...jumped(path, jumps), ...lost(path, { packets, decoded: times.length, errors: decoded.errors })],
  }
}

/**
 * Seconds from the video's beginning. A first picture without a time is shown at the beginning: the decoder takes the
 * time of its decoding, and those after it then come too late by what B-frames are held back.
 */
function fromBeginning({ stamps }: Decoded, info: MediaInfo, packets: Packets): number[] {
  const interval = 1 / info.frameRate
  // What the decoder gives as times is then guessed, of some pictures only.
  if (isRawStream(info)) return stamps.map((_, index) => info.firstFrameTime + index * interval)
  const times = stamps.map(stamp => stamp - info.startTime)
  if (!Number.isNaN(packets.times[0] ?? 0)) return times
  const [, second = NaN] = times
  const late = second - interval - info.firstFrameTime
  return times.map((time, index) => (index === 0 ? info.firstFrameTime : time - Math.max(0, late || 0)))
}

async function decodeAll(path: string, info: MediaInfo, signal: AbortSignal | undefined): Promise<Decoded> {
  const stamps: number[] = []
  let errors = 0
  const { errorText } = await runTool(
    'ffmpeg',
    [
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-loglevel',
      'repeat+level+info',
      '-copyts',
      ...inputOptions,
      '-i',
      inputUrl(path),
      '-map',
      `0:${videoStream(info)}`,
      '-vf',
      'settb=AVTB,showinfo=checksum=0',
      await everyFrameOnce(),
      'passthrough',
      '-f',
      'null',
      '-',
    ],
    {
      signal,
      onErrorLine: line => {
        const picture = /showinfo.*\] n:\s*\d+ pts:\s*(\S+)/.exec(line)
        if (picture) stamps.push(Number(picture[1]) / 1e6)
        // Two pictures at nearly one time trouble the writer of nothing, and are there all the same.
        else if (line.includes('[error]') && !/monoton/i.test(line)) errors += 1
      },
    },
  )
  const problem = starved('ffmpeg', errorText)
  if (problem) throw problem
  return { stamps, errors, refused: wasRefusedBytes(errorText) }
}

function jumped(path: string, jumps: number): string[] {
  if (jumps === 0) return []
  return [
    jumps === 1
      ? english`The clock of ${path} jumps once, as where recordings were joined: its times go on from there as if it had not.`
      : english`The clock of ${path} jumps ${jumps} times, as where recordings were joined: its times go on from there as if it had not.`,
  ]
}

/** Fewer pictures come out because of damage, or because a packet holds less than one; only the first is a loss. */
function lost(
  path: string,
  { packets, decoded, errors }: { readonly packets: Packets; readonly decoded: number; readonly errors: number },
): string[] {
  const stored = packets.shown.reduce((sum, shown) => sum + shown, 0)
  const beginsWithKey = packets.keys[packets.shown.indexOf(1)] === 1
  if (decoded >= stored || (errors === 0 && beginsWithKey)) return []
  return [english`${stored - decoded} of ${stored} pictures stored in ${path} cannot be decoded and are left out.`]
}
