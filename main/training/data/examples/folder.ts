import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { DatasetChoice } from '../../../api/training/datasets.ts'
import { isHidden } from '../../../library/folders/video-files.ts'
import type { FoundFile } from '../../../library/folders/walk.ts'
import { walk } from '../../../library/folders/walk.ts'
import { fileProblem } from '../../../storage/files/file-problem.ts'
import { openTextFile } from '../files/text-file.ts'
import type { TextFile } from '../files/text-file.ts'
import { readShards } from './shards.ts'
import type { Shard } from './shards.ts'
import { VideoIndex } from './video-index.ts'

/** What lies in a labelled folder: files that may be annotations, and videos. */
export interface LabelledFolder {
  readonly path: string
  /** Absolute paths, sorted; captions beside videos are not among them. */
  readonly annotations: readonly string[]
  readonly files: readonly FoundFile[]
  readonly videos: VideoIndex
  /** Folders inside that of the videos, as they were walked through. */
  readonly folders: readonly string[]
  /** Archives of videos and their texts, which are read in place. */
  readonly shards: readonly Shard[]
  /** What the user said of annotations that can be read in several ways. */
  readonly answers: Answers
  /** An annotation file as text; its encoding is found once. */
  text(file: string, signal: AbortSignal): Promise<TextFile>
}

export type Answers = Pick<DatasetChoice, 'tiers' | 'frameRate'>

const annotation = /\.(jsonl|json|csv|tsv|txt|mdb|eaf|parquet|tar)$/i
/** Annotations lie in the folder itself or one below, as in `annotations/train.json`. */
const annotationDepth = 1

/** Lists a labelled folder. @throws ExpectedError when a folder cannot be read. */
export async function openLabelledFolder(
  { folder, videos, tiers, frameRate }: Pick<DatasetChoice, 'folder' | 'videos'> & Answers,
  signal: AbortSignal,
): Promise<LabelledFolder> {
  const home = await folderAt(folder)
  const videoHome = videos === null ? home : await folderAt(videos)
  const folders: string[] = []
  const { files } = await walk(videoHome, {
    ...{ home: videoHome, recursive: true, belongsElsewhere: () => false, signal },
    onFolder: path => folders.push(path),
  })
  const shards = await readShards(home, signal)
  const captions = new Set(files.flatMap(({ captionFiles }) => captionFiles))
  const annotations = (await annotationFiles(home, annotationDepth)).filter(file => !captions.has(file))
  const texts = new Map<string, Promise<TextFile>>()
  return {
    path: home,
    annotations,
    files,
    folders,
    answers: { ...(tiers && { tiers }), ...(frameRate !== undefined && { frameRate }) },
    videos: new VideoIndex(videoHome, [
      ...files.map(file => file.path),
      ...shards.flatMap(({ samples }) => samples.flatMap(({ video }) => video ?? [])),
    ]),
    shards,
    text(file, stop) {
      const text = texts.get(file) ?? openTextFile(file, stop)
      texts.set(file, text)
      return text
    },
  }
}

async function folderAt(folder: string): Promise<string> {
  try {
    const real = await realpath(folder)
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    throw new ExpectedError('folder-unreadable', fileProblem(folder, error), { cause: error })
  }
  throw new ExpectedError(
    'folder-unreadable',
    `${folder} is a file: choose the folder that holds the videos and their labels.`,
  )
}

async function annotationFiles(folder: string, depth: number): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isHidden(name))
  const nested =
    depth > 0
      ? await Promise.all(
          entries
            .filter(entry => entry.isDirectory())
            .map(({ name }) => annotationFiles(join(folder, name), depth - 1)),
        )
      : []
  return [
    ...entries.filter(entry => entry.isFile() && annotation.test(entry.name)).map(({ name }) => join(folder, name)),
    ...nested.flat(),
  ].sort()
}
