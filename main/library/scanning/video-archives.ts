import { basename } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import { isVideoFile } from '../folders/video-files.ts'

/** Archives to look into, and members of each: shards have a video among their first. */
const archivesTried = 3
const membersTried = 20

/**
 * The first of some tar archives that holds videos, as shards of WebDataset do; null where none of the first does.
 * What cannot be read is no such archive. @throws the abort reason.
 */
export async function firstWithVideos(archives: readonly string[], signal: AbortSignal): Promise<string | null> {
  for (const path of archives.slice(0, archivesTried)) {
    try {
      const input = { path, texts: [], most: membersTried }
      const { members } = await readApart('tar', input, { file: basename(path), signal })
      if (members.some(({ name }) => isVideoFile(name))) return path
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError)) throw error
    }
  }
  return null
}
