import { relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { repeatedNames, wholeText } from '../../files/json-document.ts'
import type { Problems } from './problems.ts'

interface ReadFiles {
  /** The files that were read, by their paths inside the folder. */
  readonly read: ReadonlySet<string>
  readonly problems: Problems
  readonly signal: AbortSignal
}

/** Tells entries of JSON objects, as those of ActivityNet Captions are, that are there twice. */
export async function warnOfRepeatedEntries(
  folder: LabelledFolder,
  { read, problems, signal }: ReadFiles,
): Promise<void> {
  for (const path of folder.annotations) {
    const name = relative(folder.path, path)
    if (!read.has(name) || !/\.json$/i.test(path)) continue
    const text = await wholeText(await folder.text(path, signal))
    for (const entry of text === null ? [] : repeatedNames(text)) {
      problems.add('duplicate', {
        severity: 'error',
        sentence: english`The file has an entry of this name more than once; the last of them is read.`,
        example: `${name}: ${entry}`,
      })
    }
  }
}
