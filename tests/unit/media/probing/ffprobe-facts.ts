import { runChildProcess } from '../../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../../main/media/ffmpeg/executables.ts'
import { Probed, probedEntries } from '../../../../main/media/probing/ffprobe/probe-output.ts'
import type { ProbedStream } from '../../../../main/media/probing/ffprobe/probe-output.ts'

export async function ffprobed(path: string): Promise<Probed> {
  const args = ['-v', 'error', '-print_format', 'json', '-show_entries', probedEntries, path]
  const { output } = await runChildProcess(await findExecutable('ffprobe'), args)
  return Probed.parse(JSON.parse(output.toString('utf8')))
}

const ratio = (text = ''): number =>
  text
    .split(/[/:]/)
    .map(Number)
    .reduce((over, under) => over / under)

/**
 * What two descriptions of a stream must agree in; text that means the same number is the same, and pixels of which
 * nothing is said are square.
 */
export function facts(stream: ProbedStream): unknown {
  const turn = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0
  const kind = { index: stream.index, type: stream.codec_type, codec: stream.codec_name }
  return stream.codec_type !== 'video'
    ? kind
    : {
        ...kind,
        size: [stream.width, stream.height],
        // Of other codecs nobody asks whether there are fields.
        pixels: [
          ...[stream.pix_fmt, ratio(stream.sample_aspect_ratio) || 1],
          ...(stream.codec_name === 'h264' ? [stream.field_order] : []),
        ],
        rates: [ratio(stream.avg_frame_rate), ratio(stream.r_frame_rate)],
        count: stream.nb_frames,
        times: [Number(stream.start_time), Number(stream.duration)],
        turn: (turn + 360) % 360,
      }
}
