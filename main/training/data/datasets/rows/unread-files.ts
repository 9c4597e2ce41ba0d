import { extname, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import type { RowProblem } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { wholeText } from '../../files/json-document.ts'
import { linesOf, parseJson } from '../../files/lines.ts'

/** Lines to look at before saying that a file has none that can be read. */
const linesToTry = 5

/**
 * Annotation files that no format took for its own because they are damaged: those named for JSON that hold none. What
 * is whole and of another format is no fault.
 * @param read the files that were read, by their paths inside the folder.
 */
export async function* unreadFiles(
  folder: LabelledFolder,
  read: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<RowProblem> {
  for (const path of folder.annotations) {
    const source = relative(folder.path, path)
    if (read.has(source) || !['.json', '.jsonl'].includes(extname(path).toLowerCase())) continue
    const text = await folder.text(path, signal)
    let [tried, problem] = [0, null as string | null]
    for await (const line of linesOf(text)) {
      problem = line.problem
      if (problem === null || ++tried === linesToTry) break
    }
    if (problem === null) continue
    const whole = await wholeText(text)
    const fault = whole === null ? problem : parseJson(whole).problem
    if (fault !== null) yield { source, problem: english`is a whole file that ${fault}` }
  }
}
