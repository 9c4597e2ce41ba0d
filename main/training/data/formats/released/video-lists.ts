import { parse } from 'node:path'
import type { Split } from '../../../../api/training/datasets.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { TextFile } from '../../files/text-file.ts'
import { splitNamed } from '../reading/format.ts'
import { tidyName } from '../tables/table-columns.ts'

/** A file that says of videos by their names alone which split they are in: MSR-VTT's `MSRVTT_train.9k.csv`. */
export interface VideoList {
  readonly text: TextFile
  readonly split: Split
  readonly videos: readonly string[]
}

const headers = ['videoid', 'video', 'videoname', 'vid', 'name', 'id']

/** The lists of a folder: files that are named for a split and hold one name a line, with or without a header. */
export async function videoLists(folder: LabelledFolder, signal: AbortSignal): Promise<VideoList[]> {
  const lists: VideoList[] = []
  for (const file of folder.annotations.filter(name => /\.(csv|txt)$/i.test(name))) {
    const split = splitNamed(parse(file).name)
    if (split === null) continue
    const text = await folder.text(file, signal)
    const videos = await namesIn(text)
    if (videos) lists.push({ text, split, videos })
  }
  return lists
}

/** Null for a file that says more than a name a line. */
async function namesIn(text: TextFile): Promise<string[] | null> {
  const names: string[] = []
  let rest = ''
  const take = (lines: readonly string[]): boolean => {
    const found = lines.map(line => line.trim().replace(/^"(.*)"$/, '$1')).filter(line => line !== '')
    if (found.some(line => /[\s,;|{}]/.test(line))) return false
    for (const name of found) names.push(name)
    return true
  }
  for await (const chunk of text.chunks()) {
    const lines = (rest + chunk).split(/[\r\n]+/)
    rest = lines.pop() ?? ''
    if (!take(lines)) return null
  }
  if (!take([rest])) return null
  const [first = ''] = names
  const videos = headers.includes(tidyName(first)) ? names.slice(1) : names
  return videos.length === 0 ? null : videos
}

/** The split of each video by its name. */
export function splitsOf(lists: readonly VideoList[]): Map<string, Split> {
  return new Map(lists.flatMap(({ split, videos }) => videos.map(name => [name, split] as const)))
}
