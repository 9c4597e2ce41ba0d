import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Scan } from '../../main/library/scanning/scan.ts'
import { Library } from '../../main/library/videos/library.ts'
import { runChildProcess } from '../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../main/media/ffmpeg/executables.ts'
import { probe } from '../../main/media/timeline/probe.ts'
import { openDatabase } from '../../main/storage/database.ts'
import { timed } from './result.ts'
import type { BenchResult } from './result.ts'

const fileCount = 200
const otherCount = 40
const bareStarts = 40

/** A scan of many small files, against what the starts of ffprobe alone take, one after another. */
export async function benchScan(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-scan-'))
  const database = openDatabase(join(folder, 'library.db'))
  const library = new Library(database, { probe })
  try {
    const videos = join(folder, 'videos')
    const files = await writeVideos(videos, 'mp4', fileCount)
    const others = join(folder, 'others')
    await writeVideos(others, 'mkv', otherCount)
    const ffprobe = await findExecutable('ffprobe')
    const bare = await timed(async () => {
      for (const file of files.slice(0, bareStarts)) {
        await runChildProcess(ffprobe, ['-v', 'error', '-show_format', '-show_streams', file], { background: false })
      }
    })
    await library.addFolder(videos)
    const none = { signal: new AbortController().signal, progress: () => undefined, fail: () => undefined }
    const scan = await timed(() => new Scan(library, none).run(null, null))
    const again = await timed(() => new Scan(library, none).run(null, null))
    await library.addFolder(others)
    const other = await timed(() => new Scan(library, none).run(null, null))
    const note = `${fileCount} MP4 files of H.264, 1 s, as large as a thumbnail: read without a process`
    return {
      rows: [
        { name: 'files scanned', value: fileCount / scan.seconds, unit: '/s', note },
        {
          name: 'scan ÷ bare starts of ffprobe for the same files, one after another',
          value: scan.seconds / fileCount / (bare.seconds / bareStarts),
          unit: '×',
          note: 'below 1 is quicker',
        },
        {
          name: 'files scanned that need ffprobe',
          value: otherCount / other.seconds,
          unit: '/s',
          note: `${otherCount} Matroska files; two starts each`,
        },
        {
          name: 'scan of those ÷ bare starts of ffprobe, one after another',
          value: other.seconds / otherCount / (bare.seconds / bareStarts),
          unit: '×',
          note: 'several at once',
        },
        { name: 'scan again, nothing changed', value: fileCount / again.seconds, unit: 'files/s', note },
      ],
    }
  } finally {
    library.close()
    database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Copies of one video, each with a content of its own: bytes after the end of a file change nothing of it. */
async function writeVideos(folder: string, container: 'mp4' | 'mkv', count: number): Promise<string[]> {
  await mkdir(folder)
  const first = join(folder, `0.${container}`)
  await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=96x64:rate=10:duration=1',
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    first,
  ])
  const bytes = await readFile(first)
  const files = [first]
  for (let number = 1; number < count; number += 1) {
    const file = join(folder, `${number}.${container}`)
    const free = container === 'mp4' ? freeBox(number) : voidElement(number)
    await writeFile(file, Buffer.concat([bytes, free]))
    files.push(file)
  }
  return files
}

function freeBox(number: number): Buffer {
  const box = Buffer.alloc(16)
  box.writeUInt32BE(16, 0)
  box.write('free', 4, 'latin1')
  box.writeUInt32BE(number, 8)
  return box
}

/** RFC 9559: an element that is passed over. */
function voidElement(number: number): Buffer {
  const element = Buffer.from([0xec, 0x84, 0, 0, 0, 0])
  element.writeUInt32BE(number, 2)
  return element
}
