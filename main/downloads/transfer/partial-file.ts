import { open, readFile, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { uptime } from 'node:os'
import { z } from 'zod'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { english } from '../../../native-models/english.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { renameSynced } from '../../storage/files/sync.ts'

/** What must be known to go on with a half-downloaded file after this process is gone. */
const origin = z.object({
  url: z.string(),
  /** Strong ETag or modification date of the version that was begun; null when the server gave none. */
  version: z.string().nullable(),
  size: z.number().nullable(),
  sha256: z.string().nullable(),
  /** The job that downloads it. */
  jobId: z.number().int(),
  /** Bytes that a failure of the power leaves whole, and when the system was started during which more were written. */
  synced: z.number().int().default(0),
  systemStart: z.number().optional(),
})
export type Origin = z.infer<typeof origin>

/** After so many bytes what has arrived is forced onto the disk. */
const syncEvery = 64 * 1024 ** 2
/** Milliseconds by which the time of the system's start may seem another while it runs on. */
const startTolerance = 10_000

/** By the clock, in milliseconds since the epoch; a clock that is set seems another start, which costs little. */
const systemStart = (): number => Math.round(Date.now() - 1000 * uptime())

const partOf = (target: string) => `${target}.part`
const originOf = (target: string) => `${target}.part.json`

/** The bytes of a file that have arrived so far, beside the place where the whole file will be. */
export class PartialFile {
  readonly target: string
  #handle: FileHandle
  #origin: Origin
  #size: number

  private constructor(
    target: string,
    { handle, from, size }: { readonly handle: FileHandle; readonly from: Origin; readonly size: number },
  ) {
    this.target = target
    this.#handle = handle
    this.#origin = from
    this.#size = size
  }

  /** Takes up what an earlier download of the same URL has left, or begins an empty file. The folder must exist. */
  static async open(target: string, url: string, jobId: number): Promise<PartialFile> {
    const earlier = await readOrigin(target)
    const resumes = earlier !== null && earlier.url === url
    if (!resumes) await removePart(target)
    // Appending, so that after a truncation the next byte is the first again.
    const handle = await open(partOf(target), 'a')
    const start = systemStart()
    // What was not forced onto the disk before the system ended may be nothing but zeros.
    if (resumes && Math.abs(start - (earlier.systemStart ?? start)) > startTolerance) {
      await handle.truncate(Math.min(earlier.synced, (await handle.stat()).size))
    }
    const part = new PartialFile(target, {
      handle,
      from: {
        ...(resumes ? earlier : { url, version: null, size: null, sha256: null, synced: 0 }),
        jobId,
        systemStart: start,
      },
      size: (await handle.stat()).size,
    })
    await part.describe({})
    return part
  }

  get size(): number {
    return this.#size
  }

  get origin(): Origin {
    return this.#origin
  }

  /** Writes down what is known of the file now, before its bytes are. */
  async describe(changes: Partial<Origin>): Promise<void> {
    this.#origin = { ...this.#origin, ...changes }
    await writeFileAtomic(originOf(this.target), JSON.stringify(this.#origin))
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#handle.appendFile(bytes)
    } catch (error) {
      if (!isDiskFull(error)) throw error
      throw diskFull(
        error,
        english`${this.target} could not be downloaded to its end: the disk`,
        english`free some space and download it again; it goes on from there`,
      )
    }
    this.#size += bytes.byteLength
    if (this.#size - this.#origin.synced >= syncEvery) {
      await this.#handle.sync()
      await this.describe({ synced: this.#size })
    }
  }

  /** Forgets all bytes, to begin anew. */
  async clear(): Promise<void> {
    await this.#handle.truncate(0)
    this.#size = 0
    await this.describe({ synced: 0 })
  }

  /** The whole file appears under its own name. */
  async finish(): Promise<void> {
    await this.#handle.sync()
    await this.#handle.close()
    await renameSynced(partOf(this.target), this.target)
    await rm(originOf(this.target), { force: true })
  }

  /** Ends the writing; what has arrived stays for the next attempt. */
  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** What is left of an interrupted download; null when there is nothing. */
export async function findPart(target: string): Promise<{ received: number; origin: Origin } | null> {
  const from = await readOrigin(target)
  const received = await stat(partOf(target)).then(
    ({ size }) => size,
    () => null,
  )
  return from === null || received === null ? null : { received, origin: from }
}

export async function removePart(target: string): Promise<void> {
  await rm(partOf(target), { force: true })
  await rm(originOf(target), { force: true })
}

async function readOrigin(target: string): Promise<Origin | null> {
  try {
    return origin.parse(JSON.parse(await readFile(originOf(target), 'utf8')))
  } catch {
    // Absent, or not ours: the download begins anew.
    return null
  }
}
