import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { largestUpload } from '../../api/common/rules.ts'
import { inputUrl } from '../../media/ffmpeg/input.ts'
import { runTool } from '../../media/ffmpeg/tool.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { processExists } from '../../processes/process-exists.ts'

export interface UploadPart {
  readonly upload: string | null
  readonly name: string
  readonly kind: 'image' | 'video'
  /** Base64. */
  readonly data: string
  readonly last: boolean
}

/** A file that is searched with; a still picture is a video of one frame. */
export interface QueryFile {
  readonly name: string
  readonly kind: UploadPart['kind']
  readonly path: string
  readonly info: MediaInfo
}

interface Upload extends Omit<QueryFile, 'path' | 'info'> {
  readonly folder: string
  bytes: number
  opened: Promise<QueryFile> | null
}

/** Kept at a time. */
const mostFiles = 8

/**
 * Files that a window brought to search with, in a folder of this process below the cache, which goes when it ends.
 */
export class QueryFiles {
  readonly #root: string
  readonly #folder: string
  readonly #probe: (path: string) => Promise<MediaInfo>
  readonly #uploads = new Map<string, Upload>()

  constructor(cacheDirectory: string, probe: (path: string) => Promise<MediaInfo>) {
    this.#root = join(cacheDirectory, 'query-files')
    this.#folder = join(this.#root, String(process.pid))
    this.#probe = probe
  }

  /** Deletes what processes have left that are gone. */
  async tidy(): Promise<void> {
    for (const name of await readdir(this.#root).catch(() => [])) {
      if (!processExists(Number(name))) await rm(join(this.#root, name), { recursive: true, force: true })
    }
  }

  /** @throws ExpectedError `query-too-large`, `query-gone`; with the last part also when the file is of no use. */
  async receive(part: UploadPart): Promise<string> {
    const id = part.upload ?? randomBytes(12).toString('hex')
    const upload = part.upload === null ? await this.#begin(id, part) : this.#find(id)
    const bytes = Buffer.from(part.data, 'base64')
    upload.bytes += bytes.length
    if (upload.bytes > largestUpload) {
      await this.#drop(id)
      throw new ExpectedError(
        'query-too-large',
        `${part.name} is larger than ${largestUpload / 1e6} MB, which is as much as can be searched with: cut the part out that matters, or open the file in the library.`,
      )
    }
    await appendFile(join(upload.folder, 'received'), bytes)
    if (part.last) {
      try {
        await this.open(id)
      } catch (error) {
        await this.#drop(id)
        throw error
      }
    }
    return id
  }

  /** @throws ExpectedError `query-gone`, or what makes the file useless. */
  open(id: string): Promise<QueryFile> {
    const upload = this.#find(id)
    return (upload.opened ??= this.#look(upload))
  }

  async close(): Promise<void> {
    this.#uploads.clear()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #begin(id: string, { name, kind }: UploadPart): Promise<Upload> {
    const folder = join(this.#folder, id)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const upload: Upload = { name, kind, folder, bytes: 0, opened: null }
    this.#uploads.set(id, upload)
    const [oldest] = this.#uploads.keys()
    if (this.#uploads.size > mostFiles && oldest !== undefined) await this.#drop(oldest)
    return upload
  }

  async #look({ name, kind, folder }: Upload): Promise<QueryFile> {
    const received = join(folder, 'received')
    const path = kind === 'image' ? join(folder, 'picture.mkv') : received
    if (kind === 'image') await wrapPicture(received, path, name)
    try {
      return { name, kind, path, info: await this.#probe(path) }
    } catch (error) {
      // The user knows the file by its own name.
      if (error instanceof ExpectedError) throw new ExpectedError(error.code, error.message.replaceAll(path, name))
      throw error
    }
  }

  #find(id: string): Upload {
    const upload = this.#uploads.get(id)
    if (upload) return upload
    throw new ExpectedError('query-gone', 'The file that was searched with is not kept any more: choose it again.')
  }

  async #drop(id: string): Promise<void> {
    const upload = this.#uploads.get(id)
    this.#uploads.delete(id)
    if (upload) await rm(upload.folder, { recursive: true, force: true })
  }
}

/** A JPEG as a video of one frame, its bytes as they are: from here on it is sampled as every video. */
async function wrapPicture(picture: string, out: string, name: string): Promise<void> {
  const input = ['-protocol_whitelist', 'file', '-f', 'mjpeg', '-i', inputUrl(picture)]
  const output = ['-frames:v', '1', '-c:v', 'copy', '-f', 'matroska', inputUrl(out)]
  const { exitCode } = await runTool('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...input, ...output])
  const size = await stat(out).then(
    found => found.size,
    () => 0,
  )
  if (exitCode === 0 && size > 0) return
  throw new ExpectedError('video-undecodable', `${name} is no picture that can be read: choose a JPEG or PNG file.`)
}
