import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Scan } from '../../../main/library/scanning/scan.ts'
import { Library } from '../../../main/library/videos/library.ts'
import { runChildProcess } from '../../../main/media/ffmpeg/child-process.ts'
import { ffmpegAbilities, findExecutable } from '../../../main/media/ffmpeg/executables.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const fileCount = 200
const otherCount = 40
const bareStarts = 20

interface Kind {
  readonly name: string
  readonly extension: keyof typeof filling
  readonly encode: readonly string[]
  readonly count: number
}

const yuv = ['-pix_fmt', 'yuv420p']
/** Read without a process, and with one start of ffprobe. */
const kinds: readonly Kind[] = [
  { name: 'MP4, H.264', extension: 'mp4', encode: ['-c:v', 'libx264', ...yuv], count: fileCount },
  { name: 'Matroska, H.264', extension: 'mkv', encode: ['-c:v', 'libx264', ...yuv], count: fileCount },
  {
    name: 'WebM, VP9 and Opus',
    extension: 'webm',
    encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', ...yuv, '-c:a', 'libopus'],
    count: fileCount,
  },
  { name: 'AVI, MPEG-4', extension: 'avi', encode: ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'], count: fileCount },
  { name: 'MPEG-TS, H.264', extension: 'ts', encode: ['-c:v', 'libx264', ...yuv, '-c:a', 'aac'], count: otherCount },
]

/** A scan of many small files of several kinds, against what the starts of ffprobe alone take, one after another. */
export async function benchScan(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-scan-'))
  const database = openDatabase(join(folder, 'library.db'))
  const library = new Library(database, { probe })
  const none = { signal: new AbortController().signal, progress: () => undefined, fail: () => undefined }
  try {
    // Asked once in a run of the program, whatever is scanned.
    await ffmpegAbilities()
    const rows: BenchRow[] = []
    for (const kind of kinds) {
      const files = await writeVideos(join(folder, kind.extension), kind)
      const bare = (await secondsOfStarts(files.slice(0, bareStarts))) / bareStarts
      await library.addFolder(join(folder, kind.extension))
      const { seconds } = await timed(() => new Scan(library, none).run(null, null))
      rows.push({
        name: `files scanned: ${kind.name}`,
        value: kind.count / seconds,
        unit: '/s',
        note: `${kind.count} of 1 s, as large as a thumbnail; a file takes ${(seconds / kind.count / bare).toFixed(2)} × a start of ffprobe, which is ${bare.toFixed(3)} s`,
      })
    }
    const again = await timed(() => new Scan(library, none).run(null, null))
    const all = kinds.reduce((sum, { count }) => sum + count, 0)
    rows.push({
      name: 'scan again, nothing changed',
      value: all / again.seconds,
      unit: 'files/s',
      note: `${all} files`,
    })
    return { rows }
  } finally {
    library.close()
    database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What ffprobe takes for the same files, one after another. */
async function secondsOfStarts(files: readonly string[]): Promise<number> {
  const ffprobe = await findExecutable('ffprobe')
  const { seconds } = await timed(async () => {
    for (const file of files) {
      await runChildProcess(ffprobe, ['-v', 'error', '-show_format', '-show_streams', file], { background: false })
    }
  })
  return seconds
}

/** Copies of one video, each with a content of its own: bytes after the end of a file change nothing of it. */
async function writeVideos(folder: string, { extension, encode, count }: Kind): Promise<string[]> {
  await mkdir(folder)
  const first = join(folder, `0.${extension}`)
  await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=96x64:rate=10:duration=1',
    ...(encode.includes('-c:a') ? ['-f', 'lavfi', '-i', 'sine=duration=1'] : []),
    ...encode,
    first,
  ])
  const bytes = await readFile(first)
  const files = [first]
  for (let number = 1; number < count; number += 1) {
    const file = join(folder, `${number}.${extension}`)
    await writeFile(file, Buffer.concat([bytes, filling[extension](number)]))
    files.push(file)
  }
  return files
}

/** What is passed over at the end of a file: RFC 9559 has an element for it, AVI a chunk, MPEG-TS a packet. */
const filling = {
  mp4: (number: number): Buffer => numbered([0, 0, 0, 16, ...Buffer.from('free')], { length: 16, number }),
  mkv: (number: number): Buffer => numbered([0xec, 0x84], { length: 6, number }),
  webm: (number: number): Buffer => numbered([0xec, 0x84], { length: 6, number }),
  avi: (number: number): Buffer => numbered([...Buffer.from('JUNK'), 4, 0, 0, 0], { length: 12, number }),
  ts: (number: number): Buffer => numbered([0x47, 0x1f, 0xff, 0x10], { length: 188, number }),
}

function numbered(head: readonly number[], { length, number }: { length: number; number: number }): Buffer {
  const bytes = Buffer.alloc(length, 0xff)
  bytes.set(head)
  bytes.writeUInt32BE(number, head.length)
  return bytes
}
