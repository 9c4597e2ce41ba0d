import { basename } from 'node:path'
import type { Split } from '../../../api/training/datasets.ts'
import type { AbsentRow, Dataset } from '../../data/datasets/dataset.ts'
import { videosOf } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'

/** The rows of a split: those that can be evaluated, and those whose videos are not there. */
export interface SplitRows {
  readonly examples: readonly Example[]
  readonly absent: readonly AbsentRow[]
}

export function rowsOfSplit({ examples, withoutVideo }: Dataset, split: Split): SplitRows {
  return {
    examples: examples.filter(example => example.split === split),
    absent: withoutVideo.filter(row => row.split === split),
  }
}

/** Those of the files that a protocol's rows are in; all where no file has such a name. */
export function rowsInFiles({ examples, absent }: SplitRows, files: RegExp | undefined): SplitRows {
  const isIn = ({ source }: { readonly source: string }) => files?.test(fileOf(source)) ?? true
  const found = { examples: examples.filter(isIn), absent: absent.filter(isIn) }
  return found.examples.length + found.absent.length > 0 ? found : { examples, absent }
}

/** The name of a row's file: a source begins with its path, before a line or an entry. */
const fileOf = (source: string): string => basename(source.replace(/:.*$/s, ''))

/** What the videos of rows are called in the annotation, without folder, extension and `v_`, each once. */
export function namesOf({ examples, absent }: SplitRows, { videoNames }: Dataset): Set<string> {
  const named = examples.flatMap(({ content }) =>
    content.type === 'moments'
      ? [content.vid]
      : videosOf(content).map(({ path }) => videoNames.get(path) ?? basename(path)),
  )
  return new Set([...named, ...absent.flatMap(({ videos }) => videos)].map(bareName))
}

function bareName(name: string): string {
  return basename(name.replaceAll('\\', '/'))
    .replace(/\.(mp4|mkv|webm|avi|mov|m4v|mpg|3gp)$/i, '')
    .replace(/^v_/, '')
}
