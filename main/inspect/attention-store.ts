import { createHash } from 'node:crypto'
import { readFile, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { CachedFiles } from '../storage/files/cached-files.ts'
import { readAttention, writeAttention } from './attention-file.ts'
import type { AttentionMaps } from './attention-file.ts'
import { RecentlyUsed } from './recently-used.ts'

/** At full size the maps of a video are 0.7 MB. */
const keptInMemory = 16
const keptOnDisk = 500

/** Attention maps by video content and overview key: the last few in memory, some hundred on disk. */
export class AttentionStore {
  readonly #folder: string
  readonly #files: CachedFiles
  readonly #memory = new RecentlyUsed<AttentionMaps>(keptInMemory)

  /** `folder` is made when it is needed; everything in it can be computed again. */
  constructor(folder: string, files: CachedFiles) {
    this.#folder = folder
    this.#files = files
  }

  async get(contentId: string, key: string): Promise<AttentionMaps | null> {
    const file = this.#file(contentId, key)
    const kept = this.#memory.get(file)
    if (kept) return kept
    const bytes = await readFile(file).catch(() => null)
    const maps = bytes && readAttention(bytes)
    if (!maps) return null
    this.#memory.set(file, maps)
    // The time of last use decides which file goes first.
    await utimes(file, new Date(), new Date()).catch(() => undefined)
    return maps
  }

  async put(contentId: string, key: string, maps: AttentionMaps): Promise<void> {
    const file = this.#file(contentId, key)
    this.#memory.set(file, maps)
    await this.#files.write(file, writeAttention(maps))
    await this.#prune()
  }

  #file(contentId: string, key: string): string {
    return join(
      this.#folder,
      `${createHash('sha256').update(`${contentId}\n${key}`).digest('hex').slice(0, 32)}.attention`,
    )
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#folder).catch(() => [])).filter(name => name.endsWith('.attention'))
    if (names.length <= keptOnDisk) return
    const files = await Promise.all(
      names.map(async name => {
        const file = join(this.#folder, name)
        return { file, used: (await stat(file).catch(() => null))?.mtimeMs ?? 0 }
      }),
    )
    const surplus = files.sort((a, b) => a.used - b.used).slice(0, files.length - keptOnDisk)
    await Promise.all(surplus.map(({ file }) => rm(file, { force: true })))
  }
}
