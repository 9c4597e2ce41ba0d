import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { sweepLeftOvers, unfinishedMark } from '../../storage/files/left-overs.ts'
import { renameSynced, syncFile } from '../../storage/files/sync.ts'
import { withAttempts } from '../ffmpeg/child-end.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import { inputOptions, inputUrl, videoStream } from '../ffmpeg/input.ts'
import { runTool } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'

export type ProxyFormat = 'mp4' | 'webm'

/** Bounds of a copy that has to be small, instead of the usual quality. */
export interface SmallCopy {
  /** Pixels, at most. */
  readonly height: number
  /** Frames per second, at most. */
  readonly rate: number
  /** Thousand bits per second of picture and of sound; no sound for 0. */
  readonly kilobits: number
  readonly sound: number
}

export interface ProxyOptions {
  readonly small?: SmallCopy | undefined

  readonly signal?: AbortSignal | undefined
  /** Fraction of the video that is done, 0–1, never falling. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

interface EncoderOptions {
  readonly speed: readonly string[]
  readonly usual: readonly string[]
  /** At most about so many thousand bits per second. */
  readonly bounded: (kilobits: number) => readonly string[]
}

const rated = (usual: string): EncoderOptions => ({
  speed: [],
  usual: ['-b:v', usual],
  bounded: kilobits => ['-b:v', `${kilobits}k`],
})
const vpx = (rows: readonly string[], quality: string, usual: readonly string[]): EncoderOptions => ({
  speed: ['-deadline', 'realtime', '-cpu-used', '8', ...rows],
  usual,
  bounded: kilobits => ['-crf', quality, '-b:v', `${kilobits}k`],
})

/** Encoders of each format that are quick enough to wait for, the better one first, with their options. */
const encodersOf: Readonly<Record<ProxyFormat, Readonly<Record<string, EncoderOptions>>>> = {
  mp4: {
    libx264: {
      speed: ['-preset', 'veryfast'],
      usual: ['-crf', '23'],
      bounded: kilobits => ['-crf', '25', '-maxrate', `${kilobits}k`, '-bufsize', `${2 * kilobits}k`],
    },
    h264_videotoolbox: rated('3M'),
    h264_mf: rated('3M'),
    libopenh264: rated('3M'),
  },
  webm: {
    'libvpx-vp9': vpx(['-row-mt', '1'], '36', ['-crf', '32', '-b:v', '0']),
    libvpx: vpx([], '16', ['-b:v', '2M']),
  },
}
/** Sound that Chromium plays, by format; a proxy without one of these is silent. */
const soundCodecs: Readonly<Record<ProxyFormat, readonly string[]>> = { mp4: ['aac'], webm: ['libopus', 'libvorbis'] }
/** Enough for looking at, and quick to make. */
const proxyHeight = 720

/**
 * The format this machine's ffmpeg can make: H.264 in MP4, else VP9 or VP8 in WebM.
 * @throws ExpectedError `no-encoder`.
 */
export async function proxyFormat(): Promise<ProxyFormat> {
  const { encoders } = await ffmpegAbilities()
  const format = (['mp4', 'webm'] as const).find(candidate =>
    Object.keys(encodersOf[candidate]).some(name => encoders.has(name)),
  )
  if (!format) {
    throw new ExpectedError(
      'no-encoder',
      'The installed ffmpeg can encode neither H.264 nor VP9, so this video cannot be shown; install a complete ffmpeg build.',
    )
  }
  return format
}

interface ProxyOutput extends ProxyOptions {
  /** Ends with `.mp4` or `.webm`, as `proxyFormat` advises. */
  readonly outFile: string
}

/**
 * Transcodes a video that Chromium cannot play into one that it can, at most 720 pixels high or as `small` says, on the
 * same time axis.
 * Written beside the target and renamed, so that the target is complete or absent.
 * @throws ExpectedError `no-encoder`, `disk-full` or `proxy-failed`.
 */
