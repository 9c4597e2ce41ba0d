import { mkdir, readdir, rm, stat, statfs, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull } from '../../../native-models/disk-full.ts'
import { english } from '../../../native-models/english.ts'
import { sweepLeftOvers } from '../../storage/files/left-overs.ts'
import { partName, readFrameFile, writeFrameFile } from './frame-file.ts'
import type { FrameSequence } from './frame-file.ts'

/** Where decoded frames are kept, and how much of them. */
export interface FrameStoreChoice {
  readonly directory: string
  /** Bytes. */
  readonly limit: number
  /** Milliseconds since the epoch: what was used since then is still needed and is not given up for something new. */
  readonly since: number
}

/** Other processes write as well: after so large a part of the limit, what is there is looked at again. */
const lookAgain = 1 / 16
/** A use is not noted again for so long, in milliseconds. */
const noteEvery = 60_000
/** Checkpoints and the system need room too: so much of the disk stays free, but no more than so many bytes. */
const freePart = 0.05
const freeBytes = 2 * 1024 ** 3

interface Entry {
  readonly size: number
  used: number
}

/**
 * Decoded frames on the disk, by keys of hexadecimal digits. It is bounded: what was used longest ago goes first; what
 * is needed by the present work stays, because work that goes round and round would else find that just the next was
 * given up. Several processes can use one directory, and none needs to end well: a damaged file counts as none. Nothing
 * here fails for want of space.
 */
export class FrameStore {
  readonly #directory: string
  readonly #entries = new Map<string, Entry>()
  #choice: FrameStoreChoice
  #total = 0
  #unseen = Infinity
  #turn: Promise<unknown> = Promise.resolve()
  #writes = true
  #notices: string[] = []

  constructor(choice: FrameStoreChoice) {
    this.#directory = choice.directory
    this.#choice = choice
  }

  /** Another limit, or other work. */
  choose(choice: FrameStoreChoice): void {
    const { limit, since } = this.#choice
    if (limit === choice.limit && since === choice.since) return
    this.#choice = choice
    this.#unseen = Infinity
    this.#writes = true
  }

  /** Whether what is written may be kept. */
  get writes(): boolean {
    return this.#writes
  }

  /** Sentences that were not given before. */
  takeNotices(): string[] {
    return this.#notices.splice(0)
  }

  /** @param size bytes of a frame. @returns null when they are not kept. */
  async read(key: string, size: number, positions: readonly number[]): Promise<FrameSequence | null> {
    const file = this.#file(key)
    try {
      const found = await readFrameFile(file, size, positions)
      if (found) await this.#noteUse(key, file)
      else await rm(file, { force: true })
      return found
    } catch {
      return null
    }
  }

  /** Keeps frames if there is room for them. */
  async write(key: string, sequence: FrameSequence): Promise<void> {
    const size = sequence.frames.length
    if (!this.#writes || size > this.#choice.limit) return
    try {
      if (!(await this.#inTurn(() => this.#makeRoom(size)))) return
      const folder = join(this.#directory, key.slice(0, 2))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFrameFile(folder, `${key}.frames`, sequence)
      this.#entries.set(key, { size, used: Date.now() })
    } catch (error) {
      // Whoever empties the cache meanwhile takes the folder away: these frames are then not kept.
      if (reasonOf(error) !== 'ENOENT') {
        this.#stop(isDiskFull(error) ? english`the disk is full` : english`they cannot be written (${reasonOf(error)})`)
      }
    }
  }

  /** Room for so many bytes, which then count as used. */
  async #makeRoom(size: number): Promise<boolean> {
    const { limit, since } = this.#choice
    if (!this.#writes) return false
    if (this.#unseen > limit * lookAgain || this.#total + size > limit) await this.#look()
    if (this.#total + size > limit) {
      const old = [...this.#entries].filter(([, { used }]) => used < since).sort(([, a], [, b]) => a.used - b.used)
      // A part at once: every look reads all that is there, which in a full cache would come before each write.
      const enough = limit * (1 - lookAgain)
      for (const [key, entry] of old) {
        if (this.#total + size <= enough) break
        await this.#remove(key, entry)
      }
    }
    if (this.#total + size > limit) {
      this.#stop(english`the frame cache is full (${gigabytes(limit)}); a larger one would make later epochs faster`)
      return false
    }
    const { bavail, blocks, bsize } = await statfs(this.#directory)
    if (bavail * bsize - size < Math.min(freeBytes, blocks * bsize * freePart)) {
      this.#stop(english`the disk is almost full`)
      return false
    }
    this.#total += size
    this.#unseen += size
    return true
  }

  /** Reads what is there; removes what a crash left and what a smaller limit has no room for. */
  async #look(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    this.#entries.clear()
    for (const { key, size, used } of await cachedFrames(this.#directory)) this.#entries.set(key, { size, used })
    this.#total = [...this.#entries.values()].reduce((sum, { size }) => sum + size, 0)
    this.#unseen = 0
    for (const [key, entry] of [...this.#entries].sort(([, a], [, b]) => a.used - b.used)) {
      if (this.#total <= this.#choice.limit) break
      await this.#remove(key, entry)
    }
  }

  async #remove(key: string, { size }: Entry): Promise<void> {
    await rm(this.#file(key), { force: true })
    this.#entries.delete(key)
    this.#total -= size
  }

  async #noteUse(key: string, file: string): Promise<void> {
    const now = Date.now()
    const entry = this.#entries.get(key)
    if (entry && now - entry.used < noteEvery && entry.used >= this.#choice.since) return
    if (entry) entry.used = now
    await utimes(file, now / 1000, now / 1000).catch(() => undefined)
  }

  #stop(why: string): void {
    if (!this.#writes) return
    this.#writes = false
    this.#notices.push(
      english`Decoded frames are no longer kept: ${why}. What is not kept is decoded again in every epoch.`,
    )
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  #file(key: string): string {
    return join(this.#directory, key.slice(0, 2), `${key}.frames`)
  }
}

/** What is kept in a directory; parts that dead processes left are removed. Nothing, where there is none. */
export async function cachedFrames(directory: string): Promise<{ key: string; size: number; used: number }[]> {
  const found: { key: string; size: number; used: number }[] = []
  for (const folder of await readdir(directory).catch(() => [])) {
    await sweepLeftOvers(join(directory, folder), name => partName.test(name))
    for (const name of await readdir(join(directory, folder)).catch(() => [])) {
      const file = join(directory, folder, name)
      const entry = name.endsWith('.frames') ? await stat(file).catch(() => null) : null
      if (entry?.isFile()) found.push({ key: name.slice(0, -'.frames'.length), size: entry.size, used: entry.mtimeMs })
    }
  }
  return found
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

const gigabytes = (bytes: number): string => `${Number((bytes / 1e9).toPrecision(3))} GB`
