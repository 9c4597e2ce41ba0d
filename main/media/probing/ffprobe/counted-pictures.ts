import { withAttempts } from '../../ffmpeg/child-end.ts'
import { inputOptions, inputUrl } from '../../ffmpeg/input.ts'
import { runTool } from '../../ffmpeg/tool.ts'

/** Seconds at the beginning in which streams are compared. */
const comparedSeconds = 60

/**
 * How many pictures each picture stream of a file has in its first minute, by the stream's number. What headers say of
 * a rate is a guess of slides, and transport streams say nothing of them.
 * @throws ExpectedError as {@link runTool}.
 */
export async function countedPictures(
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, number>> {
  return withAttempts(signal, async () => {
    const { output } = await runTool(
      'ffprobe',
      [
        '-v',
        'error',
        ...inputOptions,
        '-select_streams',
        'v',
        '-read_intervals',
        `%+${comparedSeconds}`,
        '-print_format',
        'csv=print_section=0',
        '-show_entries',
        'packet=stream_index,size',
        inputUrl(path),
      ],
      { signal, outputLimit: 4 * 1024 * 1024, background: false },
    )
    const counts = new Map<number, number>()
    for (const line of output.toString('latin1').split('\n')) {
      const [stream, size] = line.split(',').map(Number)
      // What has no bytes is no picture.
      if (stream !== undefined && Number(size) > 0) counts.set(stream, (counts.get(stream) ?? 0) + 1)
    }
    return counts
  })
}
