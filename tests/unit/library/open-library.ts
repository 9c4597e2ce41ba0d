import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Job } from '../../../main/api/jobs.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { enqueueScan, scanJob } from '../../../main/library/scanning/scan-job.ts'
import type { ScanPayload } from '../../../main/library/scanning/scan-job.ts'
import type { Probe } from '../../../main/library/videos/examine.ts'
import { Library } from '../../../main/library/videos/library.ts'
import type { MediaInfo } from '../../../main/media/media-info.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

export const keys = { overview: 'overview-key', dense: 'dense-key' }

/** A library on a database of its own, with a folder for videos; `scan` runs a whole scan job. */
export interface TestLibrary {
  readonly directory: string
  readonly videos: string
  readonly database: Database
  readonly library: Library
  readonly queue: JobQueue
  /** Paths that were probed, in their order. */
  readonly probed: string[]
  scan(payload?: ScanPayload): Promise<Job>
  close(): Promise<void>
}

/** Stands for ffprobe: a file that begins with `video` is one, ten seconds long. */
export const plainProbe: Probe = async file => {
  if (!readFileSync(file).subarray(0, 5).equals(Buffer.from('video'))) {
    throw new ExpectedError('not-a-video', `${file} is not a video, whatever its name says.`)
  }
  return info
}

export const info: MediaInfo = {
  duration: 10,
  width: 1280,
  height: 720,
  storedWidth: 1280,
  storedHeight: 720,
  rotation: 0,
  frameRate: 25,
  frameCount: 250,
  frameCountExact: true,
  codec: 'h264',
  pixelFormat: 'yuv420p',
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  hasAudio: true,
  audioCodec: 'aac',
  startTime: 0,
  firstFrameTime: 0,
  stream: 0,
}

export function openTestLibrary(probe: Probe = plainProbe): TestLibrary {
  const directory = mkdtempSync(join(tmpdir(), 'lfvila-library-'))
  const videos = join(directory, 'videos')
  mkdirSync(videos)
  const database = openDatabase(join(directory, 'library.db'))
  const probed: string[] = []
  const library = new Library(database, {
    probe: (file, options) => {
      probed.push(file)
      return probe(file, options)
    },
  })
  const queue = new JobQueue(database)
  queue.define({ scan: { run: scanJob(library) } })
  queue.start()
  return {
    directory,
    videos,
    database,
    library,
    queue,
    probed,
    scan: (payload = { folderIds: null }) => queue.wait(enqueueScan(queue, payload, { title: 'Scanning' }).id),
    close: async () => {
      await queue.close()
      library.close()
      database.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Writes a file that counts as a video, with content of its own unless given; makes its folders. */
export function writeVideo(file: string, content: string | Uint8Array = randomBytes(64)): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, Buffer.concat([Buffer.from('video'), Buffer.from(content)]))
  return file
}

/** Videos with captions; every second one indexed, the others with embeddings of another model. */
export function fillLibrary({ database }: TestLibrary, count: number): void {
  database.transaction(() => {
    const addVideo = database.prepare(`
      INSERT INTO videos (id, path, name, sort_name, state, size, modified_at, stamp, content_id, info, duration, width, height, frame_rate, codec, has_audio, sentences)
      VALUES (?, ?, ?, ?, 'ready', 1000, ?, 'x', ?, ?, 10, 1280, 720, 25, 'h264', 1, 1)`)
    const addText = database.prepare('INSERT INTO search_texts VALUES (?, ?)')
    const addEmbedding = database.prepare(
      `INSERT INTO embeddings (content_id, key, pass, model_hash, rows, created_at) VALUES (?, ?, 'overview', 'm', 1, 0)`,
    )
    for (let i = 1; i <= count; i += 1) {
      const content = ((i * 2654435761) % 2 ** 32).toString(16).padStart(32, '0')
      addVideo.run([
        i,
        `/videos/folder ${i % 100}/clip ${i}.mp4`,
        `clip ${i}.mp4`,
        `clip ${String(i).padStart(12, '0')}.mp4`,
        (i * 7919) % 1e6,
        content,
        JSON.stringify(info),
      ])
      addText.run([i, `clip ${i}.mp4\na red boat number ${i} is on a lake at sunset`])
      addEmbedding.run([content, i % 2 === 0 ? keys.overview : 'another key'])
    }
  })
}
