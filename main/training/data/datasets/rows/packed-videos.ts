import { basename, parse, relative } from 'node:path'
import { packedFile } from '../../../../storage/files/packed-file.ts'
import { videosOf } from '../../examples/example.ts'
import type { Row } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { picturesIn } from '../../files/picture-folder.ts'
import type { Problems } from './problems.ts'

export const makeOfFrames =
  'Make videos of such folders first: lfvila dataset frames FOLDER --frame-rate RATE --out DIR.'

/** The names of videos that are not there, but folders of their extracted frames. */
export async function namesOfFrames(
  folder: LabelledFolder,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const folders = new Map(folder.folders.map(path => [basename(path), path]))
  const found = new Set<string>()
  for (const row of rows) {
    for (const { name, start, end } of videosOf(row.content)) {
      const path = folders.get(basename(name)) ?? folders.get(parse(name).name)
      if (path === undefined || found.has(name)) continue
      signal.throwIfAborted()
      const near = row.near === undefined ? {} : { near: row.near }
      if (folder.videos.find({ name, start, end, ...near }).files.length > 0) continue
      if (await picturesIn(path)) found.add(name)
    }
  }
  return found
}

const inArchive = {
  severity: 'warning',
  sentence:
    'The videos are read in this archive, for training and evaluation; a library does not list them: to search and play them, unpack it.',
} as const

/** Says of videos in archives what cannot be done with them. @param files paths of videos that rows tell of. */
export function warnOfArchives(folder: LabelledFolder, files: readonly string[], problems: Problems): void {
  for (const archive of new Set(files.flatMap(file => packedFile(file)?.archive ?? []))) {
    problems.add('table', { ...inArchive, example: relative(folder.path, archive) })
  }
}
