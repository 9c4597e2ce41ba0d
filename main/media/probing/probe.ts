import type { FileHandle } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { openFile } from '../../storage/files/packed-file.ts'
import { keepPackets, Packets } from '../containers/packets/packets.ts'
import { withAttempts } from '../ffmpeg/child-end.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import { inputOptions, inputUrl } from '../ffmpeg/input.ts'
import { assertSound, runTool } from '../ffmpeg/tool.ts'
import type { MediaInfo } from '../media-info.ts'
import { listedTimeline } from '../timeline/listed-timeline.ts'
import { describe, filmOf, isOwnLength } from './described.ts'
import { countedPictures } from './ffprobe/counted-pictures.ts'
import { beginning, checkReadable, unopenable } from './ffprobe/openable.ts'
import { Probed, probedEntries } from './ffprobe/probe-output.ts'
import { probeWithPackets } from './ffprobe/probed-packets.ts'
import type { ProbedFile } from './ffprobe/probed-packets.ts'
import { listedAvi } from './listed/listed-avi.ts'
import { listedIso } from './listed/listed-iso.ts'
import { listedMatroska } from './listed/listed-matroska.ts'
import { measured, readLimits } from './measured/measured-info.ts'
import type { ReadLimits } from './measured/measured-info.ts'

/**
 * Reads what a video file is, without decoding it.
 * @throws ExpectedError, each with one sentence that names the file: `video-missing`, `video-unreadable`,
 * `video-empty`, `not-a-video`, `audio-only`, `video-truncated`, `video-damaged`, `no-decoder`; or, where it is not the
 * file's fault, `ffmpeg-missing`, `ffmpeg-broken` or `tool-interrupted`.
 */
export async function probe(
  path: string,
  options: { readonly signal?: AbortSignal | undefined; readonly limits?: ReadLimits } = {},
): Promise<MediaInfo> {
  const { signal, limits = readLimits } = options
  await checkReadable(path)
  const file = await openFile(path)
  try {
    const head = await beginning(file)
    const isSmall = (await file.stat()).size <= limits.small
    const listed = head.isIso
      ? await indexedInfo(path, await listedIso(file), signal)
      : await listedInfo(path, await listedFile(file, { ...head, isSmall }), { limits, signal })
    signal?.throwIfAborted()
    if (listed) return listed
    // An MP4 file has a list of its packets, which need not be read then.
    const probed = isSmall && !head.isQuickTime ? await probeWithPackets(path, signal) : undefined
    const info = await mediaInfo(path, probed ?? { probed: await ffprobe(path, signal) }, { limits, signal })
    const packets = probed?.packets?.get(info.stream ?? -1)
    if (packets) await keepPackets(path, info, packets)
    return info
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'read')) throw error
    throw new ExpectedError('video-unreadable', fileProblem(path, error), { cause: error })
  } finally {
    await file.close()
  }
}

interface Reading {
  readonly limits: ReadLimits
  readonly signal: AbortSignal | undefined
}

/** What a file that is no MP4 says of itself; undefined where that is not understood in full. */
async function listedFile(
  file: FileHandle,
  { isMatroska, isAvi, isSmall }: { readonly isMatroska: boolean; readonly isAvi: boolean; readonly isSmall: boolean },
): Promise<ProbedFile | undefined> {
  if (isMatroska) return listedMatroska(file, { whole: isSmall })
  // Of a large AVI file the end is looked at by ffprobe.
  return isAvi && isSmall ? listedAvi(file) : undefined
}

async function listedInfo(
  path: string,
  listed: ProbedFile | undefined,
  reading: Reading,
): Promise<MediaInfo | undefined> {
  return listed && mediaInfo(path, listed, reading)
}

/** Of an MP4 or QuickTime file; undefined where its index tells of what is not there. */
async function indexedInfo(
  path: string,
  probed: Probed | undefined,
  signal: AbortSignal | undefined,
): Promise<MediaInfo | undefined> {
  const film = probed?.streams.find(stream => stream.codec_type === 'video')
  const audio = probed?.streams.find(stream => stream.codec_type === 'audio')
  if (!probed || !film || !(await ffmpegAbilities()).decodes.has(film.codec_name ?? '')) return undefined
  const info = { ...describe(probed.format, film, audio), behindPicture: false }
  return (await listedTimeline(path, info, signal)) ? info : undefined
}

async function ffprobe(path: string, signal: AbortSignal | undefined): Promise<Probed> {
  const { exitCode, output, errorText } = await withAttempts(signal, () =>
    runTool(
      'ffprobe',
      ['-v', 'error', ...inputOptions, '-print_format', 'json', '-show_entries', probedEntries, inputUrl(path)],
      { signal, outputLimit: 4 * 1024 * 1024, background: false },
    ),
  )
  if (exitCode !== 0) {
    await assertSound('ffprobe', signal)
    throw await unopenable(path, errorText)
  }
  return Probed.parse(JSON.parse(output.toString('utf8')))
}

async function mediaInfo(
  path: string,
  { probed: { format, streams }, packets: read }: ProbedFile,
  { limits, signal }: Reading,
): Promise<MediaInfo> {
  const pictures = streams.filter(stream => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1)
  const counts = pictures.length < 2 ? undefined : read ? shownOf(read, pictures) : await countedPictures(path, signal)
  const video = filmOf(pictures, counts)
  const audio = streams.find(stream => stream.codec_type === 'audio')
  if (!video) {
    if (audio) {
      throw new ExpectedError('audio-only', `${path} has sound but no picture: it is an audio file, not a video.`)
    }
    throw new ExpectedError('not-a-video', `${path} has no video stream, so there is nothing to watch or index in it.`)
  }
  const codec = video.codec_name ?? 'unknown'
  if (!(await ffmpegAbilities()).decodes.has(codec)) {
    throw new ExpectedError(
      'no-decoder',
      `${path} is stored with the codec “${codec}”, which the installed ffmpeg cannot decode; convert the file to H.264 or install an ffmpeg built with that decoder.`,
    )
  }
  if (!video.width || !video.height) {
    throw new ExpectedError(
      'video-damaged',
      `${path} announces a video stream but holds no readable picture: the file is damaged or incomplete; copy or download it again.`,
    )
  }
  const packets = read && (read.get(video.index) ?? new Packets())
  return measured(
    path,
    { ...describe(format, video, audio), behindPicture: video !== pictures[0] },
    { isOwn: isOwnLength(format, video, streams), packets, limits, signal },
  )
}

/** Pictures of each stream of a file that was read to its end. */
const shownOf = (packets: ReadonlyMap<number, Packets>, pictures: Probed['streams']): ReadonlyMap<number, number> =>
  new Map(pictures.map(({ index }) => [index, packets.get(index)?.shown.filter(shown => shown === 1).length ?? 0]))
