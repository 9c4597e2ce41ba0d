import { availableParallelism } from 'node:os'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { contentIdentity } from '../../storage/files/file-identity.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { starved, wasRefusedBytes, withAttempts } from '../ffmpeg/child-end.ts'
import { assertSound } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { decodeRuns } from './frame-process.ts'
import type { DecodedFrame, Picture } from './frame-process.ts'
import { hasNeedlessPackets } from './needed-packets.ts'
import { framesOnScreen, groupOf, planDecoding } from './sampling.ts'
import type { DecodeRun, WantedFrame } from './sampling.ts'
import { substitutes } from './substitutes.ts'

/**
 * Delivers one wanted frame; `time` is that of the picture, earlier than wanted where the wanted one was undecodable.
 */
export type DeliverFrame = (wanted: WantedFrame, time: number, bytes: Buffer) => void | Promise<void>

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined
  /** ffmpeg processes at a time; by default as many as help on this machine. One keeps the frames in order. */
  readonly lanes?: number | undefined
  /** Threads of one decoder; by default the lanes share the cores. */
  readonly threads?: number | undefined
}

/** Containers whose seeking lands on frames that cannot be decoded: these are read from the start. */
const unseekable = new Set([
  'mpegts',
  'mpeg',
  'rm',
  'dv',
  'gif',
  'ivf',
  'ogg',
  'mpegvideo',
  'h264',
  'hevc',
  'm4v',
  'h263',
  'vc1',
  'obu',
])
/** Inputs of one process: enough to make its start cheap, few enough for the memory of so many decoders. */
const mostInputs = 16
/** Pixels that the decoders of one process may hold, about ten frames each. */
const decoderPixels = 40e6

interface FramesToDecode extends DecodeOptions {
  readonly timeline: Timeline
  readonly times: readonly number[]
  readonly picture: Picture
  readonly deliver: DeliverFrame
}

/**
 * Decodes the frames on screen at the given times, each distinct frame once, and delivers them as they come.
 * A frame that cannot be decoded is replaced by the nearest decodable one before it (by the first of the video, if
 * there is none).
 * @throws ExpectedError `video-undecodable` when not one frame can be decoded; `video-unreadable` when the drive does
 * not give the file; as {@link import('../ffmpeg/tool.ts').runTool} when ffmpeg was ended again and again before it had
 * given them all.
 */
