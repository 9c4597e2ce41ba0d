import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { isHidden, isVideoFile } from '../../../library/folders/video-files.ts'
import type { TarListing } from '../../../reading-process/files/tar-file.ts'
import { readApart } from '../../../reading-process/reading-process.ts'
import { packedPath } from '../../../storage/files/packed-file.ts'

/** Files of one name in an archive: a video and what is said of it. */
export interface Sample {
  readonly key: string
  /** Its path in the archive, which is opened as any other; null where there is none. */
  readonly video: string | null
  /** Texts by the extensions of their files, as `txt`, `json`, `cls`. */
  readonly texts: Readonly<Record<string, string>>
}

/** A tar archive of videos as WebDataset has them. */
export interface Shard {
  readonly path: string
  readonly samples: readonly Sample[]
  /** What is wrong with it: the end of a sentence; null when nothing is. */
  readonly problem: string | null
}

const texts = ['.txt', '.json', '.cls']
/** Shards lie in the folder itself or one below. */
const shardDepth = 1

/** The archives of a labelled folder that hold videos. @throws the file system's error; the abort reason. */
export async function readShards(home: string, signal: AbortSignal): Promise<Shard[]> {
  const shards: Shard[] = []
  for (const path of await archives(home, shardDepth)) {
    signal.throwIfAborted()
    try {
      const listing = await readApart('tar', { path, texts }, { file: basename(path), signal })
      shards.push({ path, samples: samplesOf(path, listing), problem: listing.problem })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError)) throw error
      const problem = english`cannot be read: ${error.message.replaceAll(path, basename(path)).replace(/\.$/, '')}`
      shards.push({ path, samples: [], problem })
    }
  }
  return shards
}

async function archives(folder: string, depth: number): Promise<string[]> {
  const found: string[] = []
  for (const entry of (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isHidden(name))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth > 0) found.push(...(await archives(path, depth - 1)))
    else if (entry.isFile() && /\.tar$/i.test(entry.name)) found.push(path)
  }
  return found.sort()
}

/** WebDataset's rule: the name up to its first dot tells samples apart, with the folder that it is in. */
function samplesOf(archive: string, { members }: TarListing): Sample[] {
  const samples = new Map<string, { key: string; video: string | null; texts: Record<string, string> }>()
  for (const { name, start, end, text } of members) {
    const file = name.split('/').at(-1) ?? name
    if (isHidden(file)) continue
    const dot = file.indexOf('.')
    if (dot <= 0) continue
    const key = name.slice(0, name.length - file.length + dot)
    const extension = file.slice(dot + 1).toLowerCase()
    const sample = samples.get(key) ?? { key, video: null, texts: {} }
    samples.set(key, sample)
    if (text !== null) sample.texts[extension] = text
    else if (isVideoFile(file)) sample.video ??= packedPath({ archive, start, end }, file)
  }
  return [...samples.values()]
}
