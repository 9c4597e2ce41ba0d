import { createReadStream } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { isHidden } from '../../../library/folders/video-files.ts'
import { inputUrl } from '../../../media/ffmpeg/input.ts'
import { runTool } from '../../../media/ffmpeg/tool.ts'
import { probe } from '../../../media/probing/probe.ts'
import { fileProblem } from '../../../storage/files/file-problem.ts'
import { writeOutput } from '../../../storage/files/output-path.ts'
import { picturesIn } from '../files/picture-folder.ts'
import type { PictureFolder } from '../files/picture-folder.ts'

export interface FramesToVideos {
  /** The folder of the folders of frames, `VIDEO_ID/000001.jpg`, at any depth; or one of them. */
  readonly folder: string
  /** Where the videos go, `VIDEO_ID.mkv`, in folders as those of the frames. */
  readonly out: string
  /** Frames a second at which they were extracted. */
  readonly frameRate: number
  readonly overwrite: boolean
}

export interface FramesMade {
  readonly videos: number
  readonly pictures: number
  /** Videos that were there already. */
  readonly kept: number
  readonly problems: readonly { readonly folder: string; readonly reason: string }[]
}

interface Making {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, current: string) => void
}

/**
 * Makes a video of every folder of extracted frames, which has the very bytes of the pictures: nothing is encoded anew.
 * Videos that are there stay as they are unless they may be replaced.
 * @throws ExpectedError when the folder cannot be read or holds no frames; the abort reason.
 */
export async function videosOfFrames(
  { folder, out, frameRate, overwrite }: FramesToVideos,
  { signal, onProgress }: Making,
): Promise<FramesMade> {
  const home = await realpath(folder).catch((cause: unknown) => {
    throw new ExpectedError('folder-unreadable', fileProblem(folder, cause), { cause })
  })
  const found = await pictureFolders(home, signal)
  if (found.length === 0) {
    throw new ExpectedError(
      'dataset-empty',
      `${folder} has no folder of extracted frames: give the folder that holds VIDEO_ID/000001.jpg and so on (jpg or png).`,
    )
  }
  const made = { videos: 0, pictures: 0, kept: 0, problems: [] as { folder: string; reason: string }[] }
  for (const [done, { path, pictures, kinds }] of found.entries()) {
    signal.throwIfAborted()
    const name = relative(home, path) || basename(path)
    onProgress(done, found.length, name)
    const file = `${join(out, name)}.mkv`
    if (!overwrite && (await isFileThere(file))) {
      const there = await probe(file, { signal }).catch(() => null)
      signal.throwIfAborted()
      if (there?.frameCount === pictures.length) made.kept += 1
      else made.problems.push({ folder: name, reason: `has another video at ${file}: replace it with --overwrite.` })
      continue
    }
    const [kind] = kinds
    if (kinds.size > 1 || kind === undefined) {
      made.problems.push({ folder: name, reason: 'has jpg and png pictures: keep those of one kind.' })
      continue
    }
    try {
      await writeOutput({ path: file, mark: null, overwrite: true }, async partial => {
        const { exitCode, errorText } = await runTool(
          'ffmpeg',
          [
            ...['-v', 'error', '-y', '-f', `${kind}_pipe`, '-framerate', String(frameRate), '-i', 'pipe:0'],
            ...['-c', 'copy', '-fflags', '+bitexact', '-f', 'matroska', inputUrl(partial)],
          ],
          { input: bytesOf(path, pictures), signal },
        )
        if (exitCode !== 0) throw new ExpectedError('video-damaged', `cannot be made a video: ${errorText}`)
        const { frameCount } = await probe(partial, { signal })
        if (frameCount === pictures.length) return
        throw new ExpectedError(
          'video-damaged',
          `came out as ${frameCount} frames of ${pictures.length} pictures: some are damaged, or hold another picture.`,
        )
      })
      made.videos += 1
      made.pictures += pictures.length
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError) || error.code !== 'video-damaged') throw error
      made.problems.push({ folder: name, reason: error.message })
    }
  }
  return made
}

/** Every folder of frames in a folder, itself included, sorted. */
async function pictureFolders(
  folder: string,
  signal: AbortSignal,
): Promise<(PictureFolder & { readonly path: string })[]> {
  signal.throwIfAborted()
  const entries = await readdir(folder, { withFileTypes: true })
  const pictures = await picturesIn(folder)
  const inside = entries
    .filter(entry => entry.isDirectory() && !isHidden(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
  const found: (PictureFolder & { readonly path: string })[] = pictures ? [{ path: folder, ...pictures }] : []
  for (const path of inside) found.push(...(await pictureFolders(path, signal)))
  return found
}

function isFileThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

async function* bytesOf(folder: string, pictures: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const name of pictures) {
    for await (const bytes of createReadStream(join(folder, name))) yield bytes as Uint8Array
  }
}