export async function decodeFrames(
  path: string,
  info: MediaInfo,
  { timeline, times, picture, deliver, ...options }: FramesToDecode,
): Promise<void> {
  if (timeline.frameTimes.length === 0) throw undecodable(path, english`it holds no readable frame`)
  const wanted = distinctFrames(framesOnScreen(timeline, times))
  const seekable = !info.container.split(',').some(name => unseekable.has(name))
  const pixels = info.storedWidth * info.storedHeight
  const { runs, leaveOut } = planDecoding(timeline, wanted, {
    seekable,
    pixels,
    needless: hasNeedlessPackets(info, timeline),
  })
  const lanes = Math.min(options.lanes ?? Math.min(4, availableParallelism()), runs.length)
  const threads = options.threads ?? Math.max(1, Math.min(8, Math.floor(availableParallelism() / lanes)))
  const batches = batchRuns(runs, info, lanes)

  let delivered: { readonly time: number; readonly bytes: Buffer } | undefined
  const orphans: WantedFrame[] = []
  let complaint = ''
  const give = async (frame: WantedFrame, time: number, bytes: Buffer): Promise<void> => {
    delivered = { time, bytes }
    await deliver(frame, time, bytes)
  }

  const nearest = substitutes(path, info, { timeline, picture, signal: options.signal })

  /** Gives the missing frames what can be decoded for them. */
  const substitute = async (missing: readonly WantedFrame[], messages: string): Promise<void> => {
    if (missing.length === 0) return
    if (wasRefusedBytes(messages)) await assertReadable(path, options.signal)
    complaint = messages || complaint
    const found = await nearest(missing)
    for (const frame of missing) {
      const other = found.get(frame) ?? delivered
      if (other) await give(frame, other.time, other.bytes)
      else orphans.push(frame)
    }
  }

  /**
   * One process, and whatever of it does not come in its place, so that frames stay in order when there is one lane.
   */
  const decodeBatch = async (batch: readonly DecodeRun[]): Promise<void> => {
    const missing = new Map(batch.map(run => [run, [...run.frames]]))
    const onFrame = async ({ run, time, bytes }: DecodedFrame): Promise<void> => {
      const waiting = missing.get(run) ?? []
      const position = waiting.findIndex(frame => time >= frame.from && time < frame.to)
      const frame = waiting[position]
      if (!frame) return
      await substitute(waiting.splice(0, position + 1).slice(0, -1), '')
      await give(frame, time, bytes)
    }
    /** What a decoder that was ended from outside has given stays; the rest is decoded anew. */
    const decode = (first: readonly DecodeRun[], onlyNeeded: boolean): Promise<string> =>
      withAttempts(options.signal, async attempt => {
        const runs = attempt === 1 ? first : rest()
        if (runs.length === 0) return ''
        const said = await decodeRuns(path, info, {
          timeline,
          runs,
          picture,
          threads,
          onlyNeeded,
          signal: options.signal,
          onFrame,
        })
        const problem = [...missing.values()].some(waiting => waiting.length > 0) ? starved('ffmpeg', said) : null
        if (problem) throw problem
        return said
      })
    /** The runs of the frames that have not come. */
    const rest = (): DecodeRun[] => {
      const open = [...missing].filter(([, waiting]) => waiting.length > 0)
      missing.clear()
      return open.map(([{ fromStart }, waiting]) => {
        const run: DecodeRun = {
          frames: [...waiting],
          fromStart: fromStart || !waiting[0] || groupOf(timeline, waiting[0]) <= 0,
        }
        missing.set(run, waiting)
        return run
      })
    }
    let messages = await decode(batch, leaveOut)
    // What did not come from packets that were handed on, ffmpeg may still find in the file itself.
    const again = leaveOut ? rest() : []
    if (again.length > 0) messages = await decode(again, false)
    for (const waiting of missing.values()) await substitute(waiting, messages)
  }

  let next = 0
  const lane = async (): Promise<void> => {
    for (let batch = batches[next]; batch; batch = batches[next]) {
      next += 1
      await decodeBatch(batch)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  for (const frame of orphans) {
    if (!delivered) {
      await assertSound('ffmpeg', options.signal)
      throw undecodable(path, lastSentence(complaint))
    }
    await deliver(frame, delivered.time, delivered.bytes)
  }
}

/** Tells a drive that fails from a file that is damaged. @throws ExpectedError `video-unreadable`; the abort reason. */
async function assertReadable(path: string, signal: AbortSignal | undefined): Promise<void> {
  await contentIdentity(path, signal).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new ExpectedError('video-unreadable', fileProblem(path, error), { cause: error })
  })
}

function distinctFrames(frames: readonly WantedFrame[]): WantedFrame[] {
  const byTime = new Map(frames.map(frame => [frame.time, frame]))
  return [...byTime.values()].sort((a, b) => a.time - b.time)
}

/** Consecutive runs that share a process: evenly over the lanes, within the limits of one process. */
function batchRuns(runs: readonly DecodeRun[], info: MediaInfo, lanes: number): DecodeRun[][] {
  const inputs = Math.max(
    1,
    Math.min(
      mostInputs,
      Math.ceil(runs.length / lanes),
      Math.floor(decoderPixels / (info.storedWidth * info.storedHeight)),
    ),
  )
  const batches: DecodeRun[][] = []
  for (let first = 0; first < runs.length; first += inputs) batches.push(runs.slice(first, first + inputs))
  return batches
}

/**
 * Sentences about what the timeline lacks, one of them when the file's packets end well before the duration it
 * announces.
 */
export function shortcomings(path: string, info: MediaInfo, timeline: Timeline): string[] {
  const { warnings = [] } = timeline
  const end = (timeline.frameTimes.at(-1) ?? 0) + 1 / info.frameRate
  const announced = info.firstFrameTime + (info.announcedDuration ?? info.duration)
  if (!timeline.complete || announced - end <= Math.max(1, 0.02 * info.duration)) return [...warnings]
  return [
    ...warnings,
    english`${path} ends after ${end.toFixed(1)} s of the ${announced.toFixed(1)} s it announces: it is incomplete, and times after that show its last frame.`,
  ]
}

function lastSentence(messages: string): string {
  return (
    messages
      .split('\n')
      .at(-1)
      ?.replace(/^\[[^\]]*\]\s*/, '')
      .trim() || english`ffmpeg gave no reason`
  )
}

function undecodable(path: string, reason: string): ExpectedError {
  return new ExpectedError(
    'video-undecodable',
    `No frame of ${path} can be decoded (${reason}); the file is damaged or incomplete: copy or download it again.`,
  )
}
