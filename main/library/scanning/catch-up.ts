import { dirname } from 'node:path'
import { stampText } from '../../storage/files/file-identity.ts'
import { walk } from '../folders/walk.ts'
import type { FoundFile } from '../folders/walk.ts'
import type { Library } from '../videos/library.ts'
import type { VideoRecord } from '../videos/video-records.ts'
import type { ScannedDirectory } from './scan.ts'

/** Records read at once. */
const batchSize = 5000

/**
 * Which directories of the opened folders are not as the library knows them: for what happened while nobody watched.
 * Nothing is written and no file is read.
 */
export async function changedDirectories(library: Library, signal: AbortSignal): Promise<ScannedDirectory[]> {
  const changed = new Map<string, ScannedDirectory>()
  for (const { id, path: directory, realPath } of library.opened.opened()) {
    const problem = library.folders().find(folder => folder.id === id)?.problem ?? null
    let files: FoundFile[]
    try {
      files = (
        await walk(directory, {
          home: realPath,
          recursive: true,
          belongsElsewhere: library.opened.belongsElsewhere(id),
          signal,
        })
      ).files
    } catch {
      signal.throwIfAborted()
      if (problem === null) changed.set(directory, { directory, recursive: true })
      continue
    }
    if (problem !== null) changed.set(directory, { directory, recursive: true })
    const found = new Map(files.map(file => [file.path, file]))
    const note = (file: string): void => {
      const parent = dirname(file)
      if (!changed.has(parent)) changed.set(parent, { directory: parent, recursive: false })
    }
    for (let batch = [] as VideoRecord[], after = ''; ; after = batch.at(-1)?.path ?? '') {
      batch = library.records.in({ folderId: id, directory, recursive: true }, after, batchSize)
      for (const record of batch) {
        if (!isAsKnown(record, found.get(record.path))) note(record.path)
        found.delete(record.path)
      }
      if (batch.length < batchSize) break
    }
    for (const file of found.keys()) note(file)
  }
  return [...changed.values()]
}

function isAsKnown(record: VideoRecord, file: FoundFile | undefined): boolean {
  if (!file) return record.state === 'missing'
  // What is new a scan is about to examine.
  if (record.state === 'new') return true
  return record.state !== 'missing' && record.stamp === stampText(file) && record.captionStamp === file.captionStamp
}
