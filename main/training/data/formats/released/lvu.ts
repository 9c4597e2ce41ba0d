import { basename, dirname, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { hasLineOf, textLines } from '../../files/text-lines.ts'
import { fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'

/**
 * LVU's lists (`lvu_1.0/scene/train.csv`), as chaoyuaw/lvu reads them: below a header, lines parted by spaces that
 * begin with the number of the class and have the video last but one.
 */
const line = /^(\d+)\s+(?:[^,;]*\s)?([\w-]{6,})\s+[^,;\s]+$/
const header = /^[a-z_]+(\s+[a-z_]+)+$/i
/** What is no class but a number to be predicted. */
const regressions = ['view_count', 'like_ratio']

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.csv$/i.test(name))
const taskOf = (file: string) => basename(dirname(file))

async function listsOf(folder: LabelledFolder, signal: AbortSignal): Promise<string[]> {
  const lists: string[] = []
  for (const file of candidates(folder)) {
    if (await hasLineOf(await folder.text(file, signal), line, header)) lists.push(file)
  }
  return lists
}

export const lvu: Format = {
  id: 'lvu',
  tasks: ['video-classification'],
  async fits(folder, signal) {
    return (await listsOf(folder, signal)).length > 0
  },
  async *read(folder, signal) {
    const lists = await listsOf(folder, signal)
    const tasks = new Set(lists.map(taskOf))
    for (const file of lists) {
      const text = await folder.text(file, signal)
      yield* fileNotes(folder, text)
      const task = taskOf(file)
      if (tasks.size > 1 || regressions.includes(task)) {
        const why =
          tasks.size > 1
            ? english`is one of ${tasks.size} tasks (${[...tasks].join(', ')}), whose classes have the same numbers; choose the folder of one`
            : english`is of ${task}, which has no classes`
        yield { source: relative(folder.path, file), problem: why }
        continue
      }
      for await (const { line: number, said } of textLines(text)) {
        if (number === 1 && header.test(said)) continue
        const source = sourceOf(folder, file, number)
        const [, label, name] = line.exec(said) ?? []
        if (label === undefined || name === undefined) {
          yield { source, problem: english`is no line of a class number and a video, as LVU has them` }
        } else {
          yield {
            source,
            split: splitOfFile(folder, file),
            near: nearOf(folder, file),
            content: { type: 'class', video: wholeVideo(name), label: Number(label) },
          }
        }
      }
    }
  },
}
