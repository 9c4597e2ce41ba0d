import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everyFrameOnce, ffmpegAbilities } from '../ffmpeg/executables.ts'
import { inputOptions, inputUrl, videoStream } from '../ffmpeg/input.ts'
import { runTool } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { JpegSplitter, RawFrameSplitter } from './frame-splitter.ts'
import { neededPacketsInput, neededPackets } from './needed-packets.ts'
import type { DecodeRun } from './sampling.ts'
import { groupOf } from './sampling.ts'

/** What ffmpeg makes of every chosen frame. */
export type Picture =
  | { readonly kind: 'rgb'; readonly filter: string; readonly width: number; readonly height: number }
  | { readonly kind: 'jpeg'; readonly filter: string; readonly quality: number }

/** A decoded frame: seconds from the video's beginning, position among the run's output, and its picture. */
export interface DecodedFrame {
  readonly run: DecodeRun
  readonly time: number
  readonly bytes: Buffer
}

export interface FrameProcessOptions {
  readonly threads: number
  /** Other frames than the wanted ones: every frame of the runs, or of each the first that can be decoded. */
  readonly instead?: 'every' | 'first'
  /**
   * Of a single run, packets that are neither wanted nor referred to are kept from the decoder (see
   * `hasNeedlessPackets`).
   */
  readonly onlyNeeded?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onFrame: (frame: DecodedFrame) => void | Promise<void>
}

interface RunsToDecode extends FrameProcessOptions {
  readonly timeline: Timeline
  readonly runs: readonly DecodeRun[]
  readonly picture: Picture
}

/**
 * Decodes several runs of one video in one ffmpeg process: one input per run, each sought to its group of pictures,
 * joined in order on standard output. Which frame is which is told by ffmpeg itself (`showinfo`), never assumed.
 * @returns ffmpeg's last messages, for a sentence about frames that did not come.
 * @throws ExpectedError as {@link runTool}, after what came before was handed on.
 */
export async function decodeRuns(
  path: string,
  info: MediaInfo,
  { timeline, runs, picture, ...options }: RunsToDecode,
): Promise<string> {
  const { threads, instead, onlyNeeded = false, signal, onFrame } = options
  const opened = (run: DecodeRun): string[] => [...inputOptions, ...seek(run, timeline), '-i', inputUrl(path)]
  const [only] = runs
  const input =
    onlyNeeded && only && runs.length === 1 ? neededPackets(path, info, { timeline, run: only, signal }) : undefined
  const inputs = runs.flatMap(run => ['-threads', String(threads), ...(input ? neededPacketsInput : opened(run))])
  const branches = runs.map((run, index) => {
    const range = instead === 'first' ? 'trim=end_frame=1' : end(run, info, timeline)
    const choice = instead ? '' : `select='${selection(run, info, timeline)}',`
    // Times that jump must not reach the filters that join the runs.
    const clock = timeline.timed ? '' : 'setpts=N,'
    return `[${index}:${videoStream(info)}]settb=AVTB,${range},${choice}showinfo@run${index}=checksum=0,${clock}${picture.filter},setsar=1[f${index}]`
  })
  const joined = `${branches.join(';')};${runs.map((_, index) => `[f${index}]`).join('')}concat=n=${runs.length}[frames]`
  const { version } = await ffmpegAbilities()
  const graph = await filterGraph(joined, version)
  const output =
    picture.kind === 'rgb'
      ? ['-f', 'rawvideo', '-pix_fmt', 'rgb24']
      : ['-f', 'image2pipe', '-c:v', 'mjpeg', '-q:v', String(picture.quality)]

  const splitter =
    picture.kind === 'rgb' ? new RawFrameSplitter(picture.width * picture.height * 3) : new JpegSplitter()
  const matcher = new FrameMatcher(runs, { info, timeline, onFrame })
  try {
    const { errorText } = await runTool(
      'ffmpeg',
      [
        '-hide_banner',
        '-nostdin',
        '-nostats',
        '-loglevel',
        'repeat+info',
        '-copyts',
        '-filter_complex_threads',
        String(threads),
        ...inputs,
        ...graph.options,
        '-map',
        '[frames]',
        await everyFrameOnce(),
        'passthrough',
        ...output,
        'pipe:1',
      ],
      {
        signal,
        input,
        onErrorLine: line => matcher.line(line),
        onOutput: piece => matcher.pictures(splitter.take(piece)),
      },
    )
    await matcher.finish()
    return errorText
      .split('\n')
      .filter(line => !line.includes('showinfo'))
      .slice(-8)
      .join('\n')
  } catch (error) {
    // What was being taken when the process was ended from outside has come, and is not to come once more.
    await matcher.settled()
    throw error
  } finally {
    await graph.remove()
  }
}

/** Windows limits a whole command line to 32,767 characters, Linux an argument to 131,072. */
const longestGraphArgument = 16_000

/**
 * ffmpeg's options for a filter graph: by name or, where it chooses the frames of a long video, in a file of its own.
 */
