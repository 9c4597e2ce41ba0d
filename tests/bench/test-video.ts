import { runChildProcess } from '../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../main/media/ffmpeg/executables.ts'

/**
 * Writes a moving test picture as H.264 at 25 frames per second with a keyframe every four seconds; 1280 × 720 has 2.4
 * Mbit/s, like a download.
 */
export async function makeVideo(
  path: string,
  { seconds, width, height, seed }: { seconds: number; width: number; height: number; seed: number },
): Promise<void> {
  const source = `testsrc2=size=${width}x${height}:rate=25:duration=${seconds},hue=h=${seed * 40}`
  const { exitCode, errorText } = await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    source,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-g',
    '100',
    '-pix_fmt',
    'yuv420p',
    path,
  ])
  if (exitCode !== 0) throw new Error(`ffmpeg could not write ${path}: ${errorText}`)
}
