import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { runChildProcess } from '../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../main/media/ffmpeg/executables.ts'

/** Runs ffmpeg, e.g. to change the container of a file; what it complains about fails the test. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  const { exitCode, errorText } = await runChildProcess(await findExecutable('ffmpeg'), ['-v', 'error', '-y', ...args])
  if (exitCode !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${errorText}`)
}

/**
 * Writes videos of sources that ffmpeg draws itself, all in one start, which takes longer than a short video. Makes
 * their folders.
 */
export async function drawVideos(
  videos: readonly { readonly file: string; readonly source: string }[],
  output: readonly string[],
): Promise<void> {
  for (const folder of new Set(videos.map(({ file }) => dirname(file)))) await mkdir(folder, { recursive: true })
  await ffmpeg([
    ...videos.flatMap(({ source }) => ['-f', 'lavfi', '-i', source]),
    ...videos.flatMap(({ file }, index) => ['-map', `${index}:v`, ...output, `file:${file}`]),
  ])
}

/**
 * Writes a video of a source that ffmpeg draws itself, such as `testsrc2=s=96x64:r=8:d=4`, and makes its folder. The
 * same video is encoded once in a run of the tests, whichever of them ask for it.
 */
export async function drawVideo(file: string, source: string, output: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await madeOnce(file, [source, output], path => ffmpeg(['-f', 'lavfi', '-i', source, ...output, `file:${path}`]))
}

/**
 * Makes a file, or copies what was made of the same `recipe` with the same extension before in this run of the tests.
 */
export async function madeOnce(
  file: string,
  recipe: readonly unknown[],
  draw: (path: string) => Promise<void>,
): Promise<void> {
  const run = process.env.LFVILA_TEST_RUN
  if (run === undefined) return draw(file)
  const name = createHash('sha256').update(JSON.stringify(recipe)).digest('hex')
  const shared = join(run, 'videos', name + extname(file))
  try {
    await copyFile(shared, file)
  } catch {
    const unfinished = join(run, 'videos', `${name}-${randomUUID()}${extname(file)}`)
    await mkdir(dirname(shared), { recursive: true })
    await draw(unfinished)
    // Of two that draw it at once the later one replaces the other's, which is the same.
    await rename(unfinished, shared)
    await copyFile(shared, file)
  }
}
