import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { sweepLeftOvers, unfinishedMark } from '../../storage/left-overs.ts'
import { withAttempts } from '../ffmpeg/child-end.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import { demoVideos } from './demo-videos.ts'
import type { CaptionFormat, DemoVideo } from './demo-videos.ts'
import { encodeFrames } from './painting/encode.ts'
import { paintScenes } from './painting/painter.ts'
import { sentenceFor } from './painting/sentence.ts'

export interface DemoOptions {
  readonly signal?: AbortSignal | undefined
  /** Fraction of all frames that are encoded, 0–1, never falling. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

export interface DemoLibrary {
  /** Paths of the videos. */
  readonly videos: string[]
  /** Paths of their captions, in the same order. */
  readonly captions: string[]
}

const framesPerSecond = 20
/** Painting and encoding use about one core each: two videos at a time fill two cores. */
const atATime = 2

/** Codecs by container, each with the encoders that can make it, the better one first. */
const demoFormats: Readonly<
  Record<string, readonly { readonly encoder: string; readonly options: readonly string[] }[]>
> = {
  mp4: [
    {
      encoder: 'libx264',
      options: [
        '-f',
        'mp4',
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-crf',
        '24',
        '-g',
        '80',
        '-movflags',
        '+faststart',
      ],
    },
    { encoder: 'mpeg4', options: ['-f', 'mp4', '-c:v', 'mpeg4', '-q:v', '4', '-g', '80', '-movflags', '+faststart'] },
  ],
  mov: [
    {
      encoder: 'libx264',
      options: [
        '-f',
        'mov',
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-crf',
        '24',
        '-g',
        '40',
        '-movflags',
        '+faststart',
      ],
    },
    { encoder: 'mpeg4', options: ['-f', 'mov', '-c:v', 'mpeg4', '-q:v', '4', '-g', '40', '-movflags', '+faststart'] },
  ],
  mkv: [
    {
      encoder: 'libx264',
      options: ['-f', 'matroska', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-g', '120'],
    },
    { encoder: 'mpeg4', options: ['-f', 'matroska', '-c:v', 'mpeg4', '-q:v', '4', '-g', '120'] },
  ],
  webm: [
    {
      encoder: 'libvpx-vp9',
      options: [
        '-f',
        'webm',
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-row-mt',
        '1',
        '-crf',
        '34',
        '-b:v',
        '0',
        '-g',
        '80',
      ],
    },
    {
      encoder: 'libvpx',
      options: ['-f', 'webm', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '600k', '-g', '80'],
    },
  ],
  avi: [{ encoder: 'mpeg4', options: ['-f', 'avi', '-c:v', 'mpeg4', '-q:v', '4', '-g', '60'] }],
}

/**
 * Paints and encodes the demo library: short videos of moving shapes in several formats, each with captions beside it that
 * tell every scene truly and in order. The same on every run; a video that is there already is kept.
 * @throws ExpectedError `demo-unwritable` or `disk-full`; `ffmpeg-missing`.
 */
export async function generateDemo(directory: string, options: DemoOptions = {}): Promise<DemoLibrary> {
  const { signal, onProgress } = options
  const { encoders } = await ffmpegAbilities()
  // A codec that the installed ffmpeg cannot write is left out; MPEG-4 is part of every build.
  const videos = demoVideos.flatMap(video => {
    const format = demoFormats[video.container]?.find(({ encoder }) => encoders.has(encoder))
    return format
      ? [
          {
            video,
            format: format.options,
            file: join(directory, `${video.name}.${video.container}`),
            captions: join(directory, `${video.name}.${video.captions}`),
          },
        ]
      : []
  })
  const frames = videos.reduce(
    (sum, { video }) => sum + video.scenes.reduce((length, scene) => length + scene.seconds * framesPerSecond, 0),
    0,
  )
  let done = 0
  let next = 0
  const stop = new AbortController()
  const together = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const worker = async (): Promise<void> => {
    for (let item = videos[next]; item; item = videos[next]) {
      next += 1
      const { video, file, format, captions } = item
      await writeBeside(captions, partial => writeFile(partial, captionText(video)))
      await writeBeside(file, partial =>
        withAttempts(together, () =>
          encodeFrames(partial, paintScenes(video.scenes, video.size, framesPerSecond), {
            ...video.size,
            framesPerSecond: framesPerSecond,
            format,
            signal: together,
            onFrame: () => {
              done += 1
              onProgress?.(Math.min(1, done / frames))
            },
          }),
        ),
      )
    }
  }
  try {
    await mkdir(directory, { recursive: true })
    // In a folder of the user only what bears the name of one of these files is ours.
    const names = videos.flatMap(({ file, captions }) => [file, captions]).map(file => basename(file))
    await sweepLeftOvers(directory, name => name.endsWith('.partial') && names.some(own => name.startsWith(`${own}.`)))
    await Promise.all(
      Array.from({ length: atATime }, () =>
        worker().catch((error: unknown) => {
          stop.abort(error)
          throw error
        }),
      ),
    )
  } catch (error) {
    signal?.throwIfAborted()
    throw unwritable(directory, error)
  }
  onProgress?.(1)
  return { videos: videos.map(({ file }) => file), captions: videos.map(({ captions }) => captions) }
}

/** Writes a file under another name first, so that it is complete or absent; one that is there is left as it is. */
async function writeBeside(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  if (
    await stat(file).then(
      entry => entry.size > 0,
      () => false,
    )
  ) {
    return
  }
  const partial = `${file}.${unfinishedMark()}.partial`
  try {
    await write(partial)
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}

/** One caption per scene, with its times where the format has them. */
function captionText(video: DemoVideo): string {
  let start = 0
  const captions = video.scenes.map((scene, index) => {
    const caption = { text: sentenceFor(scene, index % 2 === 0 ? 0 : 1), start, end: start + scene.seconds }
    start = caption.end
    return caption
  })
  const formats: Record<CaptionFormat, () => string> = {
    txt: () => captions.map(({ text }) => `${text}\n`).join(''),
    srt: () =>
      captions
        .map(({ text, start, end }, index) => `${index + 1}\n${srtTime(start)} --> ${srtTime(end)}\n${text}\n`)
        .join('\n'),
    json: () => `${JSON.stringify(captions, null, 2)}\n`,
  }
  return formats[video.captions]()
}

function srtTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(11, 23).replace('.', ',')}`
}

function unwritable(directory: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error
  const text = String(error)
  if (/ENOSPC|No space left/i.test(text)) {
    return new ExpectedError(
      'disk-full',
      `The disk of ${directory} is full, so the demo library could not be written; free some space.`,
      { cause: error },
    )
  }
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied/i.test(text)) {
    return new ExpectedError(
      'not-writable',
      `The demo library cannot be written to ${directory}; choose a folder you may write to.`,
      { cause: error },
    )
  }
  return error
}
