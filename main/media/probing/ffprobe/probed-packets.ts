import { flagged, Packets } from '../../containers/packets/packets.ts'
import { readToEnd } from '../../containers/packets/read-to-end.ts'
import { withAttempts } from '../../ffmpeg/child-end.ts'
import { inputOptions, inputUrl } from '../../ffmpeg/input.ts'
import { assertSound, runTool } from '../../ffmpeg/tool.ts'
import { unopenable } from './openable.ts'
import { Probed, probedEntries } from './probe-output.ts'

/** What is known of a file, and all packets of its streams by their position, where these were read as well. */
export interface ProbedFile {
  readonly probed: Probed
  readonly packets?: ReadonlyMap<number, Packets> | undefined
}

/**
 * What ffprobe says of a file and of all its packets, in one start: two take twice as long for a small file.
 * @returns undefined where it could not read to the end. @throws ExpectedError as {@link unopenable} and
 * {@link readToEnd}.
 */
export async function probeWithPackets(path: string, signal: AbortSignal | undefined): Promise<ProbedFile | undefined> {
  return readToEnd(path, {
    list: () => listedWithPackets(path, signal),
    packetsOf: found => found?.packets?.values() ?? [],
    signal,
  })
}

function listedWithPackets(path: string, signal: AbortSignal | undefined): Promise<ProbedFile | undefined> {
  return withAttempts(signal, async () => {
    const packets = new Map<number, Packets>()
    /** What is said of the file as a whole comes behind the packets. */
    const rest: string[] = []
    const take = (line: string): void => {
      if (rest.length === 0 && !wholeBegins.test(line)) addPacket(packets, line)
      else if (rest.push(line) > mostLines) throw new Error(`ffprobe says more than ${mostLines} lines of ${path}`)
    }
    let partial = ''
    const { exitCode, errorText } = await runTool(
      'ffprobe',
      [
        '-v',
        'error',
        ...inputOptions,
        '-print_format',
        'json=compact=1',
        '-show_entries',
        `packet=stream_index,pts_time,dts_time,duration_time,size,pos,flags:${probedEntries}`,
        inputUrl(path),
      ],
      {
        signal,
        background: false,
        onOutput: piece => {
          const lines = (partial + piece.toString('latin1')).split('\n')
          partial = lines.pop() ?? ''
          for (const line of lines) take(line)
        },
      },
    )
    take(partial)
    if (exitCode !== 0) {
      if (rest.length > 0) return undefined
      await assertSound('ffprobe', signal)
      throw await unopenable(path, errorText)
    }
    const text = Buffer.from(`{${rest.join('\n')}`, 'latin1').toString('utf8')
    return { probed: Probed.parse(JSON.parse(text)), packets }
  })
}

/** Said of a file beside its packets: some ten lines for each stream. */
const mostLines = 2 ** 16
/** The first member of the whole that is not the list of packets; a level is indented by four spaces. */
const wholeBegins = /^ {4}"(?!packets")\w+":/

/** A packet is one line, but for data beside it, which stand in further ones. */
function addPacket(packets: Map<number, Packets>, line: string): void {
  const values = new Map([...line.matchAll(/"(\w+)": "?([^",]*)"?/g)].map(([, name = '', value = '']) => [name, value]))
  const stream = Number(values.get('stream_index') ?? NaN)
  const flags = values.get('flags')
  if (Number.isNaN(stream) || flags === undefined) return
  const number = (name: string): number => Number(values.get(name) ?? NaN)
  const found = packets.get(stream) ?? new Packets()
  packets.set(stream, found)
  found.add({
    time: number('pts_time'),
    decoded: number('dts_time'),
    duration: number('duration_time'),
    position: number('pos'),
    size: number('size'),
    ...flagged(flags),
  })
}
