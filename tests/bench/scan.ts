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
const bareStarts = 40

/** A scan of many small files, against what the starts of ffprobe alone take, one after another. */
export async function benchScan(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-scan-'))
  const database = openDatabase(join(folder, 'library.db'))
  const library = new Library(database, { probe })
  try {
    const videos = join(folder, 'videos')
    const files = await writeVideos(videos)
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
    const note = `${fileCount} files of 1 s, as large as a thumbnail`
    return {
      rows: [
        { name: 'files scanned', value: fileCount / scan.seconds, unit: '/s', note },
        {
          name: 'scan ÷ bare starts of ffprobe for the same files, one after another',
          value: scan.seconds / fileCount / (bare.seconds / bareStarts),
          unit: '×',
          note: 'several at once; below 1 is quicker',
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

/** Copies of one video, each with a content of its own: bytes after the end of an MP4 change nothing of it. */
async function writeVideos(folder: string): Promise<string[]> {
  await mkdir(folder)
  const first = join(folder, '0.mp4')
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
  for (let number = 1; number < fileCount; number += 1) {
    const file = join(folder, `${number}.mp4`)
    const free = Buffer.alloc(16)
    free.writeUInt32BE(16, 0)
    free.write('free', 4, 'latin1')
    free.writeUInt32BE(number, 8)
    await writeFile(file, Buffer.concat([bytes, free]))
    files.push(file)
  }
  return files
}
