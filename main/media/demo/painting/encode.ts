import { join } from 'node:path'
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
export function encodeFrames(file: string, frames: Iterable<Uint8Array>, options: EncodeFramesOptions): Promise<void> {
  return encode(frames, [...options.format, inputUrl(file)], { ...options, name: file })
}

/**
 * Encodes several small videos, one after the other, by one start of ffmpeg, which takes longer than such a video: into
 * `folder`, named `0.mp4`, `1.mp4` and so on.
 * @param options `lengths`: frames of each video; `format`: of the codec alone. @throws as {@link encodeFrames}.
 */
export async function encodeTogether(
  folder: string,
  frames: Iterable<Uint8Array>,
  { lengths, ...options }: EncodeFramesOptions & { readonly lengths: readonly number[] },
): Promise<string[]> {
  let end = 0
  const cuts = lengths.slice(0, -1).map(length => (end += length))
  const cutting =
    cuts.length === 0
      ? // Without a place to cut at, it is cut every two seconds.
        ['-segment_time', '1000000']
      : [
          '-segment_frames',
          cuts.join(','),
          // Half a frame before, so that rounding chooses no other frame.
          '-force_key_frames',
          cuts.map(cut => ((cut - 0.5) / options.framesPerSecond).toFixed(6)).join(','),
        ]
  const pattern = join(folder.replaceAll('%', '%%'), '%d.mp4')
  await encode(
    frames,
    [
      ...options.format,
      ...cutting,
      ...['-f', 'segment', '-segment_format', 'mp4', '-segment_format_options', 'movflags=+faststart'],
      ...['-reset_timestamps', '1', inputUrl(pattern)],
    ],
    { ...options, name: folder },
  )
  return lengths.map((_, index) => join(folder, `${index}.mp4`))
}

async function encode(
  frames: Iterable<Uint8Array>,
  output: readonly string[],
  { width, height, framesPerSecond, signal, onFrame, name }: EncodeFramesOptions & { readonly name: string },
): Promise<void> {
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
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(framesPerSecond)]
  const { exitCode, errorText } = await runTool(
    'ffmpeg',
    [
      ...['-v', 'error', '-y', ...input, '-i', 'pipe:0', '-pix_fmt', 'yuv420p'],
      ...['-fflags', '+bitexact', '-flags:v', '+bitexact', ...output],
    ],
    { input: counted(), signal },
  )
  if (exitCode !== 0) throw new Error(`ffmpeg could not encode ${name}: ${errorText}`)
}