export async function makeProxy(file: string, info: MediaInfo, { outFile, ...options }: ProxyOutput): Promise<void> {
  const format: ProxyFormat = outFile.endsWith('.webm') ? 'webm' : 'mp4'
  const { encoders } = await ffmpegAbilities()
  const encoder = Object.entries(encodersOf[format]).find(([name]) => encoders.has(name))
  if (!encoder) {
    throw new ExpectedError(
      'no-encoder',
      `The installed ffmpeg cannot encode ${format === 'mp4' ? 'H.264' : 'VP9'}, so no playable copy of ${file} can be made; install a complete ffmpeg build.`,
    )
  }

  const { small } = options
  const sound = small?.sound === 0 ? undefined : soundCodecs[format].find(name => encoders.has(name))
  const [name, { speed, usual, bounded }] = encoder

  const height = Math.max(2, Math.round(Math.min(small?.height ?? proxyHeight, info.height) / 2) * 2)
  const width = Math.max(2, Math.round((height * info.width) / info.height / 2) * 2)
  await mkdir(dirname(outFile), { recursive: true })
  await sweepLeftOvers(dirname(outFile), isPartialCopy)
  const partial = `${outFile}.${unfinishedMark()}.partial`
  try {
    const { exitCode, errorText } = await withAttempts(options.signal, () =>
      runTool(
        'ffmpeg',
        [
          '-v',
          'error',
          '-nostdin',
          '-y',
          ...inputOptions,
          '-i',
          inputUrl(file),
          '-map',
          `0:${videoStream(info)}`,
          ...(sound ? ['-map', '0:a:0?', '-c:a', sound, '-ac', small ? '1' : '2'] : []),
          ...(sound && small ? ['-b:a', `${small.sound}k`] : []),
          '-map_metadata',
          '-1',
          '-vf',
          [
            // Frames that come more slowly stay as they are.
            ...(small && info.frameRate > small.rate ? [`fps=${small.rate}`] : []),
            `scale=${width}:${height},setsar=1,format=yuv420p`,
          ].join(','),
          '-c:v',
          name,
          ...speed,
          ...(small ? bounded(small.kilobits) : usual),
          ...(format === 'mp4' ? ['-movflags', '+faststart'] : []),
          '-f',
          format,
          '-progress',
          'pipe:1',
          inputUrl(partial),
        ],
        { signal: options.signal, onOutput: progressReader(info.firstFrameTime + info.duration, options.onProgress) },
      ),
    )
    if (exitCode !== 0) throw transcodingFailure(file, outFile, errorText)
    await syncFile(partial)
    await renameSynced(partial, outFile)
    options.onProgress?.(1)
  } finally {
    await rm(partial, { force: true })
  }
}

/** What a crash may leave of a copy. */
export function isPartialCopy(name: string): boolean {
  return /\.(mp4|webm)\..+\.partial$/.test(name)
}

/** Reads ffmpeg's `out_time_us=…` lines. */
function progressReader(
  duration: number,
  onProgress: ((fraction: number) => void) | undefined,
): (piece: Buffer) => void {
  let partial = ''
  let reached = 0
  return piece => {
    const lines = (partial + piece.toString('latin1')).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) {
      const microseconds = Number(/^out_time_us=(\d+)/.exec(line)?.[1] ?? 0)
      const fraction = Math.min(1, microseconds / 1e6 / duration)
      if (fraction <= reached) continue
      reached = fraction
      onProgress?.(fraction)
    }
  }
}

function transcodingFailure(file: string, outFile: string, errorText: string): ExpectedError {
  if (/No space left on device/i.test(errorText)) {
    return new ExpectedError(
      'disk-full',
      `The disk of ${dirname(outFile)} is full, so no playable copy of ${file} could be made; free some space.`,
    )
  }
  const reason = errorText.split('\n').at(-1)?.trim() || english`ffmpeg gave no reason`
  return new ExpectedError(
    'proxy-failed',
    `No playable copy of ${file} could be made (${reason}); convert it to H.264 with another program.`,
  )
}
