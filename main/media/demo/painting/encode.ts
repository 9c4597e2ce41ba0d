import { setImmediate } from 'node:timers/promises'
import { inputUrl } from '../../ffmpeg/input.ts'
import { runTool } from '../../ffmpeg/tool.ts'

export interface EncodeFramesOptions {
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** ffmpeg's container and codec options, e.g. `['-f', 'mp4', '-c:v', 'libx264']`. */
  readonly format: readonly string[]
  readonly signal?: AbortSignal | undefined
  readonly onFrame?: ((frame: number) => void) | undefined
}

/**
 * Encodes RGB frames `[height, width, 3]` into a video file, the same frames always into the same bytes.
 * @throws Error with ffmpeg's message; ExpectedError as {@link runTool}; the abort reason.
 */
export async function encodeFrames(
  file: string,
  frames: Iterable<Uint8Array>,
  options: EncodeFramesOptions,
): Promise<void> {
  const { width, height, framesPerSecond, format, signal, onFrame } = options
  async function* counted(): AsyncGenerator<Uint8Array> {
    let frame = 0
    for (const pixels of frames) {
      signal?.throwIfAborted()
      yield pixels
      frame += 1
      onFrame?.(frame)
      // While ffmpeg is quick, nothing else would make the loop of this process turn.
      await setImmediate()
    }
  }
  const { exitCode, errorText } = await runTool(
    'ffmpeg',
    [
      '-v',
      'error',
      '-y',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${width}x${height}`,
      '-r',
      String(framesPerSecond),
      '-i',
      'pipe:0',
      '-pix_fmt',
      'yuv420p',
      '-fflags',
      '+bitexact',
      '-flags:v',
      '+bitexact',
      ...format,
      inputUrl(file),
    ],
    { input: counted(), signal },
  )
  if (exitCode !== 0) throw new Error(`ffmpeg could not encode ${file}: ${errorText}`)
}