async function filterGraph(
  graph: string,
  [major]: readonly [number, number],
): Promise<{ readonly options: string[]; readonly remove: () => Promise<void> }> {
  if (graph.length <= longestGraphArgument) {
    return { options: ['-filter_complex', graph], remove: async () => undefined }
  }
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-frames-'))
  const file = join(folder, 'graph')
  await writeFile(file, graph)
  return {
    options: [major >= 7 ? '-/filter_complex' : '-filter_complex_script', file],
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * Seeks inside the run's first group of pictures rather than to its keyframe: some demuxers go back a little further
 * than asked, and would then decode the group before for nothing. The frames are chosen by time, not by the seek.
 */
function seek(run: DecodeRun, timeline: Timeline): string[] {
  const first = run.frames[0]
  if (run.fromStart || !first) return []
  const group = groupOf(timeline, first)
  const key = timeline.keyframeTimes[group] ?? 0
  const next = timeline.keyframeTimes[group + 1] ?? key + 1
  return ['-noaccurate_seek', '-ss', (key + Math.min(0.2, (next - key) / 2)).toFixed(6)]
}

function ticks(time: number, info: MediaInfo): number {
  return Math.round((time + info.startTime) * 1e6)
}

/** Ends the run after its last frame; without it ffmpeg would decode the rest of the file. */
function end(run: DecodeRun, info: MediaInfo, timeline: Timeline): string {
  const last = run.frames.at(-1)
  return timeline.timed ? `trim=end_pts=${ticks(last?.to ?? 0, info)}` : `trim=end_frame=${(last?.index ?? 0) + 1}`
}

/**
 * The filter expression that is true for wanted frames only: a balanced tree, so that each frame costs a few
 * comparisons.
 */
function selection(run: DecodeRun, info: MediaInfo, timeline: Timeline): string {
  const variable = timeline.timed ? 'pts' : 'n'
  const windows: [number, number][] = []
  for (const frame of run.frames) {
    const [from, to] = timeline.timed
      ? [ticks(frame.from, info), ticks(frame.to, info)]
      : [frame.index, frame.index + 1]
    const last = windows.at(-1)
    if (last && last[1] === from) last[1] = to
    else windows.push([from, to])
  }
  const tree = (low: number, high: number): string => {
    if (high - low === 1) return `between(${variable},${windows[low]?.[0]},${(windows[low]?.[1] ?? 0) - 1})`
    const middle = (low + high) >> 1
    return `if(lt(${variable},${windows[middle]?.[0]}),${tree(low, middle)},${tree(middle, high)})`
  }
  return tree(0, windows.length)
}

interface Matching {
  readonly info: MediaInfo
  readonly timeline: Timeline
  readonly onFrame: (frame: DecodedFrame) => void | Promise<void>
}

/**
 * Pairs pictures on standard output with the times on standard error. Both are in order within a run, and the runs'
 * pictures come one run after the other; the messages of a later run may come early.
 */
class FrameMatcher {
  readonly #runs: readonly DecodeRun[]
  readonly #info: MediaInfo
  readonly #timeline: Timeline
  readonly #onFrame: (frame: DecodedFrame) => void | Promise<void>
  readonly #times: number[][]
  readonly #delivered: number[]
  readonly #waiting: Buffer[] = []
  #delivering: Promise<void> = Promise.resolve()
  #run = 0

  constructor(runs: readonly DecodeRun[], { info, timeline, onFrame }: Matching) {
    this.#runs = runs
    this.#info = info
    this.#timeline = timeline
    this.#onFrame = onFrame
    this.#times = runs.map(() => [])
    this.#delivered = runs.map(() => 0)
  }

  line(line: string): void {
    const match = /^\[showinfo@run(\d+) @ \w+\] n:\s*\d+ pts:\s*(-?\d+|NOPTS)/.exec(line)
    if (match) this.#times[Number(match[1])]?.push(Number(match[2]) / 1e6 - this.#info.startTime)
  }

  /**
   * One delivery after the other, because Node reads on from a process that has ended though its output is held back.
   */
  pictures(pictures: readonly Buffer[]): Promise<void> {
    this.#waiting.push(...pictures)
    this.#delivering = this.#delivering.then(() => this.#deliver(false))
    return this.#delivering
  }

  /** Resolves when no picture is being taken any more. */
  async settled(): Promise<void> {
    await Promise.resolve(this.#delivering).catch(() => undefined)
  }

  /** ffmpeg has ended, perhaps while its last pictures are still being taken. */
  async finish(): Promise<void> {
    await this.#delivering
    await this.#deliver(true)
  }

  async #deliver(ended: boolean): Promise<void> {
    while (this.#waiting.length > 0 && this.#run < this.#runs.length) {
      const position = this.#delivered[this.#run] ?? 0
      const time = this.#times[this.#run]?.[position]
      const run = this.#runs[this.#run]
      if (time === undefined || !run) {
        if (!ended) return
        this.#run += 1
        continue
      }
      const bytes = this.#waiting.shift()
      if (!bytes) return
      this.#delivered[this.#run] = position + 1
      await this.#onFrame({ run, time: this.#timeline.timed ? time : (run.frames[position]?.time ?? time), bytes })
    }
  }
}
