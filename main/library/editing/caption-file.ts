import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileState } from '../captions/caption-drafts.ts'
import { CaptionFiles, readCaptionSource } from '../captions/captions.ts'
import type { CaptionSource } from '../captions/captions.ts'

/** The captions beside a video as they are now; `source` null where there are none that can be read. */
export interface CaptionsNow {
  readonly source: CaptionSource | null
  readonly state: FileState
}

/**
 * Reads the first caption file of a video that can be read, as a scan does. Never throws for what a file has wrong.
 * @param frameRate frames a second of the video; null: not known.
 */
export async function captionsNow(video: string, frameRate: number | null): Promise<CaptionsNow> {
  const folder = dirname(video)
  const files = new CaptionFiles(await readdir(folder).catch(() => []))
  for (const name of files.of(basename(video))) {
    const source = await readCaptionSource(join(folder, name), frameRate).catch(() => null)
    if (source) return { source, state: { file: source.file, hash: hashOf(source.bytes), sentences: source.sentences } }
  }
  return { source: null, state: { file: null, hash: null, sentences: [] } }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
